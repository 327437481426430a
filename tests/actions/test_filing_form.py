"""The filing dialogue, turn by turn, without Rasa: what it asks next and what it never does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.forms.base import FAILED, REQUESTED_SLOT
from actions.forms.filing import ValidateFileReturnForm
from bot.desk import Desk
from tests.actions.turns import said, turn

FORM = "file_return_form"


class Dialogue:
    """Feeds turns to the form and keeps the slots, as Rasa would."""

    def __init__(self, **slots: Any) -> None:
        self.slots: dict[str, Any] = dict(slots)
        self.said: list[str] = []
        self.was_refused = False

    def hears(self, text: str, intent: str = "inform", **entities: str) -> str | None:
        """Returns the slot that is asked for next."""
        form = FORM if self.slots.get(REQUESTED_SLOT) else None
        talk = turn(text, intent, entities=entities, slots=dict(self.slots), form=form)
        events = [*ValidateFileReturnForm().act(talk)]
        changes = {e["name"]: e["value"] for e in [*talk.events(), *events]}
        self.was_refused = set(changes) == {REQUESTED_SLOT}
        self.slots.update(changes)
        self.said = said(talk)
        asked: str | None = self.slots.get(REQUESTED_SLOT)
        return asked


@pytest.fixture
def lost_parcel(desk: Desk) -> Dialogue:
    """A dialogue about a lost parcel, at its summary."""
    dialogue = Dialogue()
    dialogue.hears(
        "it never came",
        "report_not_received",
        order_number="40010003",
        email="jonas.weber@example.com",
    )
    tapped = '/inform{"choice": "buyer_protection"}'
    assert dialogue.hears(tapped, choice="buyer_protection") == "refund_method"
    assert dialogue.hears("original payment method please") == "confirm"
    return dialogue


def test_the_first_message_is_used_and_only_the_rest_is_asked(desk: Desk) -> None:
    dialogue = Dialogue()
    asked = dialogue.hears(
        "it never came, 40010003", "report_not_received", order_number="40010003"
    )
    assert asked == "email"
    asked = dialogue.hears("jonas.weber@example.com", email="jonas.weber@example.com")
    assert asked == "route"
    assert dialogue.slots["reason"] == "not_arrived"
    assert dialogue.slots["email"] is None, "the address isn't kept"


def test_a_wrong_pair_is_asked_again_from_the_number(desk: Desk) -> None:
    dialogue = Dialogue()
    dialogue.hears("return", "file_return", order_number="40010003")
    assert dialogue.hears("x@example.com", email="x@example.com") == "order_number"
    assert dialogue.said == ["utter_order_not_matched"]


def test_the_summary_comes_last_and_has_a_key(lost_parcel: Dialogue) -> None:
    assert lost_parcel.slots[REQUESTED_SLOT] == "confirm"
    assert len(lost_parcel.slots["filing_key"]) == 32


def test_a_tapped_yes_needs_this_filings_key(lost_parcel: Dialogue) -> None:
    lost_parcel.hears('/affirm{"confirm": "of another one"}', "affirm", confirm="of another one")
    assert lost_parcel.slots.get("confirm") is None
    key = lost_parcel.slots["filing_key"]
    asked = lost_parcel.hears(f'/affirm{{"confirm": "{key}"}}', "affirm", confirm=key)
    assert (asked, lost_parcel.slots["confirm"]) == (None, True)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("ok, how long does it take?", "ask_return_policy"),
        ("sure, why do you ask", "ask_why"),
        ("I have a photo", "inform"),
        ("right now I am busy", "defer"),
        ("true story", "out_of_scope"),
    ],
)
def test_no_other_words_confirm(lost_parcel: Dialogue, text: str, intent: str) -> None:
    assert lost_parcel.hears(text, intent) == "confirm"
    assert lost_parcel.slots.get("confirm") is None


def test_a_message_without_an_answer_is_left_to_the_rules(lost_parcel: Dialogue) -> None:
    lost_parcel.hears("cancel another order of mine", "cancel_order")
    assert lost_parcel.was_refused


def test_a_question_in_between_is_answered_by_the_dialogue(lost_parcel: Dialogue) -> None:
    assert lost_parcel.hears("who pays the shipping?", "ask_return_cost") == "confirm"
    assert not lost_parcel.was_refused


def test_an_intent_that_starts_the_form_asks_again_instead_of_looping(desk: Desk) -> None:
    dialogue = Dialogue()
    dialogue.hears("I want a refund", "file_return")
    assert dialogue.hears("I want my money back!", "file_return") == "order_number"
    assert not dialogue.was_refused


def test_another_order_keeps_the_reason_but_nothing_of_the_item(lost_parcel: Dialogue) -> None:
    asked = lost_parcel.hears("no, wrong order", "correct_order")
    assert asked == "order_number"
    assert lost_parcel.slots["reason"] == "not_arrived"
    for slot in ("items", "route", "refund_method", "filing_key"):
        assert lost_parcel.slots.get(slot) is None


def test_changing_the_refund_method_needs_a_new_yes(lost_parcel: Dialogue) -> None:
    asked = lost_parcel.hears("put it on the bonus instead")
    assert asked == "confirm"
    assert lost_parcel.slots["refund_method"] == "bonus"
    assert lost_parcel.slots.get("confirm") is None


def test_an_answer_that_the_desk_refuses_is_asked_again(desk: Desk) -> None:
    dialogue = Dialogue(delivered_on="2019-01-01")
    asked = dialogue.hears(
        "stopped working",
        "report_stopped_working",
        order_number="40010044",
        email="kofi.mensah@example.org",
    )
    assert asked is not None
    assert dialogue.slots.get("delivered_on") is None


def test_a_desk_that_is_down_ends_the_form_and_keeps_what_is_known(
    desk: Desk, tmp_path: Path
) -> None:
    desk.close()
    (tmp_path / "desk.db").unlink()
    events = ValidateFileReturnForm().on_failure(turn("hello"))
    assert {e["name"]: e["value"] for e in events} == {"outcome": FAILED, REQUESTED_SLOT: None}

"""How far a dialogue has come, as its questions tell."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from actions.forms.filing import ValidateFileReturnForm
from actions.forms.withdrawing import ValidateWithdrawForm
from bot.help_center.memory import Memory
from bot.help_center.progress import DIALOGUES, progress_of
from bot.words import label


def asked(slot: str | None, form: str | None = "file_return_form", **slots: Any) -> Any:
    held = {"requested_slot": slot, **slots}
    return SimpleNamespace(active_loop_name=form, get_slot=held.get)


@pytest.mark.parametrize(
    ("slot", "step"),
    [
        ("order_number", 1),
        ("email", 1),
        ("items", 1),
        ("reason", 2),
        ("seals_removed", 2),
        ("route", 3),
        ("evidence", 4),
        ("refund_method", 4),
        ("confirm", 5),
    ],
)
def test_a_question_of_the_filing_tells_its_stage(slot: str, step: int) -> None:
    told = progress_of(asked(slot))
    assert (told["step"], told["of"]) == (step, 5)
    assert told["text"].startswith(f"Step {step} of 5: ")


def test_a_withdrawal_has_a_count_of_its_own_unless_a_filing_led_to_it() -> None:
    alone = progress_of(asked("withdraw_confirm", "withdraw_form"))
    handed = progress_of(asked("withdraw_confirm", "withdraw_form", withdraw_handed=["1"]))
    assert (alone["step"], alone["of"]) == (3, 3)
    assert (handed["step"], handed["of"]) == (5, 5)


@pytest.mark.parametrize(
    "tracker", [None, asked(None), asked("order_number", None), asked("order_number", "track_form")]
)
def test_there_is_none_outside_such_a_dialogue(tracker: Any) -> None:
    assert progress_of(tracker) is None


def test_every_question_and_stage_is_one_of_the_dialogue() -> None:
    forms = (ValidateFileReturnForm(), ValidateWithdrawForm())
    assert {form.form for form in forms} == set(DIALOGUES)
    for form in forms:
        dialogue = DIALOGUES[form.form]
        assert set(dialogue.asked_in) <= set(form.readers())
        assert {*dialogue.asked_in.values(), dialogue.otherwise} == set(dialogue.stages)
        assert all(label("stage", stage) for stage in dialogue.stages)


def test_it_is_read_from_memory_through_rasas_wrappers() -> None:
    store = SimpleNamespace(kept={"a": asked("route")}.get)
    agent = SimpleNamespace(tracker_store=SimpleNamespace(_tracker_store=store))
    assert Memory().progress(agent, "a")["step"] == 3
    assert Memory().progress(agent, "b") is None
    assert Memory().progress(SimpleNamespace(tracker_store=object()), "a") is None

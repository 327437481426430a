"""Answers are read as people write them, and questions aren't mistaken for answers."""

from __future__ import annotations

import pytest

from actions import reading
from actions.facts import UNKNOWN
from bot.desk import ItemView
from tests.actions.turns import turn

ITEMS = [
    ItemView(1, "Blue ceramic mug", "home_decor", 1, 1290, "EUR", False, 1),
    ItemView(2, "Red enamel kettle", "kitchen_appliances", 1, 3490, "EUR", True, 1),
    ItemView(3, "Kettle descaler", "kitchen_appliances", 2, 590, "EUR", False, 2),
]


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("yes", "affirm", True),
        ("Yep, all there", "inform", None),
        ("sure thing", "affirm", True),
        ("no", "deny", False),
        ("never", "inform", False),
        ("I haven't", "out_of_scope", False),
        ("I don't know", "defer", UNKNOWN),
        ("no idea", "deny", UNKNOWN),
        ("not sure really", "inform", UNKNOWN),
        ("yes but who pays the return?", "ask_return_cost", None),
        ("no way, what is this for?", "ask_why", None),
        ("it is blue", "inform", None),
        ("stop", "stop", None),
    ],
)
def test_yes_no_and_neither(text: str, intent: str, expected: object) -> None:
    assert reading.yes_no(turn(text, intent)) == expected


def test_a_tapped_answer_counts_only_with_an_allowed_choice() -> None:
    tapped = turn('/affirm{"choice": "yes"}', "affirm", entities={"choice": "yes"})
    assert reading.yes_no(tapped) is True
    other = turn('/inform{"choice": "42"}', "inform", entities={"choice": "42"})
    assert reading.yes_no(other) is None


def test_a_choice_that_was_typed_as_an_entity_is_no_choice() -> None:
    typed = turn("all", "inform", entities={"choice": "all"})
    assert reading.choice(typed, "all") is None


@pytest.mark.parametrize(
    ("text", "intent", "expected"),
    [
        ("the red kettle", "inform", ["2"]),
        ("mug", "inform", ["1"]),
        ("RED ENAMEL KETTLE please", "inform", ["2"]),
        ("descaler", "inform", ["3"]),
        ("both", "inform", ["1", "2", "3"]),
        ("all of them", "inform", ["1", "2", "3"]),
        ("kettle", "inform", None),
        ("the toaster", "inform", None),
        ("which kettle do you mean?", "inform", None),
        ("who pays for the mug?", "ask_return_cost", None),
    ],
)
def test_items_are_found_by_name(text: str, intent: str, expected: object) -> None:
    assert reading.items(turn(text, intent), ITEMS) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("35001", "35001"),
        ("it's 00926-1234", "00926-1234"),
        ("sw1a 1aa", "SW1A 1AA"),
        ("01310-100", "01310-100"),
        ("I don't remember", None),
    ],
)
def test_postal_codes(text: str, expected: str | None) -> None:
    assert reading.postal_code(turn(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("here https://example.com/photo.jpg.", "https://example.com/photo.jpg"),
        ("<http://example.com/a?b=c>", "http://example.com/a?b=c"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("http://[broken", None),
        ("later", None),
    ],
)
def test_only_web_links_are_evidence(text: str, expected: str | None) -> None:
    assert reading.links(turn(text)) == ([expected] if expected else [])

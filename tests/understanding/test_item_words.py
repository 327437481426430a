"""What a message says of single items: reasons, pieces, states."""

from __future__ import annotations

import pytest

from bot.understanding.item_words import (
    clauses_of,
    has_words,
    pieces,
    reason_in,
    reason_told,
    stated,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two of the four glasses are broken", 2),
        ("2 glasses broken", 2),
        ("three of them", 3),
        ("only one came broken", 1),
        ("all four glasses", 4),
        ("all six", 6),
        ("every one of them, all of them", 4),
        ("nine of the glasses", 9),
        ("the glasses are broken", None),
        ("after 2 weeks the glasses broke", None),
        ("a glass is broken", None),
        ("order 40010046, the glasses", None),
    ],
)
def test_pieces_in_a_message_that_names_the_item(text: str, expected: int | None) -> None:
    assert pieces(text, 4, ["glass", "glasses"]) == expected


@pytest.mark.parametrize(
    ("text", "ordered", "expected"),
    [("2", 4, 2), ("just one", 4, 1), ("both", 2, 2), ("both", 4, None), ("2 or 3", 4, None)],
)
def test_pieces_as_an_answer(text: str, ordered: int, expected: int | None) -> None:
    assert pieces(text, ordered) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("never used, all tags on", {"used": False, "seals_removed": False}),
        ("no box any more", {"packaging_kept": False}),
        ("I threw away the box and wore it", {"packaging_kept": False}),
        ("my dog chewed it", {"damaged_by_buyer": True}),
        ("it arrived without the box", {}),
        ("it came used and the seller says no", {}),
        ("which return label do I use?", {}),
        ("the label is missing", {}),
    ],
)
def test_only_unmistakable_states_are_taken(text: str, expected: dict[str, bool]) -> None:
    found = stated(text)
    assert {fact: found.get(fact) for fact in expected} == expected
    if not expected:
        assert found == {}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("the mug is broken", "arrived_damaged"),
        ("the shirt is the wrong size", "not_as_described"),
        ("a screw is missing", "shortage"),
        ("it stopped working", "stopped_working"),
        ("the pan never arrived", "not_arrived"),
        ("I don't want the gloves", "change_of_mind"),
        ("the blue one", None),
    ],
)
def test_the_reason_in_a_part_of_a_message(text: str, reason: str | None) -> None:
    assert reason_in(text) == reason


def test_a_message_falls_into_what_it_says_of_each_item() -> None:
    assert clauses_of("The mug is broken, and the shirt too small!") == [
        "the mug is broken",
        "the shirt too small",
    ]


@pytest.mark.parametrize("text", ["let me think", "not now", "I'll come back", "hold on", "later"])
def test_words_that_ask_for_time(text: str) -> None:
    assert has_words(text, "pause")
    assert not has_words(text, "resume")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "When I opened the parcel the jug was in pieces. Refund me.",
            "arrived_damaged",
        ),
        ("frying pan, changed my mind", "change_of_mind"),
        ("I regret the socks", "change_of_mind"),
        ("nothing is broken, I only want to send it back", None),
        ("it broke after three months", None),
        ("one is broken and one never arrived", None),
        ("what if it is broken?", None),
    ],
)
def test_the_reason_beside_a_request_is_read_unless_it_is_denied_or_one_of_two(
    text: str, expected: str | None
) -> None:
    assert reason_told(text) == expected

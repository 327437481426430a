"""What the dialogues around an order read out of a message, without Rasa."""

from __future__ import annotations

import pytest

from actions import reading
from actions.forms.free_return import wants_check
from actions.forms.seller import words_for_seller
from tests.actions.turns import turn


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("tell the seller that the zip is broken", "the zip is broken"),
        ("Please tell the shop the lid leaks, order 40010001, ana@example.com", "the lid leaks"),
        ("message the seller: please send the missing screw", "please send the missing screw"),
        ("let my seller know I moved to Porto", "I moved to Porto"),
        ("write to the vendor: Is there\na spare lid?", "Is there\na spare lid?"),
        ("ask the seller whether it has a plug for 230 V", "whether it has a plug for 230 V"),
    ],
)
def test_what_the_first_message_has_for_the_seller(said: str, words: str) -> None:
    assert words_for_seller(said) == words


@pytest.mark.parametrize(
    "said",
    [
        "contact the seller",
        "contact the seller about order 40010001",
        "I want to message the seller of order 40010001, ana@example.com",
        "contact the seller, order 40010001, ana.souza@example.com please",
        "how do I reach them?",
    ],
)
def test_a_wish_to_write_is_no_message_yet(said: str) -> None:
    assert words_for_seller(said) is None


@pytest.mark.parametrize(
    "said", ["where is R-7F3K9Q2M?", "r-7f3k9q2m", "request R 7F3K9Q2M please", "R–7F3K9Q2M"]
)
def test_a_request_number_is_read_as_the_desk_writes_it(said: str) -> None:
    assert reading.request_number(turn(said)) == "R-7F3K9Q2M"


@pytest.mark.parametrize("said", ["40010001", "R-ETURNED", "a refund", "R-0F3K9Q2M", "R-7F3K9Q2MX"])
def test_other_words_are_no_request_number(said: str) -> None:
    assert reading.request_number(turn(said)) is None


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("how does free return work", False),
        ("which items have Free Return?", False),
        ("is my jacket a free return item", True),
        ("can I still send this item back free of charge?", True),
        ("please check it", True),
    ],
)
def test_a_question_about_an_own_item_wants_a_check(said: str, own: bool) -> None:
    assert wants_check(turn(said, "ask_free_return")) is own

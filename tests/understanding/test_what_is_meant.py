"""Words that only in one sense call for an answer of their own."""

from __future__ import annotations

import pytest

from bot.understanding.answers import first_saying, says
from bot.understanding.item_words import has_words


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("back to the return", True),
        ("ok, let's go back to my refund", True),
        ("hm, i want to go back to it", True),
        ("can I send it back to the seller", False),
        ("I took it back to the shop", False),
    ],
)
def test_going_back_to_what_was_left(text: str, meant: bool) -> None:
    assert has_words(text, "resume") is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("what is your phone number", True),
        ("can you call me", True),
        ("could I talk to somebody on the phone", True),
        ("the phone I bought is broken, get me a person", False),
        ("telephone arrived cracked", False),
    ],
)
def test_a_phone_call(text: str, meant: bool) -> None:
    assert says(text, "asks_phone") is meant


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("can you promise it comes by saturday", "promise"),
        ("will it definitely arrive on Friday?", "promise"),
        ("why is it late?", "late"),
        ("why hasn't my parcel arrived", "late"),
        ("why is my refund taking so long", None),
        ("promise me that I get the money", None),
        ("why do you ask", None),
    ],
)
def test_what_nobody_can_tell_of_a_parcel(text: str, asked: str | None) -> None:
    assert first_saying(text, "of_the_parcel") == asked


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("package was empty", True),
        ("I got an empty box", True),
        ("the parcel arrived half empty", False),
        ("nothing in it is broken", False),
    ],
)
def test_an_empty_parcel(text: str, meant: bool) -> None:
    assert has_words(text, "came_empty") is meant

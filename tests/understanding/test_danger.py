"""Safety words: who is hurt is heard, and a figure of speech isn't."""

from __future__ import annotations

import pytest

from bot.understanding.feelings import is_danger, is_despair


@pytest.mark.parametrize(
    "text",
    [
        "my child choked on a part of this toy",
        "It burned my hand",
        "the heater caught fire",
        "I got an electric shock from the lamp",
        "my son swallowed a magnet... he swallowed it whole",
    ],
)
def test_somebody_hurt_is_heard(text: str) -> None:
    assert is_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "the glass was shattered, luckily nobody got hurt",
        "it smells of burning when I plug it in",
        "kill the order",
        "I was in hospital, that's why I'm late",
        "the checkout swallows my card details",
    ],
)
def test_other_words_are_no_danger(text: str) -> None:
    assert not is_danger(text)
    assert not is_despair(text)


def test_despair_is_heard() -> None:
    assert is_despair("I\u2019m going to kill myself over this")

"""Where a buyer says to live: a country's name in any form, or a city that gives it away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from babel import Locale

from bot.understanding.countries import country_code, fold
from bot.understanding.words_file import load_words

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019.-][^\W\d_]+)*\.?")
_MOST_WORDS = 5
_SHORTEST = 4
"""Shorter words inside a sentence ("us", "IN") are rather words than countries."""
_EU = re.compile(
    r"\W*(?:i(?:'m| am| live)? (?:in|from) )?(?:the )?"
    r"(?:eu|e\.u\.|europe|european union|the union)\W*",
    re.I,
)


_HOME = re.compile(
    r"\b(?:live|lives|living|reside|residing|resident|based|home is)\b\W+(?:(?:now|here|in|of)\W+)*"
    r"(?P<place>.+)",
    re.I | re.S,
)
"""Rights are those of the place where one lives, wherever the shopping was done."""


def countries_of(text: str) -> tuple[str, ...]:
    """The countries that a text may mean by a place it names.

    Args:
        text: such as "Portugal", "PT", "I'm in Lisbon" or "valencia".

    Returns:
        ISO codes: one when it is clear, several when places of that name are in several
        countries, none when the text names no place that is known.
    """
    whole = country_code(text)
    if whole:
        return (whole,)
    for phrase in _phrases(text):
        found = country_code(phrase) if len(phrase) >= _SHORTEST else None
        codes = (found,) if found else _cities().get(fold(phrase))
        if codes:
            return codes
    return ()


def home_of(text: str) -> str:
    """What a text says of where the buyer lives, up to its end; empty when it doesn't say.

    Args:
        text: such as "I bought in Brazil and live in France": "France".
    """
    found = _HOME.search(text)
    return found["place"] if found else ""


def is_the_eu(text: str) -> bool:
    """Whether a text says the EU, and no country of it."""
    return bool(_EU.fullmatch(text.strip()))


def country_name(code: str) -> str:
    """A country's English name; the code where it has none."""
    return str(Locale("en").territories.get(code, code))


def _phrases(text: str) -> Iterator[str]:
    """Runs of words, the longest first."""
    words = _WORD.findall(text)
    for length in range(min(_MOST_WORDS, len(words)), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


@lru_cache
def _cities() -> dict[str, tuple[str, ...]]:
    words = load_words("cities")
    known = {fold(name): (code,) for code, names in words["cities"].items() for name in names}
    return known | {fold(name): tuple(codes) for name, codes in words["ambiguous"].items()}

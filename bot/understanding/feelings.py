"""How a message sounds: angry, threatening, or a rating in words. No Rasa, no dialogue."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding.words_file import load_words

_OF_FIVE = re.compile(r"\b([1-5]) ?(?:/|out of|of) ?(?:5|five)\b", re.I)
_LONGEST_RATING = 12
"""Words; a longer message tells a story, in which "one" or "ok" says little."""


def is_angry(text: str) -> bool:
    """Whether a message swears or is plainly furious."""
    return _has(text, _patterns()["anger"])


def is_threat(text: str) -> bool:
    """Whether a message names a lawyer, an authority or the like."""
    return _has(text, _patterns()["threat"])


def is_danger(text: str) -> bool:
    """Whether a message tells that somebody was hurt by an item, or is about to be."""
    return _has(text, _patterns()["danger"]) and not _has(text, _patterns()["no_danger"])


def is_despair(text: str) -> bool:
    """Whether the writer speaks of taking their own life."""
    return _has(text, _patterns()["despair"])


def stars(text: str) -> int | None:
    """The rating that a message gives when it was asked for one.

    Args:
        text: such as "5", "four stars" or "it was awful".

    Returns:
        1 to 5, or None when it gives none.
    """
    if "★" in text or "⭐" in text:
        return min(5, text.count("★") + text.count("⭐"))
    if len(text.split()) > _LONGEST_RATING:
        return None
    of_five = _OF_FIVE.search(text)
    if of_five:
        return int(of_five.group(1))
    digits = re.findall(r"\d+", text)
    if any(int(number) > 5 for number in digits):
        return None
    patterns = _patterns()
    return next((n for n in (1, 2, 3, 5, 4) if _has(text, patterns[f"stars {n}"])), None)


@lru_cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = load_words("feelings")
    lists = {key: words[key] for key in ("anger", "threat", "danger", "no_danger", "despair")}
    lists |= {f"stars {number}": found for number, found in words["stars"].items()}
    return {
        key: re.compile(r"(?<![\w'@.-])(?:" + "|".join(found) + r")(?![\w'@-])")
        for key, found in lists.items()
    }


def _has(text: str, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(text.replace("\u2019", "'").lower()))

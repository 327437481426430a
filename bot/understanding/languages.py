"""Which other language a message is in, or asks for. Plain functions on text."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding.words_file import load_words

_WORD = re.compile(r"[^\W\d_]+")


def language_of(text: str) -> str | None:
    """The language whose common words a text has most of.

    Args:
        text: a message that isn't English.

    Returns:
        A code such as "de" (ISO 639-1), or None when no language, or more than one, fits best.
    """
    words = set(_WORD.findall(text.lower()))
    counts = {code: len(words & common) for code, common in _common().items()}
    best = max(counts.values())
    found = [code for code, count in counts.items() if count == best]
    return found[0] if best and len(found) == 1 else None


def language_named(text: str) -> str | None:
    """The language that a message asks for by name, such as "can you speak Portuguese?".

    Args:
        text: a message.

    Returns:
        A code as in `language_of`, "other" for a language that has no words of its own here, or
        None when the message asks for none.
    """
    plain = text.lower()
    lists = load_words("languages")
    if not re.search("|".join(lists["asking"]), plain):
        return None
    words = set(_WORD.findall(plain))
    return next((code for code, names in lists["names"].items() if words & set(names)), None)


@lru_cache
def _common() -> dict[str, frozenset[str]]:
    return {code: frozenset(words) for code, words in load_words("languages")["common"].items()}

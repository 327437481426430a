"""What a message says of single items: reasons, numbers of pieces, states, what to leave out.

Plain functions on text; which words name which item is the caller's to know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.understanding.words_file import load_words

_NO_UNIT = r"(?!(?:day|week|month|year|hour|minute|euro|dollar|time)s?\b)"

_NO_DURATION = r"(?!\s+(?:day|week|month|year|hour|minute|euro|dollar|time)s?\b)"


def clauses_of(text: str) -> list[str]:
    """A message in the parts that each say one thing, lower-case."""
    return [part.strip() for part in _limits().split(_plain(text)) if part and part.strip()]


def has_words(text: str, *keys: str) -> bool:
    """Whether a text has one of the words of a list of words/items.yml."""
    return bool(_pattern(keys).search(_plain(text)))


def reason_in(text: str) -> str | None:
    """The reason that a part of a message states in so many words, or None."""
    return next((key for key in load_items()["reasons"] if has_words(text, "reasons", key)), None)


def reason_told(text: str) -> str | None:
    """The one reason that a whole message tells beside its request, or None.

    Args:
        text: such as "When I opened the parcel the jug was in pieces. I want my money back."

    Returns:
        None for two reasons, for one that is denied ("nothing is broken"), and for what broke after
        a time of use: those are asked.
    """
    told = re.sub(_any(load_items()["denied"]), " ", _plain(text))
    found = [key for key in load_items()["reasons"] if has_words(told, "reasons", key)]
    if len(found) != 1 or "?" in "".join(p for p in _sentences(told) if reason_in(p)):
        return None
    late = found[0] == "arrived_damaged" and has_words(told, "after_a_while")
    return None if late else str(found[0])


def _sentences(text: str) -> list[str]:
    """The sentences of a text, each with its mark."""
    return re.findall(r"[^.!?\n]+[.!?]?", text)


def stated(text: str) -> dict[str, bool]:
    """States of an item that a message tells unasked, such as {"used": False}.

    Only unmistakable words count; what isn't said is left out.
    """
    plain = re.sub(_any(load_items()["as_it_came"]), " ", _plain(text))
    found = {}
    for fact, entries in load_items()["stated"].items():
        for value, patterns in ((v, p) for entry in entries for v, p in entry.items()):
            if re.search(_any(patterns), plain):
                found[fact] = value == "yes"
                break
    return found


def pieces(text: str, ordered: int, names: Iterable[str] = ()) -> int | None:
    """How many pieces a message speaks of.

    Args:
        text: such as "two of the four glasses", "both", "all of them".
        ordered: how many were ordered, or of these are left to file.
        names: words of the item's title; without any, a bare number counts too.

    Returns:
        The number, which may be more than were ordered, or None when the text doesn't say.
    """
    plain = _plain(text)
    words = load_items()["numbers"]
    number = rf"(\d{{1,3}}|{'|'.join(sorted(words, key=len, reverse=True))})"
    part = re.search(
        rf"(?<!every )\b{number}\s+(?:out )?of\s+(?:the|them|my|these|those|{number})\b", plain
    )
    if part:
        return _value(part.group(1))
    every = re.search(rf"\ball (?:the )?{number}\b", plain)
    if every:
        return _value(every.group(1))
    if ordered == 2 and re.search(r"\bboth\b", plain):
        return 2
    if has_words(text, "whole"):
        return ordered
    named = [re.escape(name.lower()) for name in names]
    if not named:
        numbers = re.findall(rf"\b{number}\b", plain)
        return _value(numbers[0]) if len(set(numbers)) == 1 else None
    near = re.search(rf"\b{number}\s+(?:{_NO_UNIT}\w+\s+){{0,2}}(?:{'|'.join(named)})\b", plain)
    if near and near.group(1) not in ("a", "an"):
        return _value(near.group(1))
    broken = re.search(r"\b(?:only )?(one|two|three|\d) (?:is|are|was|were|came|arrived)\b", plain)
    return _value(broken.group(1)) if broken else None


def pieces_instead(text: str) -> int | None:
    """The number of "three, not two" and "not two but three"; None where it says no such thing."""
    words = load_items()["numbers"]
    number = rf"(\d{{1,3}}|{'|'.join(sorted(words, key=len, reverse=True))})"
    plain = _plain(text)
    end = rf"\b{_NO_DURATION}"
    found = re.search(rf"\b{number}{end}(?: \w+)?,? (?:and )?not {number}{end}", plain)
    if found:
        return _value(found.group(1))
    found = re.search(rf"\bnot {number}{end}(?: \w+)?,? (?:but )?(?:it'?s )?{number}{end}", plain)
    return _value(found.group(2)) if found else None


@lru_cache
def load_items() -> dict:
    """The word lists of words/items.yml."""
    return load_words("items")


def _value(word: str) -> int:
    return int(word) if word.isdigit() else int(load_items()["numbers"][word])


@lru_cache
def _limits() -> re.Pattern[str]:
    return re.compile("|".join(load_items()["limits"]))


@lru_cache
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    words = load_items()
    for key in keys:
        words = words[key]
    return re.compile(_any(words))


def _any(patterns: Iterable[str]) -> str:
    return "|".join(p if p.startswith("^") else rf"(?<![\w'])(?:{p})(?![\w'])" for p in patterns)


def _plain(text: str) -> str:
    return text.replace("\u2019", "'").replace("`", "'").lower().strip()

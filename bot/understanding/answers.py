"""What an answer says: yes, no, "I don't know", a state of the item. No Rasa, no dialogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.understanding.words_file import load_words

UNKNOWN = "unknown"
"""The buyer doesn't know."""

_OF_COURSE_NOT = r"(?:of course|certainly|definitely|absolutely) not\b"
_WORD = re.compile(r"[\w']+")


def says(text: str, words: str, *more: str) -> bool:
    """Whether a text has one of the words of a list.

    Args:
        text: a message.
        words: a key of words/answers.yml.
        *more: keys below it.
    """
    return bool(_pattern((words, *more)).search(_plain(text)))


def first_saying(text: str, words: str) -> str | None:
    """The first key of a group of lists, one of whose words the text has."""
    keys = load_answers()[words]
    return next((key for key in keys if says(text, words, key)), None)


def is_consent(text: str, *, cancelling: bool = False, withdrawing: bool = False) -> bool:
    """Whether a typed message is a yes and nothing else.

    Args:
        text: a message.
        cancelling: whether "cancel it" is a yes too.
        withdrawing: whether a yes may name the withdrawal, such as "confirm withdrawal".
    """
    plain = _plain(text)
    if "?" in plain or _pattern(("doubt",)).search(plain):
        return False
    group = load_answers()["consent"]
    yes = [*group["yes"], *(group["cancelling"] if cancelling else [])]
    named = group["withdrawing"] if withdrawing else []
    allowed = re.compile("|".join(yes + group["words"] + named))
    has_yes = re.search(_any(yes), plain)
    return bool(has_yes) and all(allowed.fullmatch(word) for word in _WORD.findall(plain))


def yes_no(text: str) -> bool | str | None:
    """Reads a yes or a no that says nothing else.

    "Yes, all there" isn't one: whether that is a yes depends on the question, see `condition`.

    Args:
        text: a message.

    Returns:
        True, False, `UNKNOWN` for "I don't know", or None where it is none of them, both, or a
        question.
    """
    plain = _plain(text)
    if says(text, "unsure"):
        return UNKNOWN
    if "?" in plain:
        return None
    has_yes, has_no = (bool(_pattern((key,)).search(plain)) for key in ("yes", "no"))
    if has_yes is has_no:
        return False if re.match(rf"\W*{_OF_COURSE_NOT}", plain) else None
    fillers = load_answers()["fillers"]
    rest = _pattern(("yes" if has_yes else "no",)).sub(" ", plain)
    if any(word not in fillers for word in _WORD.findall(rest)):
        return None
    return None if has_yes and _pattern(("doubt",)).search(plain) else has_yes


def condition(fact: str, text: str) -> bool | str | None:
    """What an answer says about the state of an item, however it puts it.

    Args:
        fact: name of a fact of `ConditionFacts`, such as "packaging_kept".
        text: an answer to the question for it.

    Returns:
        The fact's value, `UNKNOWN`, or None when the answer doesn't say.
    """
    plain = _plain(text)
    if "?" in plain:
        return None
    if says(text, "unsure"):
        return UNKNOWN
    for entry in load_answers()["conditions"].get(fact, []):
        for value, patterns in entry.items():
            if re.search(_any(patterns), plain):
                return bool(value == "yes")
    plain_answer = yes_no(text)
    return leading(text) if plain_answer is None else plain_answer


def leading(text: str) -> bool | None:
    """The yes or no that a message begins with, whatever else it says.

    For questions whose answer can be put right later; what confirms a filing is `is_consent`.

    Args:
        text: such as "yes pls" or "no, the tree is fine".

    Returns:
        None when it begins with neither, takes it back at once ("no wait, yes"), or asks something.
        "No parts are missing" begins with no answer: its "no" belongs to the parts.
    """
    plain = _plain(text)
    if "?" in plain:
        return None
    for value, key in ((True, "yes"), (False, "no")):
        found = _pattern(("leading", key)).match(plain)
        if found:
            rest = plain[found.end() :]
            return None if _pattern(("leading", f"not_{key}")).match(rest) else value
    return None


@lru_cache
def load_answers() -> dict:
    """The word lists of words/answers.yml."""
    return load_words("answers")


@lru_cache
def _pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    words = load_answers()
    for key in keys:
        words = words[key]
    return re.compile(_any(words))


def _any(patterns: Iterable[str]) -> str:
    return r"(?<![\w'])(?:" + "|".join(patterns) + r")(?![\w'])"


def _plain(text: str) -> str:
    return text.replace("\u2019", "'").replace("`", "'").lower().strip()

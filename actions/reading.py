"""Reads answers out of a message: yes or no, a choice, an item, a date, a link.

Every function returns None when the message holds no such answer, so that a question asked in
between isn't mistaken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from actions.facts import UNKNOWN
from actions.talk import Talk
from bot.asked_facts import REASONS
from bot.desk import ItemView
from bot.understanding.answers import condition, is_consent, leading, load_answers, says
from bot.understanding.answers import yes_no as plain_yes_no
from bot.understanding.item_words import reason_told

QUESTIONS = frozenset(
    {
        "ask_capabilities",
        "ask_why",
        "bot_challenge",
        "ask_return_policy",
        "ask_return_cost",
        "ask_free_return",
        "cancellation_terms",
        "ask_exchange",
        "ask_warranty",
        "ask_statutory_rights",
        "complaint",
        "contact_seller",
        "ask_human",
        "payment_problem",
        "account_problem",
        "modify_order",
        "order_cancelled_by_store",
        "stop",
        "greet",
        "thanks",
        "goodbye",
        "small_talk",
        "plead",
    }
)
"""Intents that never answer a question of a form. A bare item name may look out of scope, so that
intent isn't among them."""

_POSTAL_CODE = re.compile(r"\b(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,5}(?:[ -]?[A-Z0-9]{2,4})?\b", re.I)
_WORD = re.compile(r"[^\W\d_]{3,}")
_ADDRESS = re.compile(r"\S*(?:@|://)\S*")
MAX_LINKS = 20
"""As many as a request may have."""
_REQUEST = re.compile(
    r"\bR(?:\s?[-\u2010-\u2015]\s?|\s?(?=[A-Z]*\d))([2-9A-HJ-KM-NP-TV-Z]{8})\b", re.I
)
"""A request's number as the desk makes it, such as "R-7F3K9Q2M"."""
_SAME_WORD = 85
"""How alike two words are, from 0 to 100, to be one with a typo."""


def choice(talk: Talk, *allowed: str) -> str | None:
    """The choice that a tapped button carries, if it is an allowed one."""
    value = talk.entity("choice") if talk.is_tap else None
    return value if value in allowed else None


_CHATTER = frozenset({"thanks", "greet", "small_talk", "bot_challenge", "goodbye", "plead"})
"""Questions' intents that a yes with a word more is easily taken for ("yes pls", "no sorry")."""


def yes_or_no_first(talk: Talk) -> bool | str | None:
    """As `yes_no`, but a message that only begins with a yes or a no counts too.

    Not for what confirms a filing.
    """
    answer = yes_no(talk)
    if answer is not None or talk.is_tap or talk.intent in QUESTIONS - _CHATTER:
        return answer
    return leading(talk.text)


def yes_no(talk: Talk, slot: str = "") -> bool | str | None:
    """Reads a yes or a no, or what the answer says about the item.

    Args:
        talk: the turn.
        slot: the fact that was asked for, when it is one.

    Returns:
        True, False, `UNKNOWN` ("I don't know"), or None when it is neither.
    """
    tapped = choice(talk, "yes", "no", UNKNOWN)
    if tapped:
        return UNKNOWN if tapped == UNKNOWN else tapped == "yes"
    if talk.is_tap:
        return None
    if talk.intent in QUESTIONS:
        is_answer = slot and talk.intent in _CHATTER and leading(talk.text) is not None
        return condition(slot, talk.text) if is_answer else None
    said = condition(slot, talk.text) if slot else plain_yes_no(talk.text)
    if said is None and does_not_know(talk):
        return UNKNOWN
    if said is None and not slot and "?" not in talk.text:
        return {"affirm": True, "deny": False}.get(talk.intent)
    return said


def does_not_know(talk: Talk) -> bool:
    """Whether the buyer can't say; who asks for a moment ("let me check") may still know."""
    return talk.intent == "defer" and not says(talk.text, "waiting")


def consents(talk: Talk, *, cancelling: bool = False, withdrawing: bool = False) -> bool:
    """Whether a typed message is a plain yes to the summary and names nothing else."""
    names_other = any(talk.entity(name) for name in ("order_number", "email", "link"))
    return (
        not talk.is_tap
        and not names_other
        and is_consent(talk.text, cancelling=cancelling, withdrawing=withdrawing)
    )


def is_correction(talk: Talk) -> bool:
    """Whether the message takes something back ("actually", "I meant ...")."""
    return not talk.is_tap and says(talk.text, "correction")


def reason(talk: Talk) -> str | None:
    """The reason that the message states."""
    return REASONS.get(talk.intent)


def reason_beside(talk: Talk) -> str | None:
    """The reason that a message states, or tells beside its request ("money back, it broke")."""
    stated = reason(talk)
    if stated or talk.is_tap or talk.intent in QUESTIONS:
        return stated
    return reason_told(talk.text)


def items(talk: Talk, offered: Sequence[ItemView]) -> list[str] | None:
    """The items that the answer names.

    Args:
        talk: the turn.
        offered: the order's items.

    Returns:
        Item ids as strings, or None.
    """
    tapped = choice(talk, *(str(item.id) for item in offered), "all")
    if tapped:
        return [str(i.id) for i in offered] if tapped == "all" else [tapped]
    if talk.is_tap or talk.intent in QUESTIONS or talk.text.rstrip().endswith("?"):
        return None
    return items_named(talk.text, offered)


def items_named(text: str, offered: Sequence[ItemView], *, whole: bool = True) -> list[str] | None:
    """The items that a text names by words that only they have in their titles.

    Args:
        text: such as "the pan and the gloves", or "all of them".
        offered: the order's items.
        whole: whether "all" and "both" name every item.

    Returns:
        Item ids as strings, or None when it names none, or can't be told apart.
    """
    titles = {str(item.id): words_of(item.title) for item in offered}
    named = []
    for word in words_of(text):
        having = [key for key, title in titles.items() if _has(title, word)]
        if len(having) == 1:
            named += having
    if not named and whole and says(text, "all"):
        return list(titles)
    return [key for key in titles if key in named] or None


def words_of(text: str) -> set[str]:
    """The words of a text or a title that may name an item, lower-case."""
    words = {word.lower() for word in _WORD.findall(_ADDRESS.sub(" ", text))}
    return words - set(load_answers()["no_item"])


def _has(title: set[str], word: str) -> bool:
    return any(
        fuzz.ratio(word, other) >= _SAME_WORD
        or word in (f"{other}s", f"{other}es")
        or other in (f"{word}s", f"{word}es")
        for other in title
    )


def request_number(talk: Talk) -> str | None:
    """The number of a return request that the message holds, as the desk writes it."""
    found = None if talk.is_tap else _REQUEST.search(talk.text)
    return f"R-{found.group(1).upper()}" if found else None


def postal_code(talk: Talk) -> str | None:
    """A postal code, in capitals."""
    if talk.is_tap or talk.intent in QUESTIONS:
        return None
    found = _POSTAL_CODE.search(talk.text)
    return found.group(0).upper() if found else None


def links(talk: Talk) -> list[str]:
    """The web addresses (http or https) that the message holds."""
    found = []
    for word in talk.text.split():
        candidate = word.strip("<>()[]\"'.,;")
        try:
            parts = urlsplit(candidate)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and "." in (parts.hostname or ""):
            found.append(candidate[:2000])
    return list(dict.fromkeys(found))[:MAX_LINKS]


def short_text(talk: Talk) -> str | None:
    """A short free answer, such as a region's name."""
    text = talk.text.strip()
    is_other = talk.is_tap or talk.intent in {*QUESTIONS, "out_of_scope", "defer"}
    if is_other or not 2 <= len(text) <= 60 or text.endswith("?"):
        return None
    return text

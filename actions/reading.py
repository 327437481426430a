"""Reads answers out of a message: yes or no, a choice, an item, a date, a link.

Every function returns None when the message holds no such answer, so that a question asked in
between isn't mistaken for one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from rapidfuzz import fuzz, process

from actions.facts import UNKNOWN
from actions.talk import Talk
from bot.desk import ItemView

REASONS: dict[str, str] = {
    "report_not_received": "not_arrived",
    "report_damaged": "arrived_damaged",
    "report_not_as_described": "not_as_described",
    "report_missing_items": "shortage",
    "report_stopped_working": "stopped_working",
    "change_of_mind": "change_of_mind",
}
"""Intent to the reason it states."""

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
    }
)
"""Intents that never answer a question of a form. A bare item name may look out of scope, so that
intent isn't among them."""

_YES = re.compile(
    r"^\W*(yes|yeah|yep|yup|yess+|sure|correct|right|true|ok|okay|si|sim|i do|i did|i have)\b", re.I
)
_NO = re.compile(
    r"^\W*(no|nope|nah|not|never|none|nothing|false|i don'?t|i didn'?t|i haven'?t)\b", re.I
)
_UNSURE = re.compile(r"\b(don'?t know|dunno|no idea|not sure|unsure|idk|can'?t (tell|say))\b", re.I)
_POSTAL_CODE = re.compile(r"\b(?=[A-Z0-9 -]*\d)[A-Z0-9]{2,5}(?:[ -]?[A-Z0-9]{2,4})?\b", re.I)
_ALL = re.compile(
    r"\b(all( of (them|it))?|both|everything|every item|the whole (order|lot))\b", re.I
)
_GOOD_MATCH = 80


def choice(talk: Talk, *allowed: str) -> str | None:
    """The choice that a tapped button carries, if it is an allowed one."""
    value = talk.entity("choice") if talk.is_tap else None
    return value if value in allowed else None


def yes_no(talk: Talk) -> bool | str | None:
    """True, False, `UNKNOWN` ("I don't know"), or None when it is neither."""
    tapped = choice(talk, "yes", "no", UNKNOWN)
    if tapped:
        return UNKNOWN if tapped == UNKNOWN else tapped == "yes"
    if talk.is_tap and talk.intent not in ("affirm", "deny"):
        return None
    if _UNSURE.search(talk.text):
        return UNKNOWN
    if talk.intent in QUESTIONS or talk.text.rstrip().endswith("?"):
        return None
    if talk.intent == "affirm" or _YES.search(talk.text):
        return True
    if talk.intent == "deny" or _NO.search(talk.text):
        return False
    return UNKNOWN if talk.intent == "defer" else None


def reason(talk: Talk) -> str | None:
    """The reason that the message states."""
    return REASONS.get(talk.intent)


def items(talk: Talk, offered: Sequence[ItemView]) -> list[str] | None:
    """The items that the message names.

    Args:
        talk: the turn.
        offered: the order's items.

    Returns:
        Item ids as strings, or None.
    """
    ids = [str(item.id) for item in offered]
    tapped = choice(talk, *ids, "all")
    if tapped:
        return ids if tapped == "all" else [tapped]
    if talk.is_tap or talk.intent in QUESTIONS or talk.text.rstrip().endswith("?"):
        return None
    if _ALL.search(talk.text):
        return ids
    titles = {str(item.id): item.title for item in offered}
    ranked = process.extract(
        talk.text, titles, scorer=fuzz.token_set_ratio, processor=str.lower, limit=2
    )
    if not ranked or ranked[0][1] < _GOOD_MATCH:
        ranked = process.extract(
            talk.text, titles, scorer=fuzz.partial_ratio, processor=str.lower, limit=2
        )
    is_clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
    if ranked and ranked[0][1] >= _GOOD_MATCH and is_clear:
        return [ranked[0][2]]
    return None


def postal_code(talk: Talk) -> str | None:
    """A postal code, in capitals."""
    if talk.is_tap or talk.intent in QUESTIONS:
        return None
    found = _POSTAL_CODE.search(talk.text)
    return found.group(0).upper() if found else None


def link(talk: Talk) -> str | None:
    """A web address (http or https) that the message holds."""
    for word in talk.text.split():
        candidate = word.strip("<>()[]\"'.,;")
        try:
            parts = urlsplit(candidate)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and "." in (parts.hostname or ""):
            return candidate[:2000]
    return None


def short_text(talk: Talk) -> str | None:
    """A short free answer, such as a region's name."""
    text = talk.text.strip()
    is_other = talk.is_tap or talk.intent in QUESTIONS or talk.intent == "out_of_scope"
    if is_other or not 2 <= len(text) <= 60 or text.endswith("?"):
        return None
    return text

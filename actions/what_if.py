"""Follow-up questions after a check: "and in Portugal?", "what if it were broken?"."""

from __future__ import annotations

from typing import Any

from actions import reading
from actions.facts import PATHS, UNKNOWN
from actions.resources import today
from actions.talk import Talk
from bot.understanding.answers import says
from bot.understanding.categories import category_id
from bot.understanding.countries import country_code
from bot.understanding.dates import parse_past_date, reads_day_first
from bot.understanding.item_words import has_words, reason_in, stated

KEPT = ("order_known", "order_number", "items", "item_in_work", "cases", "reason", *PATHS)
"""What a check was about; a follow-up question changes some of it."""
CHECK_AGAIN = "check_again"
"""An outcome: the message was a question about the last check, for the checking dialogue."""
_NOT_ASKED = (
    *("protection_ends_on", "free_return_label", "durable"),
    *("oversize", "postal_code", "region"),
)
"""What a follow-up question leaves open instead of asking: the answer says what it hangs on."""
_FACTS_ONLY = frozenset({"inform", "nlu_fallback", "out_of_scope", "correct_answer"})
"""Intents of a message that is no need of its own."""
_SHORT = 12
"""A question of so many words may be a follow-up without saying "and" or "what if"."""


def remember_check(talk: Talk) -> None:
    """Keeps what was just checked for a follow-up question."""
    known = {slot: talk.get(slot) for slot in KEPT if talk.get(slot) is not None}
    talk.set("last_check", known)


def facts_said(talk: Talk) -> dict[str, Any]:
    """Slots that a message without an order fills: country, kind, day, states of the item."""
    country = country_code(talk.entity("country") or "")
    category = category_id(talk.entity("category") or "")
    received = parse_past_date(talk.text, today(), day_first=reads_day_first(country))
    said: dict[str, Any] = dict(stated(talk.text))
    if country:
        said["country"] = country
    if category:
        said["category"] = category
    if received.date and received.date <= today():
        # "Bought 10 days ago" is when it was ordered, not when it came.
        slot = "placed_on" if says(talk.text, "ordering") else "delivered_on"
        said[slot] = received.date.isoformat()
    return said


def is_what_if(talk: Talk) -> bool:
    """Whether the message asks the last check again with something changed."""
    if talk.is_tap or not talk.get("last_check") or talk.entity("order_number"):
        return False
    short = talk.text.rstrip().endswith("?") and len(talk.text.split()) <= _SHORT
    # Right after a check in general, a bare fact ("3 days ago") is meant for it, too.
    after = any(name == "utter_checked_in_general" for name, _ in talk.last_replies)
    asks = short or has_words(talk.text, "what_if") or (after and talk.intent in _FACTS_ONLY)
    return asks and bool(_changes(talk))


def take_what_if(talk: Talk) -> None:
    """Brings the last check back, with what the message changes."""
    known, new = dict(talk.get("last_check")), _changes(talk)
    if "country" in new:
        known = {s: v for s, v in known.items() if s not in ("region", "postal_code")}
    if "category" in new:
        # Another kind of item: what was said of the label and of its nature was of the first one.
        known = {s: v for s, v in known.items() if s not in ("free_return_label", "durable")}
    if new.get("reason") == "not_arrived":
        known = {s: v for s, v in known.items() if s not in ("delivered_on", "shipment")}
    if "delivered_on" in new and known.get("shipment") == "not_shipped":
        new["shipment"] = "delivered"
    for slot, value in (dict.fromkeys(_NOT_ASKED, UNKNOWN) | known | new).items():
        talk.set(slot, value)
    talk.say("utter_what_if")


def _changes(talk: Talk) -> dict[str, Any]:
    changes = facts_said(talk)
    reason = reason_in(talk.text) or reading.reason(talk)
    if reason:
        changes["reason"] = reason
    with_order = (talk.get("last_check") or {}).get("order_number")
    allowed = {"reason", *PATHS} - ({"country", "category", "placed_on"} if with_order else set())
    return {slot: value for slot, value in changes.items() if slot in allowed}

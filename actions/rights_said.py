"""What a message says about rights by itself: days, and a fact that changes the last answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from actions.law import today_in
from actions.talk import Talk
from bot.understanding.answers import says
from bot.understanding.dates import parse_past_date, reads_day_first
from bot.understanding.item_words import reason_in
from bot.understanding.places import countries_of

_SHORT = 12
"""A message of so many words may change one fact of the answer before it."""
_PARTS = re.compile(r"\band\b|\bbut\b|\bthen\b|,(?!\s*20\d\d)|;|\n")


def adds_to_answer(talk: Talk) -> bool:
    """Whether a message changes a fact of the answer right above it ("I got it on 1 March")."""
    told = any(name.startswith("utter_rights_told") for name, _ in talk.last_replies)
    if not told or talk.is_tap or not talk.get("last_rights") or talk.entity("order_number"):
        return False
    if len(talk.text.split()) > _SHORT:
        return False
    days = dict(days_said(talk))
    return "received" in days or bool(reason_in(talk.text) or countries_of(talk.text))


def days_said(talk: Talk) -> Iterator[tuple[str, date]]:
    """The days that each part of a message says; "bought 10 days ago" isn't when it came."""
    day_first = reads_day_first(talk.get("rights_country"))
    for part in _PARTS.split(talk.text):
        parsed = parse_past_date(part, buyer_today(talk), day_first=day_first)
        if parsed.date:
            yield "ordered" if says(part, "ordering") else "received", parsed.date


def buyer_today(talk: Talk) -> date:
    """The day that it is where the buyer is, as far as the country is known."""
    country = talk.get("rights_country")
    return today_in(country if country and len(country) == len("PT") else None)

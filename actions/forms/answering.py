"""Reads the answers to the questions that a decision may ask, one function per kind of fact."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from actions import reading
from actions.facts import CONDITIONS, DATES, LAST_DAYS, PAST_DATES, UNKNOWN, YES_NO
from actions.identify import forget_filing, known_order
from actions.resources import get_clauses, get_desk, today
from actions.talk import Talk
from actions.wording import long_date
from bot.policy.facts import Reason, ShipmentStatus
from bot.understanding.answers import first_saying, says
from bot.understanding.categories import category_id
from bot.understanding.countries import country_code
from bot.understanding.dates import parse_past_date, reads_day_first
from bot.understanding.item_words import has_words, stated


def fact_readers() -> dict[str, Callable[[Talk], None]]:
    """Slot to reader, for every fact slot."""
    readers: dict[str, Callable[[Talk], None]] = {
        slot: partial(_read_yes_no, slot=slot) for slot in YES_NO
    }
    readers |= {slot: partial(_read_date, slot=slot) for slot in DATES}
    readers |= {
        "country": _read_country,
        "category": _read_category,
        "region": _read_region,
        "postal_code": _read_postal_code,
        "shipment": _read_shipment,
    }
    return readers


def read_reason(talk: Talk) -> None:
    """Takes the reason that the message states; another one decides anew."""
    reason = reading.reason(talk)
    if reason is None and talk.get("reason") is None:
        reason = reading.reason_beside(talk)
    if reason and reason != talk.get("reason"):
        talk.set("reason", reason)
        forget_filing(talk)


def take_stated(talk: Talk) -> None:
    """Takes states of the item that a message tells unasked ("never used, all tags on").

    Only for a change of mind: of an item that came broken, "damaged" and "opened" say how it came.
    """
    if not talk.is_tap and talk.get("reason") in (None, "change_of_mind"):
        _take_states(talk)


def take_came_empty(talk: Talk) -> None:
    """Takes an empty parcel as what it is: nothing in it can have been used or damaged."""
    if talk.is_tap or not has_words(talk.text, "came_empty"):
        return
    if talk.get("reason") in (None, Reason.SHORTAGE.value):
        talk.set("reason", Reason.SHORTAGE.value)
        for slot in ("used", "damaged_by_buyer", "seals_removed"):
            talk.set(slot, False)


def _take_states(talk: Talk) -> bool:
    new = {slot: value for slot, value in stated(talk.text).items() if talk.get(slot) is None}
    for slot, value in new.items():
        talk.set(slot, value)
    return bool(new)


def _read_yes_no(talk: Talk, slot: str) -> None:
    answer = reading.yes_no(talk, slot)
    if answer is not None:
        talk.set(slot, answer)
        if slot in CONDITIONS and not talk.is_tap:
            # "Yes, unused, all tags on" answers the next questions too.
            _take_states(talk)
    elif slot in CONDITIONS and not talk.is_tap and "?" not in talk.text and _take_states(talk):
        # It answers another question than this one.
        talk.say("utter_noted")


def _read_date(talk: Talk, slot: str) -> None:
    if reading.choice(talk, UNKNOWN):
        talk.set(slot, UNKNOWN)
        return
    is_question = "?" in talk.text and has_words(talk.text, "what_if")
    if talk.is_tap or is_question or talk.intent in reading.QUESTIONS:
        return
    order = known_order(talk)
    now = get_desk().today(order) if order else today()
    country = order.country if order else talk.get("country")
    parsed = parse_past_date(talk.text, now, day_first=reads_day_first(country))
    if parsed.date is None:
        if reading.does_not_know(talk):
            talk.set(slot, UNKNOWN)
        elif talk.intent == "inform":
            talk.ask_again("utter_date_unclear")
        return
    if slot in LAST_DAYS and parsed.date <= now and says(talk.text, "receiving"):
        # "Three days ago" is when it came, not until when the order is protected.
        talk.ask_again("utter_date_is_past", date=long_date(parsed.date))
        return
    if slot in PAST_DATES and parsed.date > now:
        talk.ask_again("utter_date_in_future", date=long_date(parsed.date))
        return
    placed_on = order.placed_on if order else _iso(talk.get("placed_on"))
    if placed_on and parsed.date < placed_on:
        talk.ask_again(
            "utter_date_before_order",
            date=long_date(parsed.date),
            placed_on=long_date(placed_on),
        )
        return
    talk.set(slot, parsed.date.isoformat())


def _read_country(talk: Talk) -> None:
    code = country_code(talk.entity("country") or talk.text)
    if code:
        talk.set("country", code)
    elif talk.intent in ("inform", "out_of_scope", "nlu_fallback") and not talk.is_tap:
        talk.ask_again("utter_country_unknown")


def _read_category(talk: Talk) -> None:
    known = get_clauses().in_force(today()).categories
    tapped = reading.choice(talk, *known, UNKNOWN)
    if talk.is_tap and not tapped:
        return
    found = tapped or category_id(talk.entity("category") or talk.text.strip())
    if found:
        talk.set("category", found)
    elif reading.does_not_know(talk):
        talk.set("category", UNKNOWN)
    elif talk.intent in ("inform", "out_of_scope", "nlu_fallback"):
        talk.ask_again("utter_category_unknown")


def _read_region(talk: Talk) -> None:
    region = UNKNOWN if reading.does_not_know(talk) else reading.short_text(talk)
    if region:
        talk.set("region", region)


def _read_postal_code(talk: Talk) -> None:
    if reading.does_not_know(talk):
        talk.set("postal_code", UNKNOWN)
        return
    code = reading.postal_code(talk)
    if code:
        talk.set("postal_code", code)
    elif talk.intent == "inform":
        talk.ask_again("utter_postal_code_unclear")


def _read_shipment(talk: Talk) -> None:
    tapped = reading.choice(talk, *(status.value for status in ShipmentStatus), UNKNOWN)
    typed = None if talk.is_tap or "?" in talk.text else first_saying(talk.text, "shipment")
    status = tapped or typed or (UNKNOWN if reading.does_not_know(talk) else None)
    if status:
        talk.set("shipment", status)


def _iso(value: str | None) -> date | None:
    return date.fromisoformat(value) if value and value != UNKNOWN else None

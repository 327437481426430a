"""What a buyer's rights are: the country, what happened, the day of receipt, and nothing else.

An order brings country, dates and kind of item, so that only what happened is left to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from actions import identify, reading
from actions.case import decide_item
from actions.facts import UNKNOWN, first_missing_slot
from actions.forms.answering import fact_readers
from actions.forms.base import Form
from actions.law import GENERAL, area_of_order, is_received, law_routes, meant_items
from actions.outcomes import ALREADY_DONE
from actions.resources import get_clauses, today
from actions.rights_said import adds_to_answer, buyer_today, days_said
from actions.talk import Talk
from actions.tell_clause import tell_cost_there
from actions.tell_rights import EU, OTHER
from actions.what_if import CHECK_AGAIN, is_what_if
from actions.wording import long_date
from bot.desk import OrderView
from bot.policy.decision import Status
from bot.policy.facts import Reason
from bot.understanding.answers import says
from bot.understanding.countries import country_code
from bot.understanding.item_words import reason_in
from bot.understanding.places import countries_of, home_of, is_the_eu

OWN = ("rights_country", "rights_places", "rights_reason", "rights_received")
_ASKED_OF_AN_ORDER = (
    "delivered_on",
    "durable",
    "discovered_on",
    "seals_removed",
    "media_unwrapped",
)
"""What the answer hangs on. A seal decides whether art. 16(e) or (i) takes the goods out."""
_NOT_READ = frozenset({"inform", "nlu_fallback", "out_of_scope", "small_talk", "other_language"})
"""Intents that an answer we can't read may have."""


class ValidateRightsForm(Form):
    """Asks only what the answer depends on; each question can be skipped."""

    form = "rights_form"
    triggers = frozenset({"ask_statutory_rights"})
    need = "ask_statutory_rights"
    resets = OWN

    def start(self, talk: Talk) -> None:
        """Takes what the message says; of the order that is meant, what was said before."""
        goes_on = dict(talk.get("last_rights")) if adds_to_answer(talk) else {}
        same_order = not talk.entity("order_number") or not identify.names_other_order(talk)
        known = talk.get("reason") if same_order else None
        super().start(talk)
        if is_what_if(talk):
            talk.set("outcome", CHECK_AGAIN)
            return
        if tell_cost_there(talk):
            talk.set("outcome", ALREADY_DONE)
            return
        for slot, value in goes_on.items():
            talk.set(slot, value)
        if talk.is_tap:
            _take_choice_of_country(talk)
        else:
            _take_place(talk, _place_said(talk))
            _take_reason(talk, reason_in(talk.text))
            _take_day(talk)
        if known and not talk.get("rights_reason") and talk.get("order_number"):
            talk.set("rights_reason", known)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        of_an_order = {slot: fact_readers()[slot] for slot in _ASKED_OF_AN_ORDER}
        return of_an_order | {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "rights_country": _read_country,
            "rights_reason": _read_reason,
            "rights_received": _read_received,
        }

    def next_step(self, talk: Talk) -> str | None:
        """The order's proof, the country, what happened, the day; None when that is enough."""
        if talk.get("outcome"):
            return None
        if talk.get("order_number") and not talk.get("rights_country"):
            step = identify.next_identity_step(talk)
            if step or talk.get("outcome"):
                return step
            talk.set("rights_country", identify.verified_order(talk).country)
        order = order_meant(talk)
        if order is not None:
            return _next_with_order(talk, order)
        return _next_without_order(talk)


def order_meant(talk: Talk) -> OrderView | None:
    """The proved order that the question is about; another country's rights have none."""
    order = identify.known_order(talk)
    return order if order and order.country == talk.get("rights_country") else None


def _next_with_order(talk: Talk, order: OrderView) -> str | None:
    if area_of_order(order) is None or not is_received(order):
        return None
    reason = talk.get("rights_reason")
    if not reason or reason == GENERAL:
        return None if reason else "rights_reason"
    items = meant_items(talk, order)
    if len(items) > 1:
        return None
    routes = law_routes(decide_item(talk, order, items[0], Reason(reason)), Reason(reason))
    # Only for the right that this reason is about; what the other hangs on is said beside it.
    waits = (route for route in routes[:1] if route.status is Status.NEEDS_INFORMATION)
    missing = tuple(path for route in waits for path in route.missing)
    step = first_missing_slot(missing, talk.slots)
    return step if step in _ASKED_OF_AN_ORDER else None


def _next_without_order(talk: Talk) -> str | None:
    country = talk.get("rights_country")
    if not country:
        return "rights_country"
    is_general = GENERAL in (country, talk.get("rights_reason"))
    if is_general or get_clauses().in_force(today()).area(country) is None:
        return None
    if not talk.get("rights_reason"):
        return "rights_reason"
    never_came = talk.get("rights_reason") == Reason.NOT_ARRIVED
    return None if never_came or talk.get("rights_received") else "rights_received"


def _read_country(talk: Talk) -> None:
    identify.take_entities(talk)
    if talk.get("order_number"):
        talk.clear("rights_places")
        return
    if talk.is_tap:
        _take_choice_of_country(talk)
        return
    if talk.intent in reading.QUESTIONS - {"ask_statutory_rights"}:
        return
    _take_reason(talk, reading.reason(talk))
    asked = talk.get("rights_places") or ()
    _take_place(talk, _place_said(talk))
    if talk.get("rights_country") or (talk.get("rights_places") or ()) != asked:
        return
    if _wants_general(talk):
        _skip_country(talk)
    elif talk.intent in _NOT_READ:
        talk.ask_again("utter_country_unknown")


def _take_choice_of_country(talk: Talk) -> None:
    tapped = talk.entity("choice") or ""
    if tapped == EU:
        talk.set("rights_places", [EU])
    elif tapped == GENERAL:
        _skip_country(talk)
    elif tapped == OTHER or country_code(tapped):
        _set_country(talk, tapped)


def _skip_country(talk: Talk) -> None:
    _set_country(talk, EU if talk.get("rights_places") == [EU] else GENERAL)
    talk.set("rights_reason", GENERAL)


def _place_said(talk: Talk) -> str:
    home = home_of(talk.text)
    return home if countries_of(home) else talk.entity("country") or talk.text


def _take_place(talk: Talk, text: str) -> None:
    if is_the_eu(text):
        talk.set("rights_places", [EU])
        return
    codes = countries_of(text)
    if len(codes) == 1:
        _set_country(talk, codes[0])
    elif codes:
        talk.set("rights_places", list(codes))


def _set_country(talk: Talk, code: str) -> None:
    talk.set("rights_country", code)
    talk.clear("rights_places")


def _read_reason(talk: Talk) -> None:
    if reading.choice(talk, GENERAL) or (not talk.is_tap and _wants_general(talk)):
        talk.set("rights_reason", GENERAL)
        return
    said = reading.reason(talk) or (None if talk.is_tap else reason_in(talk.text))
    _take_reason(talk, said)
    if said:
        _take_day(talk)
    elif not talk.is_tap and talk.intent == "inform":
        talk.ask_again("utter_rights_reason_unclear")


def _take_reason(talk: Talk, reason: str | None) -> None:
    if reason:
        talk.set("rights_reason", reason)


def _read_received(talk: Talk) -> None:
    if reading.choice(talk, UNKNOWN, GENERAL):
        talk.set("rights_received", UNKNOWN)
        return
    if talk.is_tap or talk.intent in reading.QUESTIONS:
        return
    told = _take_day(talk)
    if told:
        return
    if reading.does_not_know(talk) or _wants_general(talk):
        talk.set("rights_received", UNKNOWN)
    elif talk.intent in _NOT_READ:
        talk.ask_again("utter_date_unclear")


def _take_day(talk: Talk) -> bool:
    """Takes the day of receipt that a message says, or says what is wrong with it."""
    if talk.is_tap or order_meant(talk) is not None:
        return False
    days = {"ordered": None, "received": None} | dict(days_said(talk))
    ordered, received = days["ordered"], days["received"]
    if received is None:
        return False
    if received > buyer_today(talk):
        talk.ask_again("utter_date_in_future", date=long_date(received))
    elif ordered and received < ordered:
        both = {"date": long_date(received), "placed_on": long_date(ordered)}
        talk.ask_again("utter_date_before_order", **both)
    else:
        talk.set("rights_received", received.isoformat())
    return True


def _wants_general(talk: Talk) -> bool:
    return reading.does_not_know(talk) or says(talk.text, "in_general")

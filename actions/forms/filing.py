"""The filing dialogue: order, item, reason, what the decision lacks, the way, the summary, yes.

Source: H2 (choose items, give a reason, upload information, submit), H4 (refund method).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from rapidfuzz import fuzz

from actions import identify, reading
from actions.case import Case, current_case
from actions.facts import first_missing_slot
from actions.forms.answering import fact_readers, read_reason
from actions.forms.base import Form, states_other_reason
from actions.talk import Talk
from actions.wording import route_name
from bot.desk import OrderView, RefundMethod
from bot.policy.decision import RouteId
from bot.understanding.answers import first_saying, load_answers, says
from bot.words import label

LATER = "later"
ORIGINAL = RefundMethod.ORIGINAL_PAYMENT.value
BONUS = RefundMethod.BONUS.value
DECLINED = "declined"
NO_ROUTE = "no_route"
ROUTES_DIFFER = "routes_differ"
ALREADY_DONE = "already_done"
REFUNDS = frozenset({"refund", "full_refund"})
_SAME_NAME = 90
"""How alike a route's name and what was typed are, from 0 to 100, to be the same."""
CHANGEABLE = frozenset({"reason", "route", "refund_method", "evidence"})


class ValidateFileReturnForm(Form):
    """Collects a return request up to the buyer's explicit yes."""

    form = "file_return_form"
    triggers = frozenset({"file_return", "check_eligibility", *reading.REASONS})
    resets = ("confirm",)

    def start(self, talk: Talk) -> None:
        """Takes order number, e-mail and reason out of the first message."""
        super().start(talk)
        read_reason(talk)
        self.correct(talk)
        if not talk.is_tap:
            talk.set("first_words", talk.text)

    def correct(self, talk: Talk) -> None:
        """Another order, another item, or back to an earlier question."""
        correct_case(talk)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        own = {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "items": _read_items,
            "reason": read_reason,
            "route": _read_route,
            "evidence": _read_evidence,
            "refund_method": _read_refund_method,
            "confirm": _read_confirm,
        }
        readers = {**fact_readers(), **own}
        return {slot: or_other_reason(slot, read) for slot, read in readers.items()}

    def next_step(self, talk: Talk) -> str | None:
        """The next slot to ask for; None once confirmed, declined, or without a way."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        order = identify.verified_order(talk)
        take_items_at_hand(talk, order)
        if _tell_if_done(talk, order):
            return None
        if not talk.get("items"):
            return "items"
        if not talk.get("reason"):
            return "reason"
        case = current_case(talk)
        if case is None:
            talk.clear("items")
            return "items"
        return first_missing_slot(case.missing, talk.slots) or self._after_decision(talk, case)

    def _after_decision(self, talk: Talk, case: Case) -> str | None:
        if not case.open_routes:
            talk.set("outcome", ROUTES_DIFFER if case.any_open else NO_ROUTE)
            return None
        if talk.get("route") == DECLINED:
            talk.set("outcome", DECLINED)
            return None
        if talk.get("route") not in {route.value for route in case.open_routes}:
            talk.clear("route")
            return "route"
        if talk.get("confirm"):
            return None
        return self._before_confirmation(talk, case)

    def _before_confirmation(self, talk: Talk, case: Case) -> str:
        route = case.route(talk.get("route"))
        if route.id is not RouteId.CANCELLATION:
            if route.evidence and talk.get("evidence") is None:
                return "evidence"
            if route.remedy in REFUNDS and talk.get("refund_method") is None:
                return "refund_method"
        if talk.get("filing_key") is None:
            talk.set("filing_key", uuid.uuid4().hex)
        return "confirm"


def correct_case(talk: Talk) -> None:
    """Takes back the order, the item, or the answer to an earlier question."""
    if talk.intent == "correct_order":
        identify.take_other_order(talk)
    elif talk.intent == "correct_item":
        identify.forget_items(talk)
    elif talk.intent == "correct_answer":
        _step_back(talk)


def _step_back(talk: Talk) -> None:
    named = reading.choice(talk, *CHANGEABLE)
    target = named or talk.tracker.slots.get("last_step")
    if target == "reason":
        identify.forget_filing(talk)
    if target in ("order_number", "email"):
        identify.forget_order(talk)
    elif target == "items":
        identify.forget_items(talk)
    elif target:
        # A new key: the yes of the summary before doesn't confirm the one after.
        talk.clear(target, "confirm", "filing_key")


def or_other_reason(slot: str, read: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """Reads the answer, or the reason that the message states instead.

    A known reason changes only with a word of correction ("actually it arrived broken"): "it fell
    and cracked" answers the question for damage.
    """

    def reader(talk: Talk) -> None:
        other = None if slot == "reason" else states_other_reason(talk)
        if other and (talk.get("reason") is None or reading.is_correction(talk)):
            was_known = talk.get("reason") is not None
            read_reason(talk)
            if was_known:
                talk.say("utter_reason_changed", reason=label("reason", other))
            return
        read(talk)

    return reader


def take_items_at_hand(talk: Talk, order: OrderView) -> None:
    """Takes the only item, or the ones that the first message named."""
    if talk.get("items"):
        return
    if len(order.items) == 1:
        talk.set("items", [str(order.items[0].id)])
    elif talk.get("first_words"):
        named = reading.items_named(talk.get("first_words"), order.items)
        talk.clear("first_words")
        if named:
            talk.set("items", named)


def _tell_if_done(talk: Talk, order: OrderView) -> bool:
    """Tells when the order was cancelled, or a chosen item already stands in a request."""
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
    elif not order.paid:
        talk.say("utter_not_cancelled_unpaid", order_number=order.number)
    else:
        filed = [
            item
            for item in order.items
            if item.request_number and str(item.id) in (talk.get("items") or ())
        ]
        if not filed:
            return False
        talk.say(
            "utter_item_already_filed",
            item=filed[0].title,
            request_number=filed[0].request_number,
        )
    identify.forget_items(talk)
    talk.set("outcome", ALREADY_DONE)
    return True


def _read_items(talk: Talk) -> None:
    order = identify.known_order(talk)
    chosen = reading.items(talk, order.items) if order else None
    if chosen:
        talk.set("items", chosen)
    elif talk.intent == "inform" and not states_other_reason(talk):
        talk.ask_again("utter_item_unclear")


def _read_route(talk: Talk) -> None:
    case = current_case(talk)
    if case is None:
        return
    offered = [route.value for route in case.open_routes]
    tapped = reading.choice(talk, *offered, DECLINED)
    if tapped:
        talk.set("route", tapped)
    if talk.is_tap:
        return
    named = _named_route(talk, offered)
    if named:
        talk.set("route", named)
    elif reading.consents(talk) and len(offered) == 1:
        talk.set("route", offered[0])
    elif reading.yes_no(talk) is False:
        talk.set("route", DECLINED)
    elif talk.intent in ("affirm", "inform"):
        talk.ask_again("utter_route_unclear")


def _named_route(talk: Talk, offered: list[str]) -> str | None:
    """The route that a typed answer names, by its name or its place."""
    text = talk.text.lower()
    if "?" in text:
        return None
    places = [key for key in load_answers()["places"] if says(text, "places", key)]
    if len(places) == 1 and int(places[0]) <= len(offered):
        return offered[int(places[0]) - 1]
    names = {route: route_name(route).lower() for route in offered}
    scores = {route: fuzz.partial_ratio(name, text) for route, name in names.items()}
    good = [route for route, score in scores.items() if score >= _SAME_NAME]
    return good[0] if len(good) == 1 else None


def _read_evidence(talk: Talk) -> None:
    link = reading.link(talk)
    later = reading.choice(talk, LATER) or talk.intent in ("defer", "deny")
    has_none = not talk.is_tap and says(talk.text, "no") and says(talk.text, "no_evidence")
    if link:
        talk.set("evidence", [link])
    elif later or has_none or (not talk.is_tap and reading.yes_no(talk) is False):
        talk.set("evidence", [])
    elif talk.intent in ("inform", "affirm"):
        talk.ask_again("utter_evidence_unclear")


def _read_refund_method(talk: Talk) -> None:
    typed = None if talk.is_tap or "?" in talk.text else first_saying(talk.text, "refund_method")
    method = reading.choice(talk, ORIGINAL, BONUS) or typed
    if method and method != talk.get("refund_method"):
        talk.set("refund_method", method)
        talk.clear("filing_key")


def _read_confirm(talk: Talk) -> None:
    """Only an explicit yes confirms; a tapped yes must carry this summary's own key."""
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("filing_key"):
            talk.set("confirm", True)
        elif talk.intent == "deny":
            _offer_change(talk)
        return
    if identify.names_other_order(talk):
        identify.take_entities(talk)
    elif reading.consents(talk):
        talk.set("confirm", True)
    elif talk.get("refund_method") and first_saying(talk.text, "refund_method"):
        _read_refund_method(talk)
    elif reading.yes_no(talk) is False:
        _offer_change(talk)
    elif talk.intent == "affirm":
        talk.ask_again("utter_confirm_unclear")


def _offer_change(talk: Talk) -> None:
    talk.say("utter_ask_change")
    talk.set("misses", talk.get("misses") or 0)
    talk.set("is_changing", True)

"""The filing dialogue: order, item, reason, what the decision lacks, the way, the summary, yes.

Source: H2 (choose items, give a reason, upload information, submit), H4 (refund method).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from actions import identify, reading
from actions.case import Case, current_case
from actions.facts import first_missing_slot
from actions.forms.answering import fact_readers, read_reason
from actions.forms.base import Form, states_other_reason
from actions.talk import Talk
from bot.desk import OrderView, RefundMethod
from bot.policy.decision import RouteId
from bot.words import label

LATER = "later"
ORIGINAL = RefundMethod.ORIGINAL_PAYMENT.value
BONUS = RefundMethod.BONUS.value
DECLINED = "declined"
NO_ROUTE = "no_route"
ROUTES_DIFFER = "routes_differ"
ALREADY_DONE = "already_done"
REFUNDS = frozenset({"refund", "full_refund"})
CHANGEABLE = frozenset({"reason", "route", "refund_method", "evidence"})


class ValidateFileReturnForm(Form):
    """Collects a return request up to the buyer's explicit yes."""

    form = "file_return_form"
    triggers = frozenset({"file_return", *reading.REASONS})

    def start(self, talk: Talk) -> None:
        """Takes order number, e-mail and reason out of the first message."""
        talk.clear("outcome", "misses", "confirm")
        super().start(talk)
        read_reason(talk)
        self.correct(talk)

    def correct(self, talk: Talk) -> None:
        """Another order, another item, or back to an earlier question."""
        super().correct(talk)
        if talk.intent == "correct_item":
            identify.forget_items(talk)
        elif talk.intent == "correct_answer":
            self._step_back(talk)

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
        return {slot: _or_other_reason(slot, read) for slot, read in readers.items()}

    def next_step(self, talk: Talk) -> str | None:
        """The next slot to ask for; None once confirmed, declined, or without a way."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        order = identify.known_order(talk)
        if order is None:
            return "order_number"
        _take_only_item(talk, order)
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

    def _step_back(self, talk: Talk) -> None:
        named = reading.choice(talk, *CHANGEABLE)
        target = named or talk.tracker.slots.get("last_step")
        if target == "reason":
            identify.forget_filing(talk)
        if target in ("order_number", "email"):
            identify.forget_order(talk)
        elif target == "items":
            identify.forget_items(talk)
        elif target:
            talk.clear(target, "confirm")


def _or_other_reason(slot: str, read: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """Reads the answer; a message that states another reason instead changes the reason."""

    def reader(talk: Talk) -> None:
        read(talk)
        other = states_other_reason(talk)
        if talk.has_changed or not other or slot == "reason":
            return
        is_correction = talk.get("reason") is not None
        read_reason(talk)
        if is_correction:
            talk.say("utter_reason_changed", reason=label("reason", other))

    return reader


def _take_only_item(talk: Talk, order: OrderView) -> None:
    if not talk.get("items") and len(order.items) == 1:
        talk.set("items", [str(order.items[0].id)])


def _tell_if_done(talk: Talk, order: OrderView) -> bool:
    """Tells when the order was cancelled, or a chosen item already stands in a request."""
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
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
        talk.say("utter_item_unclear")
        talk.set("misses", (talk.get("misses") or 0) + 1)


def _read_route(talk: Talk) -> None:
    case = current_case(talk)
    if case is None:
        return
    offered = [route.value for route in case.open_routes]
    tapped = reading.choice(talk, *offered, DECLINED)
    if tapped:
        talk.set("route", tapped)
    elif talk.is_tap:
        return
    elif reading.yes_no(talk) is True:
        talk.set("route", offered[0])
    elif reading.yes_no(talk) is False:
        talk.set("route", DECLINED)


def _read_evidence(talk: Talk) -> None:
    link = reading.link(talk)
    if link:
        talk.set("evidence", [link])
    elif reading.choice(talk, LATER) or talk.intent in ("defer", "deny"):
        talk.set("evidence", [])
    elif talk.intent in ("inform", "affirm"):
        talk.say("utter_evidence_unclear")
        talk.set("misses", (talk.get("misses") or 0) + 1)


def _read_refund_method(talk: Talk) -> None:
    words = talk.text.lower()
    method = reading.choice(talk, ORIGINAL, BONUS)
    if not method and not talk.is_tap and talk.intent not in reading.QUESTIONS:
        if "bonus" in words or "fast" in words:
            method = BONUS
        elif any(word in words for word in ("original", "card", "bank", "paypal", "same way")):
            method = ORIGINAL
    if method:
        talk.set("refund_method", method)


def _read_confirm(talk: Talk) -> None:
    """Only an explicit yes confirms; a tapped yes must carry this filing's own key."""
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("filing_key"):
            talk.set("confirm", True)
        elif talk.intent == "deny":
            _offer_change(talk)
        return
    method = talk.get("refund_method")
    _read_refund_method(talk)
    if talk.get("refund_method") != method:
        return
    answer = reading.yes_no(talk)
    if answer is True and talk.intent == "affirm":
        talk.set("confirm", True)
    elif answer is False:
        _offer_change(talk)


def _offer_change(talk: Talk) -> None:
    talk.say("utter_ask_change")
    talk.set("misses", talk.get("misses") or 0)
    talk.set("is_changing", True)

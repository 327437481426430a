"""The short dialogues: look up an order, cancel it."""

from __future__ import annotations

from collections.abc import Callable

from actions import identify, reading, threads
from actions.forms.base import Form
from actions.resources import get_desk
from actions.talk import Talk
from actions.tell_tracking import asks_what_follows
from bot.desk import OrderView
from bot.policy.facts import ShipmentStatus
from bot.understanding.answers import says
from bot.understanding.order_numbers import canonical_order_number


class ValidateTrackForm(Form):
    """Finds the order for "where is my order" and "how is my request going"."""

    form = "track_form"
    triggers = frozenset({"track_request", "track_order"})
    need = "track_request"
    resets = ("asked_request",)

    def start(self, talk: Talk) -> None:
        """Remembers whether the parcel or the request is asked about."""
        if talk.intent in self.triggers:
            # Right after the requests, "when will I get it" asks for the money.
            about_request = not talk.is_tap and (
                says(talk.text, "of_a_request") or asks_what_follows(talk)
            )
            talk.set("need", "track_request" if about_request else talk.intent)
        elif talk.get("need") not in self.triggers:
            talk.set("need", "track_request")
        super().start(talk)
        if not talk.is_tap:
            threads.keep_story(talk)
        _take_request_number(talk)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Readers of number and e-mail."""
        return {"order_number": _read_number, "email": identify.read_email}

    def next_step(self, talk: Talk) -> str | None:
        """Number, then e-mail."""
        return identify.next_identity_step(talk)


def _read_number(talk: Talk) -> None:
    if not _take_request_number(talk):
        identify.read_order_number(talk)


def _take_request_number(talk: Talk) -> bool:
    """Takes a request's number and, among the orders that are proved, the order it stands under.

    What isn't under one of those is asked for its order, whether there is such a request or not.
    """
    number = reading.request_number(talk)
    if not number:
        return False
    talk.set("need", "track_request")
    talk.set("asked_request", number)
    desk = get_desk()
    for order in desk.verified_orders(talk.conversation_id):
        if any(r.number == number for r in desk.requests(talk.conversation_id, order.number)):
            talk.set("order_number", order.number)
            return True
    named = canonical_order_number(talk.entity("order_number") or "")
    if named in ("", canonical_order_number(number)):
        identify.forget_order(talk)
        talk.set("wants_other_order", True)
        talk.say("utter_request_needs_order", request_number=number)
    return True


class ValidateCancelForm(Form):
    """Finds the order and asks for an explicit yes before it is cancelled."""

    form = "cancel_form"
    triggers = frozenset({"cancel_order"})
    need = "cancel_order"
    resets = ("confirm_cancel",)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Readers of number, e-mail and the yes."""
        return {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "confirm_cancel": _read_confirm_cancel,
        }

    def next_step(self, talk: Talk) -> str | None:
        """Number, e-mail, then the yes, which only an order that wasn't shipped needs."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        if not may_be_cancelled(identify.verified_order(talk)):
            return None
        return "confirm_cancel" if talk.get("confirm_cancel") is None else None


def may_be_cancelled(order: OrderView) -> bool:
    """Whether a yes could cancel it: paid, not shipped, not cancelled, nothing of it filed (S1)."""
    shipped = order.shipment.status is not ShipmentStatus.NOT_SHIPPED
    filed = any(item.request_number for item in order.items)
    return order.paid and not (shipped or filed or order.cancellation_number)


def _read_confirm_cancel(talk: Talk) -> None:
    """Only an explicit yes cancels; a tapped one must be this order's."""
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("order_number"):
            talk.set("confirm_cancel", True)
        elif talk.intent == "deny":
            talk.set("confirm_cancel", False)
    elif identify.names_other_order(talk):
        identify.take_entities(talk)
    elif reading.consents(talk, cancelling=True):
        talk.set("confirm_cancel", True)
    elif "?" not in talk.text and (
        reading.yes_no(talk) is False
        or talk.intent in ("deny", "change_of_mind")
        or says(talk.text, "keep")
    ):
        talk.set("confirm_cancel", False)

"""Ends the cancelling dialogue (S1)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.file_return import SAID_ALREADY, cancel
from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.policy.facts import ShipmentStatus


class ActionCancelOrder(SafeAction):
    """Cancels after the explicit yes, or says what is open instead."""

    action_name = "action_cancel_order"

    def act(self, talk: Talk) -> list[EventType]:
        """Says how the order stands now."""
        outcome, confirmed = talk.get("outcome"), talk.get("confirm_cancel")
        talk.clear("outcome", "misses", "confirm_cancel")
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if order.cancellation_number:
            talk.say("utter_already_cancelled", order_number=order.number)
        elif order.shipment.status is not ShipmentStatus.NOT_SHIPPED:
            talk.say("utter_already_shipped", order_number=order.number)
        elif not order.paid:
            talk.say("utter_not_cancelled_unpaid", order_number=order.number)
        elif confirmed:
            cancel(talk, order.number)
        else:
            talk.say("utter_not_cancelled")
        return []

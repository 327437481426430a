"""Answers "the store cancelled my order" with what the order itself says."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_tracking import tell_parcel


class ActionTellCancelledByStore(SafeAction):
    """Says how the order stands, or offers to look it up."""

    action_name = "action_tell_cancelled_by_store"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says what is known; nothing is promised about the payment."""
        order = order_at_hand(talk)
        if order is None:
            talk.say("utter_order_cancelled_by_store")
            offer(talk, "utter_shall_look_up", "track_form", need="track_order")
        elif order.cancellation_number:
            talk.say(
                "utter_order_is_cancelled",
                order_number=order.number,
                cancellation_number=order.cancellation_number,
            )
            offer(talk, "utter_shall_hand_over", "action_hand_off")
        else:
            talk.say("utter_order_not_cancelled_here", order_number=order.number)
            tell_parcel(talk, order)
        return []

"""Explains the warranty: the product page (S4), and the law where the buyer lives (S7, S8, S5)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.identify import order_at_hand
from actions.offers import may_ask, offer
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_rights import FAULT, tell_last_days


class ActionTellWarranty(SafeAction):
    """Says where the warranty stands and, with an order, until when the seller answers by law."""

    action_name = "action_tell_warranty"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_warranty`, or the last days of the order's items."""
        order = order_at_hand(talk)
        if order is None:
            talk.say("utter_warranty")
            offer(talk, "utter_shall_check", "check_form", reason=FAULT.value)
            return []
        talk.say("utter_warranty_known")
        if not tell_last_days(talk, order, (FAULT,)):
            talk.say("utter_warranty_no_period")
        if may_ask(talk):
            talk.say("utter_warranty_next")
        return []

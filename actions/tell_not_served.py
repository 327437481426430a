"""Payments, accounts, changes of an order: says honestly what it can't do, and who can."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import OrderView
from bot.policy.facts import ShipmentStatus
from bot.settings import get_settings


class ActionTellNotServed(SafeAction):
    """Names the right page and offers a person; a plain yes brings them in."""

    action_name = "action_tell_not_served"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the response of the intent."""
        settings = get_settings()
        order = order_at_hand(talk)
        if not talk.form:
            talk.set("need", talk.intent)
        if talk.intent == "modify_order":
            _tell_modify(talk, order)
            return []
        if talk.intent == "account_problem":
            url = settings.account_help_url or settings.support_url
            talk.say("utter_account_problem", help_url=url)
        else:
            url = settings.payment_help_url or settings.support_url
            talk.say("utter_payment_problem", help_url=url)
        offer(talk, "utter_shall_hand_over", "action_hand_off")
        return []


def _tell_modify(talk: Talk, order: OrderView | None) -> None:
    if order is None:
        talk.say("utter_modify_order")
        return
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
    elif order.shipment.status is ShipmentStatus.NOT_SHIPPED and order.paid:
        talk.say("utter_modify_order_not_shipped", order_number=order.number)
        offer(talk, "utter_shall_cancel", "cancel_form")
    elif order.shipment.status is ShipmentStatus.NOT_SHIPPED:
        talk.say("utter_modify_order_unpaid", order_number=order.number)
    else:
        talk.say("utter_modify_order_shipped", order_number=order.number, seller=order.seller)

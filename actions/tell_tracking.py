"""Tells how a parcel or a return request is going."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.file_return import SAID_ALREADY
from actions.identify import known_order
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date, words_list
from bot.desk import OrderView
from bot.policy.facts import ShipmentStatus
from bot.words import label


class ActionTellTracking(SafeAction):
    """Says the status of the requests of an order, or of its parcel."""

    action_name = "action_tell_tracking"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what the desk knows."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if talk.get("need") == "track_order":
            tell_parcel(talk, order)
        else:
            tell_requests(talk, order)
        return []


def tell_requests(talk: Talk, order: OrderView) -> None:
    """Says each request of the order and how it stands."""
    requests = get_desk().requests(talk.conversation_id, order.number)
    if not requests:
        talk.say("utter_tracking_none", order_number=order.number)
        return
    for request in requests:
        talk.say(
            "utter_tracking_request",
            request_number=request.number,
            filed_on=long_date(request.filed_at.date()),
            items=words_list(item.title for item in request.items),
            status=label("status", request.status.value),
        )
    talk.say("utter_tracking_later")


def tell_parcel(talk: Talk, order: OrderView) -> None:
    """Says where the order's parcel is."""
    shipment = order.shipment
    values: dict[str, Any] = {"order_number": order.number}
    state = "cancelled" if order.cancellation_number else shipment.status.value
    if shipment.guaranteed_by:
        values["guaranteed_by"] = long_date(shipment.guaranteed_by)
        is_late = get_desk().today(order) > shipment.guaranteed_by
        if state == ShipmentStatus.IN_TRANSIT.value and is_late:
            state += "_late"
    if shipment.delivered_on:
        values["delivered_on"] = long_date(shipment.delivered_on)
    talk.say(f"utter_shipment_{state}", **values)

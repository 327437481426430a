"""Tells how a parcel or a return request is going, what comes next and by when."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions import threads
from actions.identify import known_order
from actions.offers import offer
from actions.outcomes import SAID_ALREADY
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date, route_name, words_list
from bot.desk import OrderView, RequestView
from bot.desk.vocabulary import RequestStatus
from bot.policy.facts import Reason, ShipmentStatus
from bot.request_words import status_words, told_by, what_comes_next
from bot.understanding.answers import says
from bot.understanding.item_words import has_words
from bot.words import say

_ENDED = frozenset({RequestStatus.REFUNDED, RequestStatus.WITHDRAWN})
"""Nothing comes next; one line is enough where there are several requests."""
_TOLD = frozenset(
    {"utter_tracking_request", "utter_tracking_ended", "utter_what_next", "utter_notice_request"}
)


class ActionTellTracking(SafeAction):
    """Says the status of the requests of an order, or of its parcel."""

    action_name = "action_tell_tracking"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says what the desk knows."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if talk.get("need") == "track_order":
            threads.drop_story(talk)
            tell_parcel(talk, order)
        elif asks_what_follows(talk):
            tell_next(talk, order)
        else:
            tell_requests(talk, order)
        return []


def asks_what_follows(talk: Talk) -> bool:
    """Whether the buyer asks, right after how the requests stand, what comes next or when."""
    asks = has_words(talk.text, "what_comes_next") or says(talk.text, "asks_when")
    told = any(name in _TOLD for name, _ in talk.last_replies)
    return asks and told and not (talk.is_tap or talk.entity("order_number"))


def tell_next(talk: Talk, order: OrderView) -> None:
    """Says only what comes next, as all else was just told; asked again, how long it takes."""
    again = any(name == "utter_what_next" for name, _ in talk.last_replies)
    requests = get_desk().requests(talk.conversation_id, order.number)
    steps = {what_comes_next(request): request for request in requests}
    if again or not steps:
        talk.say("utter_refund_time")
    elif len(steps) == 1:
        talk.say("utter_what_next", next=next(iter(steps)))
    else:
        lines = [f"– {request.number}: {step}" for step, request in steps.items()]
        talk.say("utter_what_next", next="\n" + "\n".join(lines))
    offer(talk, "utter_shall_hand_over", "action_hand_off")


def tell_requests(talk: Talk, order: OrderView) -> None:
    """Says each request of the order: how it stands, what comes next, by when.

    A request that was asked for by its number comes alone; one that isn't under this order is
    called unknown, whether it is somebody else's or nobody's.
    """
    requests = get_desk().requests(talk.conversation_id, order.number)
    asked = talk.get("asked_request")
    talk.clear("asked_request")
    if asked and asked not in {request.number for request in requests}:
        talk.say("utter_request_not_here", request_number=asked, order_number=order.number)
    elif asked:
        requests = [request for request in requests if request.number == asked]
    if not requests:
        talk.say("utter_tracking_none", order_number=order.number)
        return
    threads.drop_story(talk)
    ended = [r for r in requests if r.status in _ENDED] if len(requests) > 1 else []
    for request in requests:
        if request not in ended:
            _tell_request(talk, request)
    if ended:
        lines = "\n".join(map(_in_one_line, ended))
        cited = dict.fromkeys(clause for r in ended for clause in told_by(r))
        talk.say("utter_tracking_ended", custom={"citations": list(cited)}, requests=lines)
    offer(talk, "utter_tracking_more", "action_hand_off")


def _in_one_line(request: RequestView) -> str:
    items = words_list(item.title for item in request.items)
    return say(
        "utter_tracking_line",
        request_number=request.number,
        items=items,
        filed_on=long_date(request.filed_at.date()),
        status=status_words(request),
    )


def _tell_request(talk: Talk, request: RequestView) -> None:
    talk.say(
        "utter_tracking_request",
        custom={"citations": list(told_by(request))},
        request_number=request.number,
        route=route_name(request.route),
        filed_on=long_date(request.filed_at.date()),
        items=words_list(item.title for item in request.items),
        status=status_words(request),
        next=what_comes_next(request),
    )


def tell_parcel(talk: Talk, order: OrderView) -> None:
    """Says where the order's parcel is, by when it is guaranteed, and what is open if it's late."""
    state = _parcel_state(order)
    shipment = order.shipment
    values: dict[str, Any] = {"order_number": order.number, "seller": order.seller}
    for name in ("guaranteed_by", "delivered_on", "shipped_on"):
        day = getattr(shipment, name)
        values[name] = long_date(day) if day else ""
    values["tracking"] = (
        " " + say("utter_tracking_number", number=shipment.tracking_number)
        if shipment.tracking_number and state not in ("not_shipped", "unpaid", "cancelled")
        else ""
    )
    talk.say(f"utter_shipment_{state}", **values)
    if state in ("in_transit_late", "not_shipped_late", "lost"):
        reason = Reason.NOT_ARRIVED.value
        offer(talk, "utter_shall_refund", "file_return_form", reason=reason)
    elif state in ("not_shipped", "not_shipped_undated"):
        offer(talk, "utter_shall_cancel", "cancel_form")


def _parcel_state(order: OrderView) -> str:
    """The parcel's state as the responses `utter_shipment_...` name it."""
    shipment = order.shipment
    if order.cancellation_number:
        return "cancelled"
    if not order.paid:
        return "unpaid"
    state = shipment.status.value
    if shipment.status is ShipmentStatus.DELIVERED:
        return state if shipment.delivered_on else f"{state}_undated"
    if shipment.status is ShipmentStatus.LOST:
        return state
    if shipment.guaranteed_by is None:
        return f"{state}_undated"
    is_late = get_desk().today(order) > shipment.guaranteed_by
    return f"{state}_late" if is_late else state

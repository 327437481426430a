"""Ends the cancelling dialogue (S1)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.case import decide_as_told
from actions.file_return import cancel
from actions.identify import known_order
from actions.offers import may_ask
from actions.outcomes import SAID_ALREADY
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.ways import way_lines, ways
from actions.wording import citations, words_list
from bot.desk import ItemView, OrderView
from bot.policy.decision import Route, RouteId, Status
from bot.policy.facts import Reason, ShipmentStatus

_UNDELIVERED = frozenset({ShipmentStatus.IN_TRANSIT, ShipmentStatus.LOST})


class ActionCancelOrder(SafeAction):
    """Cancels after the explicit yes, or says what is open instead."""

    action_name = "action_cancel_order"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says how the order stands now."""
        outcome, confirmed = talk.get("outcome"), talk.get("confirm_cancel")
        talk.clear("outcome", "misses", "confirm_cancel")
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if not _tell_why_not(talk, order):
            if confirmed:
                cancel(talk, order.number)
            else:
                talk.say("utter_not_cancelled")
        return []


def _tell_why_not(talk: Talk, order: OrderView) -> bool:
    """Says why the order can't be cancelled, if so, and what is open instead."""
    filed = [item.request_number for item in order.items if item.request_number]
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
    elif order.shipment.status is not ShipmentStatus.NOT_SHIPPED:
        tell_after_shipping(talk, order)
    elif filed:
        talk.say("utter_not_cancelled_filed", request_number=filed[0])
    elif not order.paid:
        talk.say("utter_not_cancelled_unpaid", order_number=order.number)
    else:
        return False
    return True


def tell_after_shipping(talk: Talk, order: OrderView) -> None:
    """Says that it was shipped, and for each item what is open now and later, from the policy."""
    talk.say("utter_already_shipped", order_number=order.number)
    blocks: dict[str, tuple[list[str], list[Route]]] = {}
    for item in order.items:
        routes = _open_ways(talk, order, item) if item.pieces_left else []
        if routes:
            blocks.setdefault(way_lines(routes), ([], routes))[0].append(item.title)
    for lines, (titles, routes) in blocks.items():
        custom = {"citations": citations(routes)}
        talk.say("utter_other_ways", custom=custom, item=words_list(titles), ways=lines)
    filed = [item for item in order.items if item.request_number]
    if filed:
        talk.say(
            "utter_filed_before",
            items=words_list(item.title for item in filed),
            numbers=words_list(dict.fromkeys(str(item.request_number) for item in filed)),
        )
    if may_ask(talk):
        talk.say(_next(order, [route for _, routes in blocks.values() for route in routes]))


def _next(order: OrderView, routes: list[Route]) -> str:
    """The question that fits what is open."""
    if order.shipment.status is ShipmentStatus.DELIVERED:
        return "utter_shipped_next_delivered"
    late = any(r.id is RouteId.BUYER_PROTECTION and r.status is Status.OPEN for r in routes)
    return "utter_shipped_next_late" if late else "utter_shipped_next_on_its_way"


def _open_ways(talk: Talk, order: OrderView, item: ItemView) -> list[Route]:
    """What a change of mind opens; for a parcel on its way, also what its not arriving does."""
    routes = ways(decide_as_told(talk, order, item, Reason.CHANGE_OF_MIND))
    if order.shipment.status in _UNDELIVERED:
        missing = decide_as_told(talk, order, item, Reason.NOT_ARRIVED)
        protection = missing.route(RouteId.BUYER_PROTECTION)
        is_open = protection.status is Status.OPEN
        return [protection, *routes] if is_open else [*routes, protection]
    return routes

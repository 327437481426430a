"""Cancellation before the seller ships (S1)."""

from __future__ import annotations

from bot.policy.decision import PaidBy
from bot.policy.facts import ShipmentStatus
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import IN_HANDS, delivered


def cancellation(route: RouteBuilder) -> None:
    """Decides the cancellation of an order.

    Args:
        route: the route to fill.
    """
    route.paid_by = PaidBy.NOTHING_TO_RETURN
    route.cite("S1")
    facts = route.facts
    if not facts.order.paid:
        route.close("S1", "not_paid")
        route.change("S1", "once_paid")
    if facts.reason in IN_HANDS or delivered(facts):
        _close_shipped(route)
    elif facts.order.shipment is None:
        route.need("order.shipment")
    elif facts.order.shipment is ShipmentStatus.NOT_SHIPPED:
        route.note("S1", "open")
    else:
        _close_shipped(route)


def _close_shipped(route: RouteBuilder) -> None:
    route.close("S1", "shipped")
    route.change("S1", "sooner")

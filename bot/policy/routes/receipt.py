"""Whether the buyer has the item, and the periods that count from that day."""

from __future__ import annotations

from datetime import date
from enum import Enum

from dateutil.relativedelta import relativedelta

from bot.policy.facts import Facts, Reason, ShipmentStatus
from bot.policy.routes.builder import RouteBuilder

IN_HANDS = frozenset(
    {
        Reason.ARRIVED_DAMAGED,
        Reason.NOT_AS_DESCRIBED,
        Reason.SHORTAGE,
        Reason.STOPPED_WORKING,
    }
)
"""Reasons that only a buyer who has the item can give, whatever the carrier says."""

_ON_THE_WAY = frozenset(
    {ShipmentStatus.NOT_SHIPPED, ShipmentStatus.IN_TRANSIT, ShipmentStatus.LOST}
)


class Receipt(Enum):
    """Whether the buyer has the item."""

    RECEIVED = "received"
    NOT_RECEIVED = "not_received"
    UNKNOWN = "unknown"


def delivered(facts: Facts) -> bool:
    """Whether the order says that the parcel was delivered."""
    order = facts.order
    return order.delivered_on is not None or order.shipment is ShipmentStatus.DELIVERED


def receipt(facts: Facts) -> Receipt:
    """Whether the buyer has the item; the buyer's own word counts most."""
    if facts.reason in IN_HANDS:
        return Receipt.RECEIVED
    if facts.reason is Reason.NOT_ARRIVED:
        return Receipt.NOT_RECEIVED
    if delivered(facts):
        return Receipt.RECEIVED
    return Receipt.NOT_RECEIVED if facts.order.shipment in _ON_THE_WAY else Receipt.UNKNOWN


def is_unrecorded(facts: Facts) -> bool:
    """Whether the buyer has an item that the carrier doesn't report as delivered.

    The day of receipt isn't asked then: it would contradict the order's own record.
    """
    order = facts.order
    return (
        facts.reason in IN_HANDS
        and order.delivered_on is None
        and order.shipment in (ShipmentStatus.NOT_SHIPPED, ShipmentStatus.IN_TRANSIT)
    )


def later(day: date, **period: int) -> date:
    """A day and a period after it, such as `days=15`; the calendar's last day at most."""
    try:
        return day + relativedelta(**period)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return date.max


def apply_deadline(route: RouteBuilder, clause: str, last_day: date, **values: int) -> None:
    """Closes a route after its last day, else notes the day.

    Args:
        route: the route; its `last_day` is set.
        clause: clause that names the period, with sentences in_time, too_late and sooner.
        last_day: last day to take it.
        values: more values for its sentences.
    """
    route.last_day = last_day
    if route.asked_on > last_day:
        route.close(clause, "too_late", last_day=last_day, **values)
        route.change(clause, "sooner", last_day=last_day, **values)
    else:
        route.note(clause, "in_time", last_day=last_day, **values)

"""Buyer Protection: the marketplace's guarantee (P, X, H)."""

from __future__ import annotations

from datetime import date

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason, ShipmentStatus
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.exceptions import ITEM_EXCEPTIONS, exclude_by_condition, exclude_by_trait
from bot.policy.routes.receipt import delivered, later

_COVERED = frozenset(
    {Reason.NOT_ARRIVED, Reason.ARRIVED_DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.SHORTAGE}
)


def buyer_protection(route: RouteBuilder) -> None:
    """Decides Buyer Protection.

    Args:
        route: the route to fill.
    """
    reason = route.facts.reason
    route.cite("P1", "P3", "H2", "H4")
    if reason is not None and reason not in _COVERED:
        label = route.rules.texts.reasons[reason].label
        route.close("P3", "not_covered", reason=label)
        route.change("P3", "covered_reasons")
        return
    _check_reason(route, reason)
    exclude_by_trait(route, ITEM_EXCEPTIONS)
    _check_period(route)
    if reason is not None and reason is not Reason.NOT_ARRIVED:
        exclude_by_condition(route)


def _check_reason(route: RouteBuilder, reason: Reason | None) -> None:
    if reason is None:
        route.need("reason")
        return
    texts = route.rules.texts.reasons[reason]
    route.evidence = texts.evidence
    if reason is Reason.NOT_ARRIVED:
        route.paid_by = PaidBy.NOTHING_TO_RETURN
        _check_arrival(route)
    else:
        route.note("P3", "covered", reason=texts.label)


def _check_arrival(route: RouteBuilder) -> None:
    order = route.facts.order
    if order.shipment is ShipmentStatus.LOST:
        route.note("P3", "lost")
    elif delivered(route.facts):
        route.support("P3", "carrier_says_delivered")
    elif order.guaranteed_by is None:
        route.need("order.guaranteed_by")
    elif route.asked_on <= order.guaranteed_by:
        _close_until_late(route, order.guaranteed_by)
    else:
        route.note("P3", "late", guaranteed_by=order.guaranteed_by)


def _close_until_late(route: RouteBuilder, guaranteed_by: date) -> None:
    route.close("P3", "not_late_yet", guaranteed_by=guaranteed_by)
    route.close("H1", "talk_first")
    route.change("P3", "once_late", guaranteed_by=guaranteed_by)
    next_day = later(guaranteed_by, days=1)
    ends_on = route.facts.order.protection_ends_on
    if ends_on is None or next_day <= ends_on:
        route.opens_on = next_day
        route.change("P3", "opens_on", opens_on=next_day)


def _check_period(route: RouteBuilder) -> None:
    ends_on = route.facts.order.protection_ends_on
    if ends_on is None:
        # Without a reason nothing can be open yet; the date is asked for once it matters.
        if route.facts.reason is not None:
            route.need("order.protection_ends_on")
        return
    route.last_day = ends_on
    if route.asked_on > ends_on:
        route.opens_on = None
        route.close("P1", "period_over", last_day=ends_on)
        route.change("P1", "sooner", last_day=ends_on)
    else:
        route.note("P1", "open_until", last_day=ends_on)

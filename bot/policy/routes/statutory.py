"""What the routes by law have in common: the country, and periods from receipt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import (
    IN_HANDS,
    Receipt,
    apply_deadline,
    is_unrecorded,
    later,
    receipt,
)


def is_elsewhere(route: RouteBuilder, clause: str) -> bool:
    """Closes a route for deliveries outside its clause's countries, or asks for the country.

    Args:
        route: the route.
        clause: S6, S7, S8 or S9.

    Returns:
        Whether the country closed it, so that nothing else about it matters.
    """
    country = route.facts.order.country
    if country is None:
        route.need("order.country")
    elif country not in covered_countries(route, clause):
        route.close(clause, "other_country")
        route.change(clause, "this_country")
    return route.is_closed


def covered_countries(route: RouteBuilder, clause: str) -> tuple[str, ...]:
    """The countries of a clause, with territories where it names any."""
    rules = route.rules
    countries: tuple[str, ...] = rules.param(clause, "countries")
    if "territories" in rules.clause(clause).parameters:
        countries += rules.param(clause, "territories")
    return countries


def check_change_of_mind_period(route: RouteBuilder, clause: str) -> None:
    """Applies the days of S6 or S9, which count from receipt and are open before it.

    Args:
        route: the route; any reason will do.
        clause: S6 or S9.
    """
    facts = route.facts
    delivered_on = facts.order.delivered_on
    if delivered_on is None:
        if receipt(facts) is Receipt.NOT_RECEIVED or is_unrecorded(facts):
            route.note(clause, "before_delivery")
        else:
            route.need("order.delivered_on")
        return
    last_day = later(delivered_on, days=route.rules.param(clause, "days"))
    if facts.reason is Reason.NOT_ARRIVED and route.asked_on > last_day:
        # The period starts when the buyer has the item, which is just what is in dispute.
        route.support(clause, "disputed")
        return
    apply_deadline(route, clause, last_day)


def check_fault_period(
    route: RouteBuilder, clause: str, last_day_after: Callable[[date], date | None]
) -> None:
    """Applies the period of S7 or S8 to a faulty item.

    Args:
        route: the route.
        clause: S7 or S8.
        last_day_after: the last day for a day of receipt; None when a fact is missing for it.
    """
    reason = route.facts.reason
    if reason is None:
        route.need("reason")
    elif reason is Reason.NOT_ARRIVED:
        route.close(clause, "not_received")
        route.change(clause, "once_received")
        return
    elif reason not in IN_HANDS:
        route.close(clause, "not_a_fault")
        route.change(clause, "a_fault")
        return
    else:
        route.evidence = route.rules.texts.reasons[reason].evidence
    delivered_on = route.facts.order.delivered_on
    if is_unrecorded(route.facts):
        route.support(clause, "not_recorded")
    elif delivered_on is not None:
        last_day = last_day_after(delivered_on)
        if last_day is not None:
            apply_deadline(route, clause, last_day)
    elif reason is not None:
        route.need("order.delivered_on")

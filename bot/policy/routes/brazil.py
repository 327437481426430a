"""Rights by law in Brazil, as the page states them (S8, S9, S10)."""

from __future__ import annotations

from datetime import date

from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import later
from bot.policy.routes.statutory import (
    check_change_of_mind_period,
    check_fault_period,
    is_elsewhere,
)


def br_regret(route: RouteBuilder) -> None:
    """Decides Brazil's right of regret (S9).

    Args:
        route: the route to fill.
    """
    route.cite("S9")
    if is_elsewhere(route, "S9"):
        return
    check_change_of_mind_period(route, "S9")
    if not route.rules.has("S10"):
        return
    traits = route.rules.traits(route.facts)
    if traits is None:
        route.need("item.category")
    elif not traits.isdisjoint(route.rules.param("S10", "traits")):
        route.support("S10", "special")
        route.support("P2", "rule")


def br_warranty(route: RouteBuilder) -> None:
    """Decides Brazil's legal warranty (S8).

    Args:
        route: the route to fill.
    """
    route.cite("S8")
    if is_elsewhere(route, "S8"):
        return
    check_fault_period(route, "S8", lambda day: _last_day(route, day))


def _last_day(route: RouteBuilder, delivered_on: date) -> date | None:
    rules = route.rules
    durable = rules.durable(route.facts)
    days = {True: rules.param("S8", "days_durable"), False: rules.param("S8", "days_non_durable")}
    if durable is not None:
        return later(delivered_on, days=days[durable])
    longest = later(delivered_on, days=max(days.values()))
    if route.asked_on > longest:
        return longest
    route.need("item.durable" if route.facts.item.category else "item.category")
    return None

"""Rights by law in the European Union, as the page states them (S6, S7)."""

from __future__ import annotations

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import Receipt, later, receipt
from bot.policy.routes.statutory import (
    check_change_of_mind_period,
    check_fault_period,
    is_elsewhere,
)


def eu_withdrawal(route: RouteBuilder) -> None:
    """Decides the EU's right to return without a reason (S6).

    Args:
        route: the route to fill.
    """
    arrived = route.facts.reason is not Reason.NOT_ARRIVED
    route.paid_by = PaidBy.BUYER if arrived else PaidBy.NOTHING_TO_RETURN
    route.cite("S6")
    if is_elsewhere(route, "S6"):
        return
    check_change_of_mind_period(route, "S6")
    if arrived:
        route.note("S6", "buyer_pays")
    if route.rules.traits(route.facts) is None:
        route.need("item.category")
    elif _is_special(route):
        route.support("S6", "special")
        route.support("S10", "special")
        route.support("P2", "rule")


def _is_special(route: RouteBuilder) -> bool:
    rules = route.rules
    traits = rules.traits(route.facts) or frozenset()
    if not traits.isdisjoint(rules.param("S6", "special_traits")):
        return True
    if rules.has("S10") and not traits.isdisjoint(rules.param("S10", "traits")):
        return True
    if receipt(route.facts) is not Receipt.RECEIVED:
        return False
    condition = route.facts.condition
    special = False
    for name, path, opened in (
        ("sealed_traits", "condition.seals_removed", condition.seals_removed),
        ("copiable_traits", "condition.media_unwrapped", condition.media_unwrapped),
    ):
        if traits.isdisjoint(rules.param("S6", name)):
            continue
        if opened is None:
            route.need(path)
        special = special or opened is True
    return special


def eu_conformity(route: RouteBuilder) -> None:
    """Decides the EU's legal warranty (S7).

    Args:
        route: the route to fill.
    """
    route.cite("S7")
    if is_elsewhere(route, "S7"):
        return
    years = route.rules.param("S7", "years")
    check_fault_period(route, "S7", lambda day: later(day, years=years))

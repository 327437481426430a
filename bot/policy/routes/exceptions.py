"""The program's exceptions, X1 to X7 and F9.2 to F9.6, for the routes that heed them."""

from __future__ import annotations

from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder

ITEM_EXCEPTIONS = ("X1", "X2", "X3", "X6")
"""They exclude the item as such."""

FREE_RETURN_EXCEPTIONS = ("F9.2", "F9.3", "F9.4", "F9.5", "F9.6")

CAME_FAULTY = frozenset({Reason.ARRIVED_DAMAGED, Reason.SHORTAGE})


def exclude_by_trait(route: RouteBuilder, clauses: tuple[str, ...]) -> None:
    """Closes a route for an item with a trait that one of the clauses excludes."""
    rules = route.rules
    traits = rules.traits(route.facts)
    if traits is None:
        route.need("item.category")
        return
    for clause in clauses:
        if rules.has(clause) and not traits.isdisjoint(rules.param(clause, "traits")):
            route.close(clause, "excluded")
            route.change(clause, "other_item")


def exclude_by_condition(route: RouteBuilder) -> None:
    """Applies X4, X5 and X7 to a received item."""
    condition = route.facts.condition
    traits = route.rules.traits(route.facts) or frozenset()
    if route.rules.has("X4") and traits.isdisjoint(route.rules.param("X4", "without_body")):
        _check_damage(route)
    if route.rules.has("X5"):
        check(route, "condition.used", condition.used, True, ("X5", "used"), ("X5", "unused"))
    if route.rules.has("X7"):
        _check_wrapping(route)


def _check_damage(route: RouteBuilder) -> None:
    condition = route.facts.condition
    change = ("X4", "kept_whole")
    check(
        route,
        "condition.damaged_by_buyer",
        condition.damaged_by_buyer,
        True,
        ("X4", "damaged_by_buyer"),
        change,
    )
    # Missing packaging or seals stand in X4 as examples of the buyer's damage; an item that
    # came damaged or incomplete has another cause, so the words don't close it.
    open_words = route.facts.reason in CAME_FAULTY
    for path, value, bad, code in (
        ("condition.packaging_kept", condition.packaging_kept, False, "packaging_gone"),
        ("condition.seals_removed", condition.seals_removed, True, "seals_removed"),
    ):
        if open_words and value is bad:
            route.support("X4", "came_that_way")
        else:
            check(route, path, value, bad, ("X4", code), change)


def _check_wrapping(route: RouteBuilder) -> None:
    traits = route.rules.traits(route.facts)
    if traits is None or traits.isdisjoint(route.rules.param("X7", "traits")):
        return
    unwrapped = route.facts.condition.media_unwrapped
    path = "condition.media_unwrapped"
    check(route, path, unwrapped, True, ("X7", "unwrapped"), ("X7", "wrapped"))


def check(
    route: RouteBuilder,
    path: str,
    value: bool | None,
    bad: bool,
    closing: tuple[str, str],
    change: tuple[str, str],
) -> None:
    """Closes a route on a fact, or asks for it.

    Args:
        route: the route.
        path: the fact's path.
        value: the fact; None when unknown.
        bad: the value that closes it.
        closing: clause and code of the "no".
        change: clause and code of what would have changed it.
    """
    if value is None:
        route.need(path)
    elif value is bad:
        route.close(*closing)
        route.change(*change)

"""The right to withdraw from a distance contract in the EU (Directive 2011/83/EU)."""

from __future__ import annotations

from datetime import date

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.law_periods import apply_end, latest, moved
from bot.policy.routes.receipt import Receipt, later, receipt
from bot.policy.routes.statutory import is_elsewhere, waits_for_receipt
from bot.policy.rulebook import EU
from bot.policy.working_days import LastDay

PERIOD = "EU-2011/83-9(1)"
_SEVERAL = "EU-2011/83-9(2)(b)"
_NOT_INFORMED = "EU-2011/83-10"
_COST = "EU-2011/83-14(1)"
_LOSS = "EU-2011/83-14(2)"

_BY_KIND = ("EU-2011/83-16(c)", "EU-2011/83-16(d)", "EU-2011/83-16(m)")
_BY_SEAL = (
    ("EU-2011/83-16(e)", "condition.seals_removed", "seals_removed"),
    ("EU-2011/83-16(i)", "condition.media_unwrapped", "media_unwrapped"),
)


def eu_withdrawal(route: RouteBuilder) -> None:
    """Decides the EU's right of withdrawal; only art. 16 takes goods out, not the program.

    Args:
        route: the route to fill.
    """
    arrived = route.facts.reason is not Reason.NOT_ARRIVED
    route.paid_by = PaidBy.BUYER if arrived else PaidBy.NOTHING_TO_RETURN
    route.cite("S6", PERIOD)
    if is_elsewhere(route, EU):
        return
    _check_period(route)
    if arrived:
        route.note(_COST, "buyer_pays")
    _check_exceptions(route)
    if receipt(route.facts) is Receipt.RECEIVED:
        _note_loss(route)
    page_position(route)


def page_position(route: RouteBuilder) -> None:
    """Tells what the page says of special items, next to what the law gives (S10, P2)."""
    traits = route.rules.traits(route.facts) or frozenset()
    if route.rules.has("S10") and not traits.isdisjoint(route.rules.param("S10", "traits")):
        route.note("S10", "page_position")
        route.note("P2", "rule")


def _check_period(route: RouteBuilder) -> None:
    if waits_for_receipt(route, PERIOD):
        return
    order = route.facts.order
    start = order.delivered_on or date.min
    several = route.rules.has(_SEVERAL)
    if several and order.more_to_come:
        route.note(_SEVERAL, "more_to_come")
        return
    if several and order.last_delivered_on and order.last_delivered_on > start:
        start = order.last_delivered_on
        route.note(_SEVERAL, "last_item", last_item_on=start)
    basic = moved(route, later(start, days=route.rules.param(PERIOD, "days")), EU)
    end = _with_extension(route, start, basic)
    if route.facts.reason is Reason.NOT_ARRIVED and route.asked_on > end.day:
        # The period starts when the buyer has the item, which is just what is in dispute.
        route.support(PERIOD, "disputed")
        return
    apply_end(route, PERIOD, end, EU)


def _with_extension(route: RouteBuilder, start: date, basic: LastDay) -> LastDay:
    """The end for a buyer who wasn't told of the right, or only late (art. 10)."""
    if _was_informed(route):
        return basic
    months = route.rules.param(_NOT_INFORMED, "months")
    told_on = route.facts.order.withdrawal_informed_on
    if told_on is None or told_on > later(start, months=months):
        end = latest(basic, moved(route, later(basic.day, months=months), EU))
        route.note(_NOT_INFORMED, "longer", last_day=end.day)
        return end
    if told_on > start:
        route.note(_NOT_INFORMED, "informed_late", informed_on=told_on)
    days = route.rules.param(PERIOD, "days")
    return latest(basic, moved(route, later(told_on, days=days), EU))


def _was_informed(route: RouteBuilder) -> bool:
    order = route.facts.order
    if not route.rules.has(_NOT_INFORMED):
        return True
    if order.withdrawal_informed is not None:
        return order.withdrawal_informed
    told_on = order.withdrawal_informed_on
    if told_on is not None:
        return order.delivered_on is not None and told_on <= order.delivered_on
    return bool(route.rules.param(_NOT_INFORMED, "informed"))


def _check_exceptions(route: RouteBuilder) -> None:
    if route.rules.traits(route.facts) is None:
        route.need("item.category")
        return
    for clause in _BY_KIND:
        _exclude(route, clause)
    if receipt(route.facts) is not Receipt.RECEIVED:
        return
    for clause, path, name in _BY_SEAL:
        opened = getattr(route.facts.condition, name)
        if opened is None and _concerns(route, clause):
            route.need(path)
        elif opened:
            _exclude(route, clause)


def _exclude(route: RouteBuilder, clause: str) -> None:
    """Closes the route for a kind of item, or leaves it to a person where it isn't sure.

    A category tells only what most of its items are, which is too little to say no by law.
    """
    rules = route.rules
    if not rules.has(clause):
        return
    traits = rules.traits(route.facts) or frozenset()
    excluded = not traits.isdisjoint(rules.param(clause, "traits"))
    if excluded and route.facts.item.traits is not None:
        route.close(clause, "excluded")
        route.change(clause, "other_item")
    elif excluded or not traits.isdisjoint(rules.param(clause, "unclear_traits")):
        route.support(clause, "unclear")


def _concerns(route: RouteBuilder, clause: str) -> bool:
    rules = route.rules
    if not rules.has(clause):
        return False
    kinds = {*rules.param(clause, "traits"), *rules.param(clause, "unclear_traits")}
    return not kinds.isdisjoint(rules.traits(route.facts) or ())


def _note_loss(route: RouteBuilder) -> None:
    condition = route.facts.condition
    if not (condition.used or condition.damaged_by_buyer):
        return
    route.note(_LOSS, "diminished" if _was_informed(route) else "not_liable")

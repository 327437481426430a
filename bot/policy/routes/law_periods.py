"""Periods of law: their last day, moved where the law moves it, and the sentences for it."""

from __future__ import annotations

from datetime import date

from bot.policy.routes.builder import RouteBuilder
from bot.policy.rulebook import BRAZIL, EU
from bot.policy.working_days import DayOff, LastDay, RestDays, last_day, region_of

_MOVING = {EU: "EU-1182/71-3(4)", BRAZIL: "BR-CC-132§1"}


def moved(route: RouteBuilder, counted: date, area: str) -> LastDay:
    """The end of a period in the buyer's calendar.

    Args:
        route: the route, for the address and the clauses.
        counted: the day that plain counting gives.
        area: `EU` or `BRAZIL`, whose clause moves it.
    """
    clause, order = _MOVING[area], route.facts.order
    rules = route.rules
    if order.country is None or not rules.has(clause):
        return LastDay(counted, counted, counted)
    rest = RestDays(rules.param(clause, "rest_days"), rules.param(clause, "doubtful_rest_days"))
    postal_regions = rules.param(clause, "postal_regions")
    region = region_of(order.country, order.region, order.postal_code, postal_regions)
    return last_day(counted, order.country, region, rest, rules.texts.locale)


def latest(*ends: LastDay) -> LastDay:
    """The end that comes last, so that an extension never shortens."""
    return max(ends, key=lambda end: end.day)


def apply_end(route: RouteBuilder, clause: str, end: LastDay, area: str) -> None:
    """Closes a route after the end of a period, else notes it; says why the day moved.

    Args:
        route: the route; its `last_day` is set.
        clause: clause that names the period, with sentences in_time, too_late and sooner.
        end: from `moved`.
        area: `EU` or `BRAZIL`.
    """
    route.last_day = end.day
    over = route.asked_on > end.day
    say = route.close if over else route.note
    say(clause, "too_late" if over else "in_time", last_day=end.day)
    if over:
        route.change(clause, "sooner", last_day=end.day)
    moving = _MOVING[area]
    if end.moved_by:
        days = {"counted_day": end.counted, "last_day": end.safe}
        say(moving, f"moved_{_kind(end.moved_by)}", **days, **_why(end.moved_by))
    if end.may_move_by:
        days = {"safe_day": end.safe, "last_day": end.day}
        say(moving, f"may_move_{_kind(end.may_move_by)}", **days, **_why(end.may_move_by))


def _kind(off: DayOff) -> str:
    return "holiday" if off.holiday else "weekend"


def _why(off: DayOff) -> dict[str, str]:
    return {"holiday": off.holiday, "place": off.place or ""} if off.holiday else {}

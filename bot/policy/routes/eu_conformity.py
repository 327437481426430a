"""The seller's liability for faults in the EU (Directive (EU) 2019/771)."""

from __future__ import annotations

from datetime import date

from bot.policy.decision import PaidBy
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import IN_HANDS, later
from bot.policy.routes.statutory import is_elsewhere, is_for_this_fault
from bot.policy.rulebook import EU
from bot.policy.texts import EarlierPeriod, NationalPeriod
from bot.policy.working_days import place_name

PERIOD = "EU-2019/771-10(1)"
NATIONAL = "EU-2019/771-10(3)"
_EARLIER = "EU-2019/771-24(2)"
_PRESUMED = "EU-2019/771-11(1)"
_REPAIR = "EU-2024/1799-16"


def eu_conformity(route: RouteBuilder) -> None:
    """Decides the EU's legal guarantee.

    The two years are the time in which the fault must show, not a time to act in, so a day off
    at their end moves nothing.

    Args:
        route: the route to fill.
    """
    route.paid_by = PaidBy.SELLER
    route.cite("S7", PERIOD)
    if is_elsewhere(route, EU):
        return
    if not route.rules.has(PERIOD):
        _leave_to_earlier_law(route)
        return
    if not is_for_this_fault(route, PERIOD):
        return
    delivered_on = route.facts.order.delivered_on or date.min
    _check_period(route, delivered_on)
    if not route.is_closed:
        _note_burden_of_proof(route, delivered_on)


def national_period(route: RouteBuilder) -> NationalPeriod | None:
    """The row of the country whose law holds for this order; None where none does."""
    row = _row(route)
    return row if row and row.since <= _contract_day(route) else None


def _leave_to_earlier_law(route: RouteBuilder) -> None:
    """A contract of before the directive: what the law was isn't told here, but may be open."""
    if route.rules.has(_EARLIER) and route.facts.reason in IN_HANDS:
        route.support(_EARLIER, "earlier_law")
    else:
        route.close_not_in_force(PERIOD, _contract_day(route))


def _row(route: RouteBuilder) -> NationalPeriod | None:
    country = route.facts.order.country
    if country is None or not route.rules.has(NATIONAL):
        return None
    state = route.rules.law_of(country)
    row: NationalPeriod | None = route.rules.param(NATIONAL, "periods").get(state)
    return row


def _contract_day(route: RouteBuilder) -> date:
    return route.facts.order.placed_on or route.asked_on


def _law_of_the_day(route: RouteBuilder) -> NationalPeriod | EarlierPeriod | None:
    """The country's law on the day of the contract; None where the directive's figures hold."""
    row = _row(route)
    return row.before if row and row.since > _contract_day(route) else row


def _check_period(route: RouteBuilder, delivered_on: date) -> None:
    least = int(route.rules.param(PERIOD, "years"))
    row = _law_of_the_day(route)
    if row is not None and row.years is None:
        _check_open_end(route, row, later(delivered_on, years=least))
        return
    years = max(least, row.years or least) if row else least
    last_day = later(delivered_on, years=years)
    if route.facts.complaint.repair_chosen and route.rules.has(_REPAIR):
        last_day = later(last_day, months=route.rules.param(_REPAIR, "months"))
    if not _left_to_a_person(route, last_day, years):
        _apply(route, last_day, years)
    if route.is_closed:
        return
    if row and years > least:
        route.note(NATIONAL, "longer", years=years, **_source(route, row))
    if route.facts.complaint.repair_chosen:
        route.note(_REPAIR, "prolonged", last_day=last_day)


def _left_to_a_person(route: RouteBuilder, last_day: date, years: int) -> bool:
    """Whether a no is too much to say after the last day; a person looks instead."""
    row = _row(route)
    shown_on = route.facts.condition.discovered_on
    if row is None or route.asked_on <= last_day or (shown_on and shown_on <= last_day):
        return False
    if row.also:
        route.support(NATIONAL, "also_past", safe_day=last_day, years=years, also=row.also)
    elif not row.checked:
        place = _source(route, row)
        route.support(
            NATIONAL, "past_unchecked", safe_day=last_day, place=place["place"], act=row.act
        )
    return bool(row.also) or not row.checked


def _apply(route: RouteBuilder, last_day: date, years: int) -> None:
    shown_on = route.facts.condition.discovered_on
    route.last_day = last_day
    if route.asked_on <= last_day:
        route.note(PERIOD, "in_time", last_day=last_day, years=years)
    elif shown_on and shown_on <= last_day:
        # It showed in time; how long a claim lasts after that is the country's limitation.
        route.last_day = None
        route.support(PERIOD, "shown_in_time", shown_on=shown_on, last_day=last_day)
    else:
        route.close(PERIOD, "too_late", last_day=last_day, years=years)
        route.change(PERIOD, "sooner", last_day=last_day, years=years)


def _check_open_end(route: RouteBuilder, row: NationalPeriod | EarlierPeriod, least: date) -> None:
    over = route.asked_on > least
    say = route.support if over else route.note
    code = "past_the_least" if over else "no_fixed_end"
    say(NATIONAL, code, safe_day=least, **_source(route, row))


def _source(route: RouteBuilder, row: NationalPeriod | EarlierPeriod) -> dict[str, str]:
    state = route.rules.law_of(route.facts.order.country or "")
    place = place_name(state, route.rules.texts.locale)
    return {"place": place, "act": row.act, "article": row.article}


def _note_burden_of_proof(route: RouteBuilder, delivered_on: date) -> None:
    if not route.rules.has(_PRESUMED):
        return
    row = national_period(route)
    years = max(route.rules.param(_PRESUMED, "years"), row.presumed_years if row else 0)
    until = later(delivered_on, years=years)
    if (route.facts.condition.discovered_on or route.asked_on) <= until:
        route.note(_PRESUMED, "presumed", presumed_until=until)
    else:
        route.note(_PRESUMED, "not_presumed")

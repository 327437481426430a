"""Rights by law in Brazil: regret, and the warranty (Consumer Code, Lei 8.078/1990)."""

from __future__ import annotations

from datetime import date, timedelta

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.eu_withdrawal import page_position
from bot.policy.routes.law_periods import apply_end, moved
from bot.policy.routes.receipt import later
from bot.policy.routes.statutory import is_elsewhere, is_for_this_fault, waits_for_receipt
from bot.policy.rulebook import BRAZIL

REGRET = "BR-CDC-49"
_MONEY_BACK = "BR-CDC-49§"
WARRANTY = "BR-CDC-26"
_NON_DURABLE, _DURABLE = "BR-CDC-26-I", "BR-CDC-26-II"
_CLOCK_STOPS = "BR-CDC-26§2-I"
_HIDDEN = "BR-CDC-26§3"
_CURE = "BR-CDC-18§1"
_AFTER_CURE = "your_choice"


def br_regret(route: RouteBuilder) -> None:
    """Decides Brazil's right of regret.

    Args:
        route: the route to fill.
    """
    arrived = route.facts.reason is not Reason.NOT_ARRIVED
    route.paid_by = PaidBy.SELLER if arrived else PaidBy.NOTHING_TO_RETURN
    route.cite("S9", REGRET)
    if is_elsewhere(route, BRAZIL):
        return
    _check_regret_period(route)
    if arrived:
        route.note(_MONEY_BACK, "seller_pays")
    page_position(route)


def _check_regret_period(route: RouteBuilder) -> None:
    if waits_for_receipt(route, REGRET):
        return
    received_on = route.facts.order.delivered_on or date.min
    end = moved(route, later(received_on, days=route.rules.param(REGRET, "days")), BRAZIL)
    if route.facts.reason is Reason.NOT_ARRIVED and route.asked_on > end.day:
        # The period starts when the buyer has the item, which is just what is in dispute.
        route.support(REGRET, "disputed")
        return
    apply_end(route, REGRET, end, BRAZIL)


def br_warranty(route: RouteBuilder) -> None:
    """Decides Brazil's legal warranty.

    Args:
        route: the route to fill.
    """
    route.paid_by = PaidBy.SELLER
    route.cite("S8", WARRANTY)
    if is_elsewhere(route, BRAZIL) or not is_for_this_fault(route, WARRANTY):
        return
    _check_warranty_period(route, route.facts.order.delivered_on or date.min)
    if not route.is_closed:
        _note_cure(route)


def _check_warranty_period(route: RouteBuilder, delivered_on: date) -> None:
    start = _start(route, delivered_on)
    complaint = route.facts.complaint
    clause = _period_clause(route, start)
    if clause is None:
        return
    counted = later(start, days=route.rules.param(clause, "days"))
    if complaint.made_on and complaint.made_on <= moved(route, counted, BRAZIL).day:
        if complaint.answered_on is None:
            route.note(_CLOCK_STOPS, "stopped", made_on=complaint.made_on)
            return
        counted = later(counted, days=(complaint.answered_on - complaint.made_on).days)
        days = {"made_on": complaint.made_on, "answered_on": complaint.answered_on}
        end = moved(route, counted, BRAZIL)
        route.note(_CLOCK_STOPS, "went_on", last_day=end.day, **days)
    end = moved(route, counted, BRAZIL)
    if route.asked_on > end.day and _may_be_hidden(route) and _shown_on(route) is None:
        route.need("condition.discovered_on")
        return
    apply_end(route, clause, end, BRAZIL)


def _start(route: RouteBuilder, delivered_on: date) -> date:
    """The day from which it counts: the delivery, or when a hidden fault showed."""
    if not route.rules.has(_HIDDEN) or not _may_be_hidden(route):
        return delivered_on
    shown_on = _shown_on(route)
    if shown_on is None:
        route.note(_HIDDEN, "from_discovery")
        return delivered_on
    start = max(delivered_on, shown_on)
    route.note(_HIDDEN, "hidden", shown_on=start)
    return start


def _may_be_hidden(route: RouteBuilder) -> bool:
    """A fault that came later couldn't be seen on arrival."""
    hidden = route.facts.condition.hidden_defect
    return route.facts.reason is Reason.STOPPED_WORKING if hidden is None else hidden


def _shown_on(route: RouteBuilder) -> date | None:
    """When the fault showed; a complaint about it is proof that it had shown by then."""
    return route.facts.condition.discovered_on


def _period_clause(route: RouteBuilder, start: date) -> str | None:
    """The clause with the period: durable goods or not; None while that must be asked."""
    rules = route.rules
    durable = rules.durable(route.facts)
    if durable is not None:
        return _DURABLE if durable else _NON_DURABLE
    longest = max(_NON_DURABLE, _DURABLE, key=lambda clause: rules.param(clause, "days"))
    end = moved(route, later(start, days=rules.param(longest, "days")), BRAZIL)
    waits = route.facts.complaint.made_on is not None or _may_be_hidden(route)
    if route.asked_on > end.day and not waits:
        return longest
    route.need("item.durable" if route.facts.item.category else "item.category")
    return None


def _note_cure(route: RouteBuilder) -> None:
    """The seller's days to put it right, and the buyer's choice after them (art. 18)."""
    complaint = route.facts.complaint
    if not route.rules.has(_CURE) or complaint.made_on is None or complaint.cured:
        return
    cure_ends = complaint.made_on + timedelta(days=route.rules.param(_CURE, "days"))
    over = route.asked_on > cure_ends
    route.note(_CURE, "choice" if over else "cure", cure_ends=cure_ends)
    if over:
        route.remedy = _AFTER_CURE

"""What holds whatever the route: the law beside the program, exchanges, complaints, flags."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from bot.policy.decision import Finding, Route, RouteId, Status
from bot.policy.facts import Facts, OrderFacts, Reason
from bot.policy.routes.receipt import later
from bot.policy.rulebook import EU, Rulebook

_EXCHANGE_REASONS = frozenset(
    {Reason.ARRIVED_DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.STOPPED_WORKING}
)
_LATE_DELIVERY = "EU-2011/83-18"

Wanted = tuple[str, str, dict[str, str | date]]
"""Clause id, code and values of a note."""


def notes(
    facts: Facts, rules: Rulebook, routes: list[Route], asked_on: date
) -> tuple[Finding, ...]:
    """The notes of a decision.

    Args:
        facts: what was decided from.
        rules: the clauses in force.
        routes: the routes as decided, best first.
        asked_on: day of the question.

    Returns:
        Findings, the most important first.
    """
    status = {route.id: route.status for route in routes}
    wanted: list[Wanted] = []
    if Status.CLOSED in status.values():
        wanted.append(_law_note(rules, routes))
        wanted.append(("S5", local_law(rules, facts.order), {}))
    wanted += _late_delivery(facts, rules, asked_on)
    if flags(facts, rules):
        wanted.append(("F12", "flagged", {}))
    if status[RouteId.FREE_RETURN] is not Status.CLOSED:
        wanted += [("F11", "rule", {}), ("F13", "rule", {})]
    if facts.reason in _EXCHANGE_REASONS:
        wanted.append(("S2", "rule", {}))
    if Status.OPEN not in status.values() or Status.ASK_SUPPORT in status.values():
        wanted.append(("S3", "rule", {}))
    if facts.reason is Reason.STOPPED_WORKING:
        wanted.append(("S4", "rule", {}))
    return tuple(rules.say(id_, code, **values) for id_, code, values in wanted if rules.has(id_))


def flags(facts: Facts, rules: Rulebook) -> tuple[str, ...]:
    """Clauses that ask for a person's look; never a refusal.

    Args:
        facts: with the buyer's recent requests.
        rules: the clauses in force.
    """
    threshold = rules.param("F12", "requests") if rules.has("F12") else None
    return ("F12",) if threshold is not None and facts.recent_requests >= threshold else ()


def _law_note(rules: Rulebook, routes: Iterable[Route]) -> Wanted:
    texts = rules.texts.routes
    names = [
        texts[route.id].name
        for route in routes
        if texts[route.id].statutory and route.status is not Status.CLOSED
    ]
    if names:
        return ("P2", "law_open", {"routes": ", ".join(names)})
    return ("P2", "law_stays", {})


def local_law(rules: Rulebook, order: OrderFacts) -> str:
    """Which sentence of S5 fits a country: one for its kind, or that no period is named.

    Args:
        rules: the clauses in force.
        order: with the country; its postal code may be of a place outside the law's area.
    """
    country = order.country
    if country is None or rules.area(country, order.postal_code):
        return "rule"
    clause = rules.clause("S5") if rules.has("S5") else None
    kinds = clause.parameters if clause else ()
    return next((k for k in kinds if country in rules.param("S5", k)), "no_period_named")


def _late_delivery(facts: Facts, rules: Rulebook, asked_on: date) -> list[Wanted]:
    """What the law adds for a parcel in the EU that is late (art. 18)."""
    order = facts.order
    if facts.reason is not Reason.NOT_ARRIVED or not rules.has(_LATE_DELIVERY):
        return []
    if order.country is None or rules.area(order.country, order.postal_code) != EU:
        return []
    due_on = order.guaranteed_by
    if due_on is None and order.placed_on:
        due_on = later(order.placed_on, days=rules.param(_LATE_DELIVERY, "days"))
    if due_on is None or asked_on <= due_on:
        return []
    return [(_LATE_DELIVERY, "late", {"due_on": due_on})]

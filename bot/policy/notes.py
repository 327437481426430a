"""What holds whatever the route: the law beside the program, exchanges, complaints, flags."""

from __future__ import annotations

from collections.abc import Iterable

from bot.policy.decision import Finding, Route, RouteId, Status
from bot.policy.facts import Facts, Reason
from bot.policy.rulebook import Rulebook

_EXCHANGE_REASONS = frozenset(
    {Reason.ARRIVED_DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.STOPPED_WORKING}
)
_COUNTRY_CLAUSES = ("S6", "S7", "S8", "S9")


def notes(facts: Facts, rules: Rulebook, routes: list[Route]) -> tuple[Finding, ...]:
    """The notes of a decision.

    Args:
        facts: what was decided from.
        rules: the clauses in force.
        routes: the routes as decided, best first.

    Returns:
        Findings, the most important first.
    """
    status = {route.id: route.status for route in routes}
    wanted: list[tuple[str, str, dict[str, str]]] = []
    if Status.CLOSED in status.values():
        wanted.append(_law_note(rules, routes))
        unnamed = facts.order.country and not _has_named_period(rules, facts.order.country)
        wanted.append(("S5", "no_period_named" if unnamed else "rule", {}))
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


def _law_note(rules: Rulebook, routes: Iterable[Route]) -> tuple[str, str, dict[str, str]]:
    texts = rules.texts.routes
    names = [
        texts[route.id].name
        for route in routes
        if texts[route.id].statutory and route.status is not Status.CLOSED
    ]
    if names:
        return ("P2", "law_open", {"routes": ", ".join(names)})
    return ("P2", "law_stays", {})


def _has_named_period(rules: Rulebook, country: str) -> bool:
    return any(
        country in rules.param(clause, name)
        for clause in _COUNTRY_CLAUSES
        if rules.has(clause)
        for name in ("countries", "territories")
        if name in rules.clause(clause).parameters
    )

"""The ways a decision leaves open, one line each, for dialogues that tell more than one thing."""

from __future__ import annotations

from collections.abc import Iterable

from actions.wording import route_name, told_routes
from bot.policy.decision import Decision, Finding, Route, RouteId, Status
from bot.words import say

_IF_RECEIVED = frozenset({"not_received", "not_arrived"})
"""A closed way with one of these findings opens with the delivery."""
_LESS_BACK = "diminished"
"""What a used item lost in value may be kept back: told wherever the way is told."""


def ways(decision: Decision, *, without: Iterable[RouteId] = ()) -> list[Route]:
    """What is open, what depends on something, and what opens later, best first.

    Args:
        decision: the decision.
        without: routes that were told already.
    """
    left_out = frozenset(without)
    return [r for r in told_routes(decision) if r.id not in left_out and way_line(r)]


def way_lines(routes: Iterable[Route]) -> str:
    """Ways as a list, one line each."""
    return "\n".join(dict.fromkeys(filter(None, map(way_line, routes))))


def way_line(route: Route) -> str:
    """One way in one line; empty for one that is closed for good."""
    if route.status is Status.CLOSED:
        return _later(route)
    name = route_name(route.id)
    if route.status is Status.OPEN:
        why = [*route.findings[:2], *(f for f in route.findings[2:] if f.code == _LESS_BACK)]
        return say("utter_way_open", route=name, why=_sentences(why))
    if route.status is Status.NEEDS_INFORMATION and route.findings and _only_condition(route):
        return say("utter_way_if_unused", route=name, why=_sentences(route.findings[:1]))
    if route.status is Status.ASK_SUPPORT:
        return say("utter_way_person", route=name, why=_sentences(route.findings[:1]))
    return say("utter_way_depends", route=name)


def _later(route: Route) -> str:
    opens = route.opens_on or any(finding.code in _IF_RECEIVED for finding in route.findings)
    if not opens or not route.would_change:
        return ""
    why = route.findings[:1] if route.opens_on else route.would_change[:1]
    return say("utter_way_later", route=route_name(route.id), why=_sentences(why))


def _only_condition(route: Route) -> bool:
    return all(path.startswith("condition.") for path in route.missing)


def _sentences(findings: Iterable[Finding]) -> str:
    return " ".join(f"{finding.text} ({finding.clause})" for finding in findings)

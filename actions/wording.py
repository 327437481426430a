"""Puts decisions, dates and lists into the chat's words; the words themselves are data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.lists import format_list

from actions.resources import get_clauses
from bot.policy.decision import Citation, Decision, Route, RouteId, Status
from bot.words import say

_MARKS = {
    Status.OPEN: "✓",
    Status.ASK_SUPPORT: "?",
    Status.NEEDS_INFORMATION: "?",
    Status.CLOSED: "✗",
}
_BESIDE_THE_POINT = frozenset({"other_country", "other_reason"})
"""Findings that say a route is for somebody else; the chat leaves those routes out."""


def long_date(day: date | str) -> str:
    """A date with its weekday, such as "Thursday 3 December 2026".

    Args:
        day: a date, or one in ISO form.
    """
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return format_date(value, "EEEE d MMMM y", locale=get_clauses().texts.locale)


def words_list(words: Iterable[str]) -> str:
    """Words as a list, such as "a, b and c", in the data's language."""
    return format_list(list(words), locale=get_clauses().texts.locale)


def told_routes(decision: Decision) -> list[Route]:
    """The routes worth telling this buyer, best first."""
    return [r for r in decision.routes if not _is_beside_the_point(r)]


def explain(decision: Decision, intro: str) -> str:
    """The decision in plain words: each route's state, why, until when and who pays.

    Args:
        decision: what the policy decided.
        intro: the sentence before it.
    """
    blocks = [intro, *(_explain_route(route) for route in told_routes(decision))]
    blocks += [note.text for note in decision.notes if note.clause in ("P2", "S5")]
    return "\n\n".join(blocks)


def intro_for(decision: Decision, item: str) -> str:
    """The sentence before an explanation: good news, a person's turn, or a kind no."""
    statuses = {route.status for route in decision.routes}
    if Status.OPEN in statuses:
        return say("utter_decision_open", item=item)
    if statuses & {Status.ASK_SUPPORT, Status.NEEDS_INFORMATION}:
        return say("utter_decision_ask_support", item=item)
    return say("utter_decision_none_open", item=item)


def decision_custom(decision: Decision) -> dict[str, Any]:
    """The decision's card and citations; everything in the card is in the text too."""
    texts = get_clauses().texts
    routes = [
        {
            "id": route.id.value,
            "name": texts.routes[route.id].name,
            "status": route.status.value,
            "status_label": texts.statuses[route.status.value],
            "last_day": long_date(route.last_day) if route.last_day else None,
            "paid_by": texts.paid_by[route.return_paid_by.value],
        }
        for route in told_routes(decision)
    ]
    return {
        "card": {"type": "decision", "routes": routes},
        "citations": citations(told_routes(decision)),
    }


def citations(routes: Iterable[Route]) -> list[dict[str, str]]:
    """The clauses that decided these routes, each once."""
    by_id: dict[str, Citation] = {}
    for route in routes:
        for citation in route.clauses:
            by_id.setdefault(citation.id, citation)
    return [
        {"id": c.id, "title": c.title, "section": c.section, "quote": c.quote}
        for c in by_id.values()
    ]


def route_name(route_id: str | RouteId) -> str:
    """A route's name."""
    return get_clauses().texts.routes[RouteId(route_id)].name


def _is_beside_the_point(route: Route) -> bool:
    closed = route.status is Status.CLOSED
    return closed and any(f.code in _BESIDE_THE_POINT for f in route.findings)


def _explain_route(route: Route) -> str:
    texts = get_clauses().texts
    head = f"{_MARKS[route.status]} {texts.routes[route.id].name}: "
    head += texts.statuses[route.status.value] + "."
    shown = route.findings if route.status is not Status.CLOSED else route.findings[:2]
    why = [f"{finding.text} ({finding.clause})" for finding in shown]
    change = [f.text for f in route.would_change[:1]] if route.status is Status.CLOSED else []
    return " ".join([head, *why, *change])

"""What chat and help page both say of a decision; the words themselves are data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from babel.lists import format_list

from bot.policy.clauses_by_day import Clauses
from bot.policy.decision import Citation, Decision, Route, RouteId, Status
from bot.policy.wording import long_date as in_words
from bot.settings import get_settings
from bot.shop import shop_clauses
from bot.words import say

_MARKS = {
    Status.OPEN: "✓",
    Status.ASK_SUPPORT: "?",
    Status.NEEDS_INFORMATION: "?",
    Status.CLOSED: "✗",
}
_UNDECIDED = (Status.ASK_SUPPORT, Status.NEEDS_INFORMATION)
_BESIDE_THE_POINT = frozenset({"other_country", "other_reason", "shipped"})
"""Findings that say a route is for somebody else, or for a parcel that hasn't left; the chat leaves
those routes out."""
_OTHER_REASONS = frozenset({"not_covered", "not_a_fault", "other_reason"})
"""Findings that say a route is for other reasons. While a way is open, that much will do."""
_NO_NEWS = "sooner"
"""Says the same last day as the "no" before it."""


def long_date(day: date | str) -> str:
    """A date with its weekday, such as "Thursday 3 December 2026".

    Args:
        day: a date, or one in ISO form.
    """
    value = date.fromisoformat(day) if isinstance(day, str) else day
    return in_words(value, _clauses().texts.locale)


def words_list(words: Iterable[str]) -> str:
    """Words as a list, such as "a, b and c", in the data's language."""
    return format_list(list(words), locale=_clauses().texts.locale)


def told_routes(decision: Decision) -> list[Route]:
    """The routes worth telling this buyer, best first."""
    return [r for r in decision.routes if not _is_beside_the_point(r)]


def explain(decision: Decision, intro: str) -> str:
    """The decision in plain words: each way's state, why, until when and who pays.

    Ways that are open come in full. Closed ones come with their reason in one line each, and
    where the program is closed the law's ways follow (P2).

    Args:
        decision: what the policy decided.
        intro: the sentence before it.
    """
    routes = told_routes(decision)
    lines = _lines(routes)
    blocks = [intro]
    blocks += [lines[r.id] for r in routes if r.status is Status.OPEN]
    blocks += [lines[r.id] for r in routes if r.status in _UNDECIDED]
    closed = [lines[r.id] for r in routes if r.status is Status.CLOSED]
    blocks += ["\n".join(closed)] if closed else []
    return "\n\n".join([*blocks, *notes_told(decision)])


def notes_told(decision: Decision) -> list[str]:
    """The notes that follow an explanation: what the law adds (P2), or that it stays (S5)."""
    told = _told_notes(told_routes(decision))
    return [note.text for note in decision.notes if note.clause in told]


def _lines(routes: list[Route]) -> dict[RouteId, str]:
    """The line of the explanation that tells each way."""
    has_way = any(route.status is Status.OPEN for route in routes)
    return {
        route.id: _in_full(route)
        if route.status is Status.OPEN
        else _in_short(route, has_way and route.status is Status.CLOSED)
        for route in routes
    }


def briefly(decision: Decision) -> str:
    """Each way in one line: its name, its state or reason, and the clause."""
    return "\n".join(_in_one_line(route) for route in told_routes(decision))


def open_ways(decision: Decision) -> str:
    """The names of the ways that are open, as a list; empty when none is."""
    names = [route_name(r.id) for r in decision.routes if r.status is Status.OPEN]
    return words_list(names) if names else ""


def _in_one_line(route: Route) -> str:
    if route.status is Status.NEEDS_INFORMATION or not route.findings:
        return _head(route) + f"{_clauses().texts.statuses[route.status.value]}."
    finding = route.findings[0]
    return f"{_head(route)}{finding.text} ({finding.clause})"


def _told_notes(routes: list[Route]) -> set[str]:
    texts = _clauses().texts.routes
    open_ones = [texts[route.id] for route in routes if route.status is Status.OPEN]
    told = set()
    if all(text.statutory for text in open_ones):
        told.add("P2")
    if not any(texts[route.id].statutory for route in routes):
        told.add("S5")
    return told


def intro_for(decision: Decision, item: str) -> str:
    """The sentence before an explanation: good news, a person's turn, or a kind no."""
    statuses = {route.status for route in decision.routes}
    if Status.OPEN in statuses:
        best = next(r for r in decision.routes if r.status is Status.OPEN)
        return _answer(best, item, decision.asked_on)
    if statuses & {Status.ASK_SUPPORT, Status.NEEDS_INFORMATION}:
        return say("utter_decision_ask_support", item=item)
    return say("utter_decision_none_open", item=item)


def decision_custom(decision: Decision) -> dict[str, Any]:
    """The decision's card and citations; everything in the card is in the text too.

    Of each way the card has the `line` of the explanation that tells it, so that a client which
    shows the card needn't show that line again, and `why`: what is left of it beside the card's
    name and state.
    """
    texts = _clauses().texts
    lines = _lines(told_routes(decision))
    routes = [
        {
            "id": route.id.value,
            "name": texts.routes[route.id].name,
            "status": route.status.value,
            "status_label": texts.statuses[route.status.value],
            "last_day": long_date(route.last_day) if route.last_day else None,
            "paid_by": texts.paid_by[route.return_paid_by.value],
            "line": lines[route.id],
            "why": lines[route.id]
            .removeprefix(_head(route))
            .removeprefix(f"{texts.statuses[route.status.value]}.")
            .strip(),
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
    return [dict(vars(citation)) for citation in by_id.values()]


def route_name(route_id: str | RouteId) -> str:
    """A route's name."""
    return _clauses().texts.routes[RouteId(route_id)].name


def told_key(decision: Decision) -> str:
    """Names what a decision says, so that the same isn't told twice in a row."""
    return "/".join(f"{r.id.value}={r.status.value}:{r.last_day}" for r in decision.routes)


def _is_beside_the_point(route: Route) -> bool:
    closed = route.status is Status.CLOSED
    return closed and any(f.code in _BESIDE_THE_POINT for f in route.findings)


def _head(route: Route) -> str:
    texts = _clauses().texts
    return f"{_MARKS[route.status]} {texts.routes[route.id].name}: "


def _in_full(route: Route) -> str:
    status = _clauses().texts.statuses[route.status.value]
    why = [f"{finding.text} ({finding.clause})" for finding in route.findings]
    return _head(route) + " ".join([f"{status}.", *why])


def _answer(best: Route, item: str, today: date) -> str:
    """The answer in one sentence: the best way, until when, by which clause."""
    name, clause = route_name(best.id), best.findings[0].clause
    if not best.last_day:
        return say("utter_decision_open", item=item, route=name, clause=clause)
    day = long_date(best.last_day)
    is_last = best.last_day == today
    response = "utter_decision_open_today" if is_last else "utter_decision_open_until"
    return say(response, item=item, route=name, clause=clause, last_day=day)


def _in_short(route: Route, has_other_way: bool = False) -> str:
    texts = _clauses().texts
    if route.status is Status.NEEDS_INFORMATION:
        lacks = words_list(texts.facts[path] for path in route.missing)
        return f"{_head(route)}{texts.statuses[route.status.value]}: {lacks}."
    said = [f"{finding.text} ({finding.clause})" for finding in route.findings[:1]]
    is_for_others = has_other_way and any(f.code in _OTHER_REASONS for f in route.findings)
    if route.status is Status.CLOSED and not is_for_others:
        said += [f.text for f in route.would_change[:1] if f.code != _NO_NEWS]
    return _head(route) + " ".join(said)


def _clauses() -> Clauses:
    return shop_clauses(get_settings())

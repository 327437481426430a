"""A decision for people to read; its words are clause data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.policy.decision import Decision, Finding, Route, Status
from bot.policy.texts import Texts
from bot.policy.wording import long_date


def to_text(decision: Decision, texts: Texts) -> str:
    """A decision as plain text.

    Args:
        decision: what `decide` returned.
        texts: words for its ids.

    Returns:
        Lines, without one at the end.
    """
    return "\n".join(_lines(decision, texts))


def _lines(decision: Decision, texts: Texts) -> Iterator[str]:
    heads = texts.headings
    yield f"{heads['asked_on']}: {long_date(decision.asked_on, texts.locale)}"
    for route in decision.routes:
        yield ""
        yield f"{texts.routes[route.id].name}: {texts.statuses[route.status.value]}"
        yield from (f"  {line}" for line in _route_lines(route, texts))
    if decision.notes:
        yield ""
        yield f"{heads['notes']}:"
        yield from (f"  {line}" for line in _sentences(decision.notes))
    if decision.flags:
        yield f"{heads['flags']}: {', '.join(decision.flags)}"
    if decision.missing:
        yield ""
        yield f"{heads['next_question']}: {texts.facts[decision.missing[0]]}"


def _route_lines(route: Route, texts: Texts) -> Iterator[str]:
    heads = texts.headings
    yield from _sentences(route.findings)
    if route.opens_on:
        yield f"{heads['opens_on']}: {long_date(route.opens_on, texts.locale)}"
    if route.status is Status.CLOSED:
        if route.would_change:
            yield f"{heads['would_change']}:"
            yield from (f"  {line}" for line in _sentences(route.would_change))
    else:
        yield from _offer_lines(route, texts)
    yield f"{heads['clauses']}: {', '.join(c.id for c in route.clauses)}"


def _offer_lines(route: Route, texts: Texts) -> Iterator[str]:
    heads = texts.headings
    if route.missing:
        yield f"{heads['missing']}: {'; '.join(texts.facts[path] for path in route.missing)}"
    if route.last_day:
        yield f"{heads['last_day']}: {long_date(route.last_day, texts.locale)}"
    yield f"{heads['return_paid_by']}: {texts.paid_by[route.return_paid_by.value]}"
    yield f"{heads['remedy']}: {texts.remedies[route.remedy]}"
    if route.tells:
        yield f"{heads['tells']}:"
        yield from (f"  {line}" for line in _sentences(told.finding for told in route.tells))
    if route.evidence:
        yield f"{heads['evidence']}: {'; '.join(texts.evidence[id_] for id_ in route.evidence)}"


def _sentences(findings: Iterable[Finding]) -> Iterator[str]:
    return (f"{finding.text} ({finding.clause})" for finding in findings)

"""A decision as JSON, for the command line and for the desk's snapshots."""

from __future__ import annotations

from typing import Any

from bot.policy.decision import Citation, Decision, Finding, Route


def to_json(decision: Decision) -> dict[str, Any]:
    """A decision in plain JSON types; docs/policy.md has the form.

    Args:
        decision: what `decide` returned.

    Returns:
        A dict with stable keys; dates are ISO strings.
    """
    best = decision.best
    return {
        "asked_on": decision.asked_on.isoformat(),
        "best": best.id.value if best else None,
        "routes": [_route(route) for route in decision.routes],
        "notes": [_finding(finding) for finding in decision.notes],
        "flags": list(decision.flags),
        "missing": list(decision.missing),
    }


def _route(route: Route) -> dict[str, Any]:
    return {
        "id": route.id.value,
        "status": route.status.value,
        "last_day": route.last_day.isoformat() if route.last_day else None,
        "opens_on": route.opens_on.isoformat() if route.opens_on else None,
        "return_paid_by": route.return_paid_by.value,
        "remedy": route.remedy,
        "evidence": list(route.evidence),
        "findings": [_finding(finding) for finding in route.findings],
        "would_change": [_finding(finding) for finding in route.would_change],
        "missing": list(route.missing),
        "clauses": [_citation(citation) for citation in route.clauses],
        "tells": [
            {
                "aspect": told.aspect,
                **_finding(told.finding),
                "citation": _citation(told.citation),
            }
            for told in route.tells
        ],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {**vars(finding), "values": dict(finding.values)}


def _citation(citation: Citation) -> dict[str, Any]:
    return dict(vars(citation))

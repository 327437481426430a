"""Puts a buyer's rights by law into words: the answer first, then what it takes, then the program.

What is said of a right is clause data; here it is only put in order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from actions.law import CONFORMITY, FAULTS, WITHDRAWAL, law_routes
from actions.resources import get_clauses, today
from actions.ways import way_lines
from actions.wording import route_name, told_routes, words_list
from bot.policy.decision import Citation, Decision, Finding, Route, RouteId, Status
from bot.policy.facts import Reason
from bot.words import label, say

RULE_OF = {
    RouteId.EU_WITHDRAWAL: "EU-2011/83-9(1)",
    RouteId.EU_CONFORMITY: "EU-2019/771-10(1)",
    RouteId.BR_REGRET: "BR-CDC-49",
    RouteId.BR_WARRANTY: "BR-CDC-26",
}
"""The clause that holds the right itself, told while its dates aren't known."""
LATE_DELIVERY = "EU-2011/83-18"
_SAID_AS_COST = frozenset({"buyer_pays", "seller_pays"})
"""Findings that `tells` says as what it costs."""
_EXCEPTIONS = tuple(f"EU-2011/83-16({point})" for point in "cdei")
_CATEGORY = "item.category"
_NOT_OPEN_YET = (Status.NEEDS_INFORMATION, Status.ASK_SUPPORT)


@dataclass(frozen=True)
class Answer:
    """What is told of somebody's rights.

    Attributes:
        text: in words.
        citations: the clauses it rests on, by id.
        withdraws: whether a change of mind is still possible by law.
        claims: whether the seller answers for a fault by law.
    """

    text: str
    citations: dict[str, Citation] = field(default_factory=dict)
    withdraws: bool = False
    claims: bool = False

    @property
    def sources(self) -> list[dict[str, str]]:
        """The citations as the chat shows them."""
        return [asdict(citation) for citation in self.citations.values()]


def answer(decision: Decision, reason: Reason) -> Answer:
    """A buyer's rights for one reason.

    Args:
        decision: what the policy says.
        reason: what happened.
    """
    routes = law_routes(decision, reason)
    parts: list[str] = []
    late = [note for note in decision.notes if note.clause == LATE_DELIVERY]
    if late:
        parts.append(_sentences(late))
    elif reason is Reason.NOT_ARRIVED:
        parts.append(_when_due(decision))
    for place, route in enumerate(routes):
        parts.append(_in_full(route) if place == 0 else _in_addition(route))
    return Answer(
        "\n\n".join(filter(None, parts)),
        _cited(routes, late),
        withdraws=_has(routes, WITHDRAWAL),
        claims=_has(routes, CONFORMITY),
    )


def both_periods(decisions: Iterable[tuple[str, Decision]]) -> Answer:
    """A warranty whose period depends on the kind of item, told for each kind.

    Args:
        decisions: what the items are, in a few words, and the decision on such an item.
    """
    lines, last = [], None
    for kind, decision in decisions:
        last = law_routes(decision, Reason.STOPPED_WORKING)[0]
        lines.append(say("utter_rights_kind", kind=kind, why=_sentences(_why(last))))
    if last is None:
        return Answer("")
    return Answer(
        "\n".join([*lines, "", *_what_it_takes(last)]).strip(),
        _cited([last], []),
        claims=_has([last], CONFORMITY),
    )


def program(decision: Decision, reason: Reason) -> str:
    """The program's ways beside the law, and which of all is the better one and why.

    Args:
        decision: what the policy says.
        reason: what happened.
    """
    ways = program_ways(decision)
    law = next((r for r in law_routes(decision, reason) if r.status is not Status.CLOSED), None)
    if not ways:
        return say("utter_rights_no_program") if law else say("utter_rights_nothing_open")
    blocks = [say("utter_rights_program", ways=way_lines(ways)), _better(ways[0], law)]
    return "\n\n".join(filter(None, blocks))


def program_ways(decision: Decision) -> list[Route]:
    """The program's own routes that aren't closed for this buyer, best first."""
    texts = get_clauses().texts.routes
    return [
        route
        for route in told_routes(decision)
        if route.status is not Status.CLOSED and not texts[route.id].statutory
    ]


def _better(way: Route, law: Route | None) -> str:
    """The better of the two ways with its reason, where the page and the law tell one."""
    if law is None:
        return ""
    why = label("better", f"{way.id.value}_{law.id.value}")
    if why and way.status is not Status.ASK_SUPPORT:
        name = "utter_rights_better" if way.status is Status.OPEN else "utter_rights_better_if"
        return say(name, route=route_name(way.id), why=why)
    why = label("better", f"{law.id.value}_{way.id.value}") or label("better", law.id.value)
    return say("utter_rights_better", route=route_name(law.id), why=why) if why else ""


def _in_full(route: Route) -> str:
    """The answer, then what it costs, what to do, what the buyer gets and by when."""
    lines = [_sentences(_why(route)), *_what_it_hangs_on(route)]
    takes = _what_it_takes(route)
    return "\n".join([*lines, "", *takes] if takes else lines)


def _in_addition(route: Route) -> str:
    """A second right in its first sentence, while it is open."""
    if route.status is Status.CLOSED:
        return ""
    told = say("utter_rights_also", why=_sentences(_why(route)[:1]))
    return " ".join([told, *_what_it_hangs_on(route)])


def _why(route: Route) -> list[Finding]:
    """The findings; before any date is known, what the law holds."""
    told = [f for f in route.findings if f.code not in _SAID_AS_COST]
    if route.status is Status.CLOSED:
        return told + [f for f in route.would_change if f.code != "sooner"]
    if not told or told[0].code == "longer":
        told.insert(0, get_clauses().in_force(today()).say(RULE_OF[route.id], "rule"))
    return told


def _what_it_hangs_on(route: Route) -> list[str]:
    facts = get_clauses().texts.facts
    missing = [path for path in route.missing if not path.startswith("order.")]
    if route.status is not Status.NEEDS_INFORMATION or not missing:
        return []
    if missing == [_CATEGORY] and route.id is RouteId.EU_WITHDRAWAL:
        return [say("utter_rights_exceptions")]
    return [say("utter_rights_hangs_on", facts=words_list(facts[path] for path in missing))]


def _what_it_takes(route: Route) -> list[str]:
    """One line for each aspect that the clauses tell."""
    by_aspect: dict[str, list[str]] = {}
    for told in route.tells:
        by_aspect.setdefault(told.aspect, []).append(told.finding.text)
    return [
        say("utter_rights_aspect", aspect=label("aspect", aspect), told=" ".join(sentences))
        for aspect, sentences in by_aspect.items()
    ]


def _when_due(decision: Decision) -> str:
    """Why a parcel isn't late by law yet, in the program's own words where it has some."""
    way = decision.route(RouteId.BUYER_PROTECTION)
    return _sentences(way.findings[:1])


def _has(routes: Iterable[Route], kind: frozenset[RouteId]) -> bool:
    return any(route.id in kind and route.status is not Status.CLOSED for route in routes)


def _cited(routes: Iterable[Route], notes: Iterable[Finding]) -> dict[str, Citation]:
    rules = get_clauses().in_force(today())
    found: dict[str, Citation] = {}
    for note in notes:
        found[note.clause] = rules.cite(note.clause)
    for route in routes:
        for citation in (*route.clauses, *(told.citation for told in route.tells)):
            found.setdefault(citation.id, citation)
        if route.id is RouteId.EU_WITHDRAWAL and _CATEGORY in route.missing:
            found |= {id_: rules.cite(id_) for id_ in _EXCEPTIONS if rules.has(id_)}
    return found


def _sentences(findings: Iterable[Finding]) -> str:
    return " ".join(f"{finding.text} ({finding.clause})" for finding in findings)


def is_fault(reason: Reason) -> bool:
    """Whether the seller answers for it by law."""
    return reason in FAULTS

"""Every row of tests/policy/cases, and that no clause is left without one."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.policy import Decision, RouteId, Status, decide, load_clauses, parse_facts
from tests.policy.case_tables import Case, all_cases

CASES = all_cases()

CLAUSE_IDS = [
    *("P1", "P2", "P3"),
    *("X1", "X2", "X3", "X4", "X5", "X6", "X7"),
    *("H1", "H2", "H3", "H4"),
    *("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8"),
    *("F9.1", "F9.2", "F9.3", "F9.4", "F9.5", "F9.6"),
    *("F10", "F11", "F12", "F13", "F14"),
    *("S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11"),
]

LAW_IDS = [
    *("EU-1182/71-3(1)", "EU-1182/71-3(4)"),
    *("EU-2011/83-9(1)", "EU-2011/83-9(2)(b)", "EU-2011/83-10", "EU-2011/83-11"),
    *("EU-2011/83-13", "EU-2011/83-14(1)", "EU-2011/83-14(2)"),
    *("EU-2011/83-16(c)", "EU-2011/83-16(d)", "EU-2011/83-16(e)"),
    *("EU-2011/83-16(i)", "EU-2011/83-16(m)", "EU-2011/83-18"),
    *("EU-2019/771-10(1)", "EU-2019/771-10(3)", "EU-2019/771-11(1)", "EU-2019/771-13(2)"),
    *("EU-2019/771-13(4)", "EU-2019/771-14", "EU-2019/771-16", "EU-2019/771-24(2)"),
    *("EU-2011/83-11a", "EU-2024/1799-16"),
    *("BR-CDC-1", "BR-CDC-18§1", "BR-CDC-26", "BR-CDC-26-I", "BR-CDC-26-II"),
    *("BR-CDC-26§2-I", "BR-CDC-26§3", "BR-CDC-49", "BR-CDC-49§"),
    *("BR-CC-132", "BR-CC-132§1", "BR-7962/2013-5", "EU-TEU-52", "EU-TFEU-355"),
]

ALWAYS_SHOWN = {"P2", "S5"}
"""Some route is closed in every decision, and these two follow each "no"."""

NEEDS_AN_OPERATOR = {"F3": "closes", "F12": "shows"}
"""Their values are empty until an operator sets them; test_operator.py does."""


def decided(case: Case) -> Decision:
    return decide(parse_facts(case.facts), load_clauses(), case.asked_on)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case(case: Case) -> None:
    decision = decided(case)
    wanted = dict(case.expect)
    found = {key: _found(decision, key, value) for key, value in wanted.items()}
    assert found == {k: _plain(v) for k, v in wanted.items()}, case.what


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_is_about_the_clauses_it_names(case: Case) -> None:
    assert case.expect, "a case expects something"
    if case.id.endswith("]"):
        return  # the rows of a table share their clauses; see the next test
    decision = decided(case)
    for clause in case.clauses["opens"]:
        assert clause not in _speaking_against(decision)
        assert Status.OPEN in {decision.route(RouteId(r)).status for r in _routes(case)}
    for clause in case.clauses["closes"]:
        assert clause in _speaking_against(decision)
    for clause in case.clauses["shows"]:
        assert clause in _mentioned(decision)
    for clause in case.clauses["leaves_out"]:
        assert clause not in _mentioned(decision)


def test_tables_open_and_close_what_they_say() -> None:
    tables: dict[str, list[Case]] = {}
    for case in CASES:
        if case.id.endswith("]"):
            tables.setdefault(case.id.partition("[")[0], []).append(case)
    for name, rows in tables.items():
        decisions = [decided(row) for row in rows]
        for clause in set(rows[0].clauses["closes"]) - {"S11"}:
            assert any(clause in _speaking_against(d) for d in decisions), f"{name}: {clause}"
        for clause in rows[0].clauses["opens"]:
            assert any(clause not in _speaking_against(d) for d in decisions), f"{name}: {clause}"
        for clause in rows[0].clauses["shows"]:
            assert any(clause in _mentioned(d) for d in decisions), f"{name}: {clause}"
        for clause in rows[0].clauses["leaves_out"]:
            assert any(clause not in _mentioned(d) for d in decisions), f"{name}: {clause}"


@pytest.mark.parametrize("clause", CLAUSE_IDS + LAW_IDS)
def test_every_clause_has_data_and_cases(clause: str) -> None:
    assert clause in load_clauses().ids
    effects = {e for case in CASES for e, ids in case.clauses.items() if clause in ids}
    if clause in NEEDS_AN_OPERATOR:
        effects.add(NEEDS_AN_OPERATOR[clause])
    if clause in ALWAYS_SHOWN:
        assert "shows" in effects
    else:
        assert {"opens", "closes"} <= effects or {"shows", "leaves_out"} <= effects


def test_no_clause_is_unknown_to_this_list() -> None:
    assert set(load_clauses().ids) == {*CLAUSE_IDS, *LAW_IDS}
    named = {clause for case in CASES for ids in case.clauses.values() for clause in ids}
    assert named <= {*CLAUSE_IDS, *LAW_IDS}


def test_the_law_has_its_cases() -> None:
    law = [c for c in CASES if {i for ids in c.clauses.values() for i in ids} & set(LAW_IDS)]
    assert len(law) >= 250


def test_case_ids_are_unique() -> None:
    ids = [case.id for case in CASES]
    assert len(ids) == len(set(ids))


def test_facts_of_cases_survive_json() -> None:
    for case in CASES:
        assert parse_facts(json.loads(json.dumps(case.facts))) == parse_facts(case.facts)


def _routes(case: Case) -> list[str]:
    return [key for key in case.expect if key in set(RouteId)] or [r.value for r in RouteId]


def _speaking_against(decision: Decision) -> set[str]:
    against = {Status.CLOSED, Status.ASK_SUPPORT}
    said = [f for r in decision.routes if r.status in against for f in r.findings]
    kind = {"in_time", "open_until", "labels_left", "rule", "covered", "talk_first", "buyer_pays"}
    return {f.clause for f in said if f.code not in kind}


def _mentioned(decision: Decision) -> set[str]:
    cited = {c.id for r in decision.routes for c in r.clauses}
    told = {t.citation.id for r in decision.routes for t in r.tells}
    return cited | told | {n.clause for n in decision.notes} | set(decision.flags)


def _found(decision: Decision, key: str, wanted: Any) -> Any:
    if key == "best":
        return decision.best.id.value if decision.best else None
    if key in ("missing", "flags"):
        return list(getattr(decision, key))
    if key == "notes":
        return [f"{n.clause}.{n.code}" for n in decision.notes][: len(wanted)]
    route = decision.route(RouteId(key))
    if isinstance(wanted, str):
        return route.status.value
    every = {
        "status": route.status.value,
        "last_day": route.last_day and route.last_day.isoformat(),
        "opens_on": route.opens_on and route.opens_on.isoformat(),
        "paid_by": route.return_paid_by.value,
        "remedy": route.remedy,
        "evidence": list(route.evidence),
        "missing": list(route.missing),
        "clauses": [c.id for c in route.clauses],
        "findings": [f"{f.clause}.{f.code}" for f in route.findings],
        "would_change": [f"{f.clause}.{f.code}" for f in route.would_change],
    }
    if "says" in wanted:
        every["says"] = [w for w in wanted["says"] if any(w in f.text for f in route.findings)]
    if "tells" in wanted:
        told = [t.citation.id for t in route.tells]
        every["tells"] = [id_ for id_ in wanted["tells"] if id_ in told]
    if "not_told" in wanted:
        every["not_told"] = [
            id_ for id_ in wanted["not_told"] if id_ not in {t.citation.id for t in route.tells}
        ]
    return {name: every[name] for name in wanted}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return value.isoformat() if isinstance(value, date) else value

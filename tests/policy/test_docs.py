"""docs/policy.md is true."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from bot.policy import Route, RouteId, decide, load_clauses, parse_facts, to_json
from bot.policy.schema import UNITS
from tests.policy.clause_folder import ClauseFolder

PAGE = (Path(__file__).resolve().parents[2] / "docs/policy.md").read_text(encoding="utf-8")
FACTS, DECISION = map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))


def test_every_clause_has_its_row_with_file_and_parameters() -> None:
    rows = dict(re.findall(r"^\| ([A-Z]\d[\d.]*|[A-Z]{2}-\S+) \| (.*) \|$", PAGE, re.MULTILINE))
    clauses = load_clauses()
    assert list(rows) == list(clauses.ids)
    for clause in clauses.versions:
        assert f"`{clause.source.split(':')[0]}`" in rows[clause.id]
        assert clause.title in rows[clause.id]
        named = set(re.findall(r"`(\w+)` \(", rows[clause.id]))
        assert named == set(clause.parameters)


def test_the_example_of_facts_is_accepted_and_complete() -> None:
    facts = parse_facts(FACTS)
    assert set(FACTS) == set(facts.dict())
    for part in ("order", "item", "condition", "complaint"):
        assert set(FACTS[part]) == set(facts.dict()[part])


def test_the_example_of_a_decision_has_the_keys_that_are_printed() -> None:
    decision = to_json(decide(parse_facts(FACTS), load_clauses(), date(2026, 11, 10)))
    assert set(DECISION) == set(decision)
    shown, best = DECISION["routes"][0], decision["routes"][0]
    assert list(shown) == list(best)
    assert shown["findings"][0] == best["findings"][0]
    assert {k: shown[k] for k in ("id", "status", "last_day", "return_paid_by", "remedy")} == {
        k: best[k] for k in ("id", "status", "last_day", "return_paid_by", "remedy")
    }
    assert set(shown["clauses"][0]) == set(best["clauses"][0])


def test_the_worked_example_works(folder: ClauseFolder) -> None:
    values = re.findall(r"( +2010-01-01: 15\n +2027-03-01: 30\n)", PAGE)[0]
    folder.replace("free_return.yml", values.splitlines()[0] + "\n", values)
    facts = dict(
        FACTS, order={**FACTS["order"], "placed_on": "2027-03-01", "delivered_on": "2027-03-10"}
    )
    decision = decide(parse_facts(facts), folder.load(), date(2027, 3, 11))
    assert decision.route(RouteId.FREE_RETURN).last_day == date(2027, 4, 9)


def test_the_worked_example_of_a_law_works(folder: ClauseFolder) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    days = next(b for b in blocks if "2028-01-01: 21" in b)
    article = next(b for b in blocks if "EU-2011/83-11b\n" in b)
    tells = next(b for b in blocks if "EU-2011/83-11b.told" in b)
    act = "acts/2011_83.yml"
    folder.replace(act, "".join(days.splitlines(keepends=True)[:-1]), days)
    folder.replace(act, "  - id: EU-2011/83-13\n", f"{article}\n  - id: EU-2011/83-13\n")
    told = "      to_do: [EU-2011/83-11.told, EU-2011/83-11a.told, EU-1182/71-3(1).told]\n"
    folder.replace("routes.yml", told, tells)
    clauses = folder.load()

    def withdrawal(placed_on: str) -> Route:
        order = {"placed_on": placed_on, "delivered_on": "2028-01-05", "country": "DK"}
        facts = parse_facts({"reason": "change_of_mind", "order": order, "item": {"traits": []}})
        return decide(facts, clauses, date(2028, 1, 10)).route(RouteId.EU_WITHDRAWAL)

    before, after = withdrawal("2027-12-31"), withdrawal("2028-01-01")
    assert (before.last_day, after.last_day) == (date(2028, 1, 19), date(2028, 1, 26))
    assert "EU-2011/83-11b" not in {t.citation.id for t in before.tells}
    assert [t.finding.text for t in after.tells if t.citation.id == "EU-2011/83-11b"] == [
        "The seller must remind you three days before the period ends."
    ]


def test_units_are_all_named() -> None:
    assert not [unit for unit in UNITS if f"`{unit}`" not in PAGE]

"""Reads the tables of tests/policy/cases.

`python -m tests.policy.case_tables` lists the cases; with a case's id it prints its facts as
JSON, ready for `python -m bot decide -`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.desk.time_zones import zone_of

FOLDER = Path(__file__).parent
KEYS = {
    "id", "what", "facts", "asked_on", "expect", "each", "table",
    "opens", "closes", "shows", "leaves_out", "route", "rows",
}  # fmt: skip

COLUMNS = {
    "reason": "reason",
    "country": "order.country",
    "region": "order.region",
    "postal": "order.postal_code",
    "ordered": "order.placed_on",
    "shipment": "order.shipment",
    "guaranteed_by": "order.guaranteed_by",
    "received": "order.delivered_on",
    "last_item": "order.last_delivered_on",
    "more_to_come": "order.more_to_come",
    "informed": "order.withdrawal_informed",
    "informed_on": "order.withdrawal_informed_on",
    "category": "item.category",
    "traits": "item.traits",
    "durable": "item.durable",
    "used": "condition.used",
    "damaged": "condition.damaged_by_buyer",
    "seals_removed": "condition.seals_removed",
    "packaging_kept": "condition.packaging_kept",
    "unwrapped": "condition.media_unwrapped",
    "shown": "condition.discovered_on",
    "hidden": "condition.hidden_defect",
    "complained": "complaint.made_on",
    "answered": "complaint.answered_on",
    "cured": "complaint.cured",
    "repair": "complaint.repair_chosen",
}
"""Columns of `rows` that are facts; the other columns say what must come out."""

DAYS_IN_TRANSIT = 5
"""Rows that don't say when it was ordered: so many days before it was received."""

NOT_FACTS = {"it", "asked", "at"}


@dataclass(frozen=True)
class Case:
    """One row: facts, the day of the question, and what must come out.

    Attributes:
        id: unique.
        what: what it shows, in a sentence.
        facts: the JSON form of the facts.
        asked_on: day of the question.
        expect: by route id, or notes, flags, missing, best.
        clauses: the clauses it is about, by effect (opens, closes, shows, leaves_out).
    """

    id: str
    what: str
    facts: dict[str, Any]
    asked_on: date
    expect: dict[str, Any]
    clauses: dict[str, list[str]]

    def __str__(self) -> str:
        return self.id


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def all_cases() -> list[Case]:
    return [case for path in sorted(FOLDER.glob("cases/**/*.yml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    defaults = read(FOLDER / "defaults.yml")
    for row in read(path):
        unknown = row.keys() - KEYS
        if unknown:
            raise ValueError(f"{path.name}: {row.get('id')}: unknown {', '.join(unknown)}")
        facts = merged(defaults["facts"], row.get("facts", {}))
        if "rows" in row:
            yield from _wide(row, facts)
            continue
        for suffix, value, expect in _rows(row):
            yield Case(
                id=row["id"] + suffix,
                what=row["what"],
                facts=_with(facts, row["each"], value) if "each" in row else facts,
                asked_on=value
                if row.get("each") == "asked_on"
                else row.get("asked_on", defaults["asked_on"]),
                expect={**row.get("expect", {}), **expect},
                clauses={k: row.get(k, []) for k in ("opens", "closes", "shows", "leaves_out")},
            )


def _wide(table: dict[str, Any], base: dict[str, Any]) -> Iterator[Case]:
    """A table with a row per case: what it is about, facts by column, the day, what comes out."""
    for row in table["rows"]:
        facts = base
        for name in COLUMNS.keys() & row.keys():
            facts = _with(facts, COLUMNS[name], row[name])
        if "received" in row and "ordered" not in row and row["received"]:
            ordered = row["received"] - timedelta(days=DAYS_IN_TRANSIT)
            facts = _with(facts, "order.placed_on", ordered)
        out = {k: v for k, v in row.items() if k not in COLUMNS and k not in NOT_FACTS}
        yield Case(
            id=f"{table['id']}[{row['it']}]",
            what=f"{table['what']} {row['it']}",
            facts=facts,
            asked_on=row["asked"] if "asked" in row else _day_at(row["at"], facts["order"]),
            expect={table["route"]: out},
            clauses={k: table.get(k, []) for k in ("opens", "closes", "shows", "leaves_out")},
        )


def _day_at(moment: str, order: dict[str, Any]) -> date:
    """The buyer's day at a moment, as the desk tells it."""
    zone = zone_of(order["country"], order.get("region"), "UTC")
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(zone).date()


def _rows(row: dict[str, Any]) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    if "each" not in row:
        yield "", None, {}
        return
    for value, expect in row["table"].items():
        plain = list(value) if isinstance(value, tuple) else value
        yield f"[{_label(plain)}]", plain, expect


def _label(value: Any) -> str:
    return "+".join(value) or "none" if isinstance(value, list) else str(value)


def merged(base: Any, change: Any) -> Any:
    """A copy of `base` with the values of `change`; null means unknown."""
    base = {} if base is None and isinstance(change, dict) else base
    if not isinstance(base, dict) or not isinstance(change, dict):
        return change.isoformat() if isinstance(change, date) else change
    keys = dict.fromkeys((*base, *change))
    return {k: merged(base.get(k), change[k]) if k in change else merged({}, base[k]) for k in keys}


def _with(facts: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    if path == "asked_on":
        return facts
    *parents, name = path.split(".")
    change: Any = {name: value}
    for parent in reversed(parents):
        change = {parent: change}
    result: dict[str, Any] = merged(facts, change)
    return result


if __name__ == "__main__":
    wanted = sys.argv[1:]
    for found in all_cases():
        if not wanted:
            sys.stdout.write(f"{found.id}  on {found.asked_on}  {found.what}\n")
        elif found.id in wanted:
            json.dump(found.facts, sys.stdout, indent=2, ensure_ascii=False)

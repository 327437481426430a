"""Reads the tables of tests/policy/cases.

`python -m tests.policy.case_tables` lists the cases; with a case's id it prints its facts as
JSON, ready for `python -m bot decide -`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
KEYS = {
    "id", "what", "facts", "asked_on", "expect", "each", "table",
    "opens", "closes", "shows", "leaves_out",
}  # fmt: skip


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
    return [case for path in sorted(FOLDER.glob("cases/*.yml")) for case in _cases(path)]


def _cases(path: Path) -> Iterator[Case]:
    defaults = read(FOLDER / "defaults.yml")
    for row in read(path):
        unknown = row.keys() - KEYS
        if unknown:
            raise ValueError(f"{path.name}: {row.get('id')}: unknown {', '.join(unknown)}")
        facts = merged(defaults["facts"], row.get("facts", {}))
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

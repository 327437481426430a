"""Decisions per second of bot/policy on one core, over every case of tests/policy/cases.

`python -m scripts.bench_policy` renews the section "Decisions per second" of docs/benchmark.md;
`make bench` writes it with the rest. Time of the processor counts, so that whatever else runs on
the machine doesn't.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import Any

from bot.policy import decide, load_clauses, parse_facts, to_json
from tests.policy.case_tables import all_cases

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmark.md"
HEADING = "## Decisions per second\n"
SECONDS = 5.0
TEMPLATE = """{heading}
Of `bot/policy` on one core, over the {cases} cases of `tests/policy/cases` again and again, by
processor time (`python -m scripts.bench_policy`). Public holidays are kept once they were looked
up; the first round over all cases isn't counted.

| | per second | in a minute |
| --- | --- | --- |
| `decide`, facts to decision | {decisions:,} | {decisions_minute:,} |
| a line of `python -m bot decide --batch`: JSON to JSON | {lines:,} | {lines_minute:,} |
"""


def per_second(work: Callable[[Any], object], items: list[Any]) -> int:
    """How often `work` is done in a second, after a first round that fills the caches."""
    for item in items:
        work(item)
    done, start = 0, process_time()
    while (spent := process_time() - start) < SECONDS:
        for item in items:
            work(item)
        done += len(items)
    return int(round(done / spent, -1))


def section() -> str:
    """The section for docs/benchmark.md."""
    clauses = load_clauses()
    cases = all_cases()
    facts = [(parse_facts(case.facts, clauses), case.asked_on) for case in cases]
    lines = [(json.dumps(case.facts), case.asked_on) for case in cases]

    def decide_line(line: tuple[str, Any]) -> str:
        known = parse_facts(json.loads(line[0]), clauses)
        return json.dumps(to_json(decide(known, clauses, line[1])), ensure_ascii=False)

    decisions = per_second(lambda one: decide(one[0], clauses, one[1]), facts)
    written = per_second(decide_line, lines)
    return TEMPLATE.format(
        heading=HEADING,
        cases=len(cases),
        decisions=decisions,
        decisions_minute=decisions * 60,
        lines=written,
        lines_minute=written * 60,
    )


if __name__ == "__main__":
    before, _, _ = PAGE.read_text(encoding="utf-8").partition(HEADING)
    PAGE.write_text(f"{before.rstrip()}\n\n{section()}", encoding="utf-8")

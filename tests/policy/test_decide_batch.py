"""`python -m bot decide --batch`: a shop's whole order book."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.policy import decide, load_clauses, parse_facts, to_json
from tests.policy.case_tables import all_cases


def run(*arguments: str, stdin: bytes = b"") -> Any:
    return CliRunner(mix_stderr=False).invoke(app, ["decide", *arguments], input=io.BytesIO(stdin))


def answers(result: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_every_case_of_the_tables_in_one_file(tmp_path: Path) -> None:
    cases = all_cases()
    lines = [{**c.facts, "id": c.id, "asked_on": c.asked_on.isoformat()} for c in cases]
    file = tmp_path / "orders.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    result = run("--batch", str(file))
    assert result.exit_code == 0, result.stderr
    found = answers(result)
    assert [answer["id"] for answer in found] == [case.id for case in cases]
    for case, answer in zip(cases, found, strict=True):
        expected = decide(parse_facts(case.facts), load_clauses(), case.asked_on)
        assert answer["decision"] == to_json(expected), case.id


def test_a_bad_line_is_told_and_the_others_are_decided() -> None:
    lines = [
        b'{"id": "a", "reason": "change_of_mind"}',
        b"{",
        b"",
        b'{"order": {"country": "x"}, "reason": "bored"}',
        b'{"id": "b", "asked_on": "tomorrow"}',
        b"[]",
        b'{"id": "c", "asked_on": "2026-11-10"}',
    ]
    result = run("--batch", "-", "--on", "2026-11-23", stdin=b"\n".join(lines))
    assert result.exit_code == 2
    found = {answer["line"]: answer for answer in answers(result)}
    assert list(found) == [1, 2, 4, 5, 6, 7]
    assert [n for n, answer in found.items() if "decision" in answer] == [1, 7]
    assert found[1]["decision"]["asked_on"] == "2026-11-23"
    assert found[7]["decision"]["asked_on"] == "2026-11-10"
    assert set(found[4]["problems"]) == {"order.country", "reason"}
    told = result.stderr.splitlines()
    assert [line.partition(":")[0] for line in told[:-1]] == [
        *("line 2", "line 4", "line 4", "line 5", "line 6"),
    ]
    assert told[-1] == "4 lines were refused."


def test_an_empty_order_book_is_fine() -> None:
    result = run("--batch", "-")
    assert result.exit_code == 0
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments", [[], ["x.json", "--batch", "y.jsonl"], ["--batch", "-", "--text"]]
)
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "--batch FILE" in result.stderr


def test_a_file_that_is_not_there_is_refused() -> None:
    result = run("--batch", "nowhere.jsonl")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere.jsonl: can't be read")

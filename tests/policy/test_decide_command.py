"""`python -m bot decide`, as an operator types it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.policy import decide, load_clauses, parse_facts, to_json
from tests.policy.case_tables import Case, all_cases
from tests.policy.clause_folder import ClauseFolder

ROOT = Path(__file__).resolve().parents[2]
CASES = {case.id: case for case in all_cases()}


def run(*arguments: str, stdin: bytes = b"") -> Any:
    return CliRunner(mix_stderr=False).invoke(app, ["decide", *arguments], input=io.BytesIO(stdin))


def problems(content: Any) -> list[str]:
    """The lines on standard error for facts that are refused."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    result = run("-", stdin=text)
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.splitlines()


@pytest.mark.parametrize("case", CASES.values(), ids=str)
def test_every_case_of_the_tables_gives_the_same_decision(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(case.facts), encoding="utf-8")
    result = run(str(file), "--on", case.asked_on.isoformat())
    assert result.exit_code == 0, result.stderr
    expected = decide(parse_facts(case.facts), load_clauses(), case.asked_on)
    assert json.loads(result.stdout) == to_json(expected)


def test_standard_input_is_read() -> None:
    result = run("-", "--on", "2026-11-10", stdin=b'{"reason": "change_of_mind"}')
    assert result.exit_code == 0
    decision = json.loads(result.stdout)
    assert decision["asked_on"] == "2026-11-10"
    assert list(decision) == ["asked_on", "best", "routes", "notes", "flags", "missing"]
    assert len(decision["routes"]) == 8


def test_text_is_for_people() -> None:
    case = CASES["h3-change-of-mind"]
    facts = json.dumps(case.facts).encode()
    result = run("-", "--text", "--on", "2026-11-10", stdin=facts)
    assert "Asked on: Tuesday, 10 November 2026" in result.stdout
    assert "Free Return: Open" in result.stdout
    assert "Last day: Monday, 16 November 2026" in result.stdout
    assert "What would have changed it:" in result.stdout
    assert "free_return" not in result.stdout


def test_text_names_the_next_question() -> None:
    result = run("-", "--text", stdin=b"{}")
    assert "Next question: why you want to return it" in result.stdout


def test_a_decision_names_a_clause_with_its_quote() -> None:
    result = run(
        "-", "--on", "2026-11-10", stdin=json.dumps(CASES["h3-change-of-mind"].facts).encode()
    )
    best = json.loads(result.stdout)["routes"][0]
    assert best["id"] == "free_return"
    assert best["clauses"][0]["id"] == "F1"
    assert "15 calendar days" in best["clauses"][0]["quote"]


@pytest.mark.parametrize(
    ("facts", "path", "words"),
    [
        ({"reason": "bored"}, "reason", "permitted"),
        ({"colour": "red"}, "colour", "extra fields"),
        ({"order": {"country": "de"}}, "order.country", "[A-Z]{2}"),
        ({"order": {"delivered_on": "yesterday"}}, "order.delivered_on", "2026-11-10"),
        ({"order": {"delivered_on": 20261110}}, "order.delivered_on", "2026-11-10"),
        ({"order": {"delivered_on": "20261110"}}, "order.delivered_on", "2026-11-10"),
        ({"order": {"delivered_on": "2026-02-30"}}, "order.delivered_on", "invalid date"),
        (
            {"order": {"placed_on": "2026-11-02", "delivered_on": "2026-11-01"}},
            "order.delivered_on",
            "before placed_on",
        ),
        (
            {"order": {"shipment": "in_transit", "delivered_on": "2026-11-01"}},
            "order",
            "isn't delivered",
        ),
        ({"item": {"category": "spaceships"}}, "item.category", "kitchen_appliances"),
        ({"item": {"traits": ["haunted"]}}, "item.traits.0", "permitted"),
        ({"item": {"length_cm": -1}}, "item.length_cm", "greater than 0"),
        ({"condition": {"used": "perhaps"}}, "condition.used", "boolean"),
        ({"labels_used_this_month": -1}, "labels_used_this_month", "greater than"),
        ({"labels_used_this_month": 2.5}, "labels_used_this_month", "whole number"),
        ({"order": []}, "order", "JSON object"),
        ([], "facts", "JSON object"),
        (b"{", "standard input", "isn't JSON"),
        (b"", "standard input", "isn't JSON"),
        (b"\xff\xfe", "standard input", "isn't JSON"),
        (b"[" * 100_000, "standard input", "isn't JSON"),
    ],
)
def test_bad_facts_are_refused_with_the_path_of_the_field(
    facts: Any, path: str, words: str
) -> None:
    lines = problems(facts)
    assert len(lines) == 1
    assert lines[0].startswith(f"{path}: ")
    assert words in lines[0]


def test_every_problem_has_its_line() -> None:
    lines = problems({"reason": "x", "order": {"country": "x"}, "item": {"weight_kg": 0}})
    assert [line.split(":")[0] for line in lines] == ["order.country", "item.weight_kg", "reason"]


def test_a_file_that_is_not_there_is_refused() -> None:
    result = run("nowhere.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("nowhere.json: can't be read")


def test_a_day_that_is_none_is_refused() -> None:
    result = run("-", "--on", "tomorrow", stdin=b"{}")
    assert result.exit_code == 2
    assert result.stderr.startswith("--on: 'tomorrow' isn't a date")


def test_bad_clauses_are_told_with_file_and_line(
    folder: ClauseFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = folder.replace("free_return.yml", "unit: days", "unit: fortnights")
    monkeypatch.setattr("bot.commands.decide.shop_clauses", lambda settings: folder.load())
    result = run("-", stdin=b"{}")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"free_return.yml:{line}: F1.parameters.days.unit")


def test_the_command_needs_neither_the_database_nor_rasa() -> None:
    code = (
        "import sys; from bot.cli import app; "
        "app(['decide', '-', '--on', '2026-11-10'], standalone_mode=False); "
        "sys.exit(any(m in sys.modules for m in ('sqlalchemy', 'rasa', 'rasa_sdk', 'spacy')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"{}", capture_output=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["missing"][0] == "reason"

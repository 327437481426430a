"""`python -m bot decide`: the decision for facts in a JSON file, or for a file of many."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bot.policy import BadClauses, BadFacts, Clauses, Decision, parse_facts, to_json
from bot.policy import decide as decide_facts
from bot.policy.as_text import to_text
from bot.settings import get_settings
from bot.shop import shop_clauses


def decide(
    facts: str = typer.Argument("", help="JSON file of facts, or - for standard input."),
    text: bool = typer.Option(False, "--text", help="For people, instead of JSON."),
    on: str = typer.Option("", "--on", help="Day of the question, such as 2026-11-23."),
    batch: str = typer.Option("", "--batch", help="File with facts in each line, or -."),
) -> None:
    """Say which ways a buyer has, with the clauses. Exit code 2: bad facts, 1: bad clauses."""
    try:
        clauses = shop_clauses(get_settings())
        if bool(facts) == bool(batch) or (batch and text):
            raise BadFacts([("facts", "give one FACTS file, or --batch FILE without --text")])
        if batch:
            _decide_lines(batch, clauses, _day(on))
            return
        decision = decide_facts(parse_facts(_read(facts), clauses), clauses, _day(on))
    except BadFacts as error:
        for path, problem in error.problems:
            typer.echo(f"{path}: {problem}", err=True)
        raise typer.Exit(2) from error
    except BadClauses as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    if text:
        typer.echo(to_text(decision, clauses.texts))
    else:
        typer.echo(json.dumps(to_json(decision), ensure_ascii=False, indent=2))


def _decide_lines(source: str, clauses: Clauses, today: date) -> None:
    """Writes a line for each line: its decision, or what is wrong with it.

    Raises:
        typer.Exit: code 2 when any line was refused; the others are decided all the same.
    """
    refused = 0
    for number, line in _lines(source):
        try:
            id_, decision = _decide_line(line, clauses, today)
            answer = {"line": number, "id": id_, "decision": to_json(decision)}
        except BadFacts as error:
            refused += 1
            answer = {"line": number, "problems": dict(error.problems)}
            for path, problem in error.problems:
                typer.echo(f"line {number}: {path}: {problem}", err=True)
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")) + "\n")
    if refused:
        typer.echo(f"{refused} lines were refused.", err=True)
        raise typer.Exit(2)


def _decide_line(line: bytes, clauses: Clauses, today: date) -> tuple[Any, Decision]:
    """The decision for one line: facts, with an `id` and a day of their own where wanted."""
    content = _parsed(line, "facts")
    if not isinstance(content, dict):
        raise BadFacts([("facts", "must be a JSON object")])
    id_, asked_on = content.pop("id", None), content.pop("asked_on", None)
    day = today if asked_on is None else _date(asked_on, "asked_on")
    return id_, decide_facts(parse_facts(content, clauses), clauses, day)


def _lines(source: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file that aren't blank, with their numbers from 1."""
    try:
        with nullcontext(sys.stdin.buffer) if source == "-" else Path(source).open("rb") as file:
            yield from ((number, line) for number, line in enumerate(file, 1) if line.strip())
    except OSError as error:
        raise BadFacts([(source, f"can't be read ({error.strerror})")]) from error


def _read(source: str) -> Any:
    name = "standard input" if source == "-" else source
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise BadFacts([(name, f"can't be read ({error.strerror})")]) from error
    return _parsed(content, name)


def _parsed(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise BadFacts([(name, f"isn't JSON ({error})")]) from error


def _day(on: str) -> date:
    if not on:
        settings = get_settings()
        return settings.clock().astimezone(ZoneInfo(settings.shop_time_zone)).date()
    return _date(on, "--on")


def _date(value: Any, name: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadFacts([(name, f"{value!r} isn't a date such as 2026-11-23")]) from error

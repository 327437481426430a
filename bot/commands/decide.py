"""`python -m bot decide`: the decision for facts in a JSON file."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typer

from bot.policy import BadClauses, BadFacts, load_clauses, parse_facts, to_json
from bot.policy import decide as decide_facts
from bot.policy.as_text import to_text
from bot.settings import get_settings


def decide(
    facts: str = typer.Argument(..., help="JSON file of facts, or - for standard input."),
    text: bool = typer.Option(False, "--text", help="For people, instead of JSON."),
    on: str = typer.Option("", "--on", help="Day of the question, such as 2026-11-23."),
) -> None:
    """Say which ways a buyer has, with the clauses. Exit code 2: bad facts, 1: bad clauses."""
    try:
        clauses = load_clauses()
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


def _read(source: str) -> Any:
    name = "standard input" if source == "-" else source
    try:
        content = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        return json.loads(content.decode("utf-8-sig"))
    except OSError as error:
        raise BadFacts([(name, f"can't be read ({error.strerror})")]) from error
    except (ValueError, RecursionError) as error:
        raise BadFacts([(name, f"isn't JSON ({error})")]) from error


def _day(on: str) -> date:
    if not on:
        settings = get_settings()
        return settings.clock().astimezone(ZoneInfo(settings.shop_time_zone)).date()
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise BadFacts([("--on", f"{on!r} isn't a date such as 2026-11-23")]) from error

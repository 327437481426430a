"""What the commands about the returns desk share: asking it, refusing, and JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, NoReturn

import typer

from bot.settings import get_settings


def ask(question: Any) -> Any:
    """Asks the desk; a database that can't be used ends the command with a sentence and code 1.

    Args:
        question: what is called with the desk.
    """
    from bot.desk import Desk, DeskUnavailable

    try:
        return question(Desk.from_settings(get_settings()))
    except DeskUnavailable as error:
        typer.echo(f"The database can't be used: {error.__cause__}", err=True)
        raise typer.Exit(1) from error


def refuse(sentence: str) -> NoReturn:
    """Ends the command with a sentence on standard error and code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def plain(view: Any, *, whole: bool) -> dict[str, Any]:
    """A view of the desk's as a dictionary, with its decision when `whole`."""
    found: dict[str, Any] = dataclasses.asdict(view)
    if not whole:
        del found["decision"]
    return found


def as_json(value: Any) -> str:
    """Indented JSON; days and moments in ISO 8601."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=lambda found: found.isoformat())

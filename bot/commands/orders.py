"""`python -m bot orders`: a shop's orders into the returns desk."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from bot.settings import get_settings

app = typer.Typer(help="Orders at the returns desk.", no_args_is_help=True, add_completion=False)

PROBLEMS_SHOWN = 50


@app.callback()
def main() -> None:
    """Orders at the returns desk."""


@app.command("import")
def import_command(
    file: Path = typer.Argument(
        ..., allow_dash=True, help="JSON Lines, one order per line (docs/desk.md); - reads input."
    ),
    pictures: Path = typer.Option(
        None, file_okay=False, exists=True, help="Folder of the pictures that items name."
    ),
) -> None:
    """Load a shop's orders: all of the file, or nothing and what is wrong with it."""
    from bot.desk import Desk, DeskUnavailable
    from bot.desk.importing import ImportRefused

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        _fail(2, f"{file} can't be read: {error}")
    try:
        desk = Desk.from_settings(get_settings())
        done = desk.import_orders(text.split("\n"), "orders import", pictures)
    except ImportRefused as error:
        shown = [str(problem) for problem in error.problems[:PROBLEMS_SHOWN]]
        more = len(error.problems) - len(shown)
        _fail(2, *shown, *([f"and {more} more"] if more else []), "Nothing was loaded.")
    except DeskUnavailable as error:
        _fail(1, f"The database can't be used: {error.__cause__}", "Nothing was loaded.")
    typer.echo(f"{done.added} orders loaded, {done.unchanged} unchanged.")


@app.command("demo")
def demo_command() -> None:
    """Load the demo orders into a desk that has none."""
    from bot.desk import Desk, DeskUnavailable
    from bot.desk.demo import load

    try:
        added = load(Desk.from_settings(get_settings()))
    except DeskUnavailable as error:
        _fail(1, f"The database can't be used: {error.__cause__}")
    typer.echo(f"{added} demo orders loaded." if added else "There are orders already.")


def _fail(code: int, *lines: str) -> None:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(code)

"""`python -m bot withdrawals`: the statements by which buyers have withdrawn from contracts."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any, NoReturn

import typer

from bot.settings import get_settings

app = typer.Typer(
    help="Withdrawals from contracts, by law.", no_args_is_help=True, add_completion=False
)


@app.callback()
def main() -> None:
    """Withdrawals from contracts, by law."""


@app.command("list")
def list_command(
    limit: int = typer.Option(50, min=1, help="How many, newest first."),
    as_json: bool = typer.Option(False, "--json", help="As a JSON array, without decisions."),
) -> None:
    """List the newest withdrawals."""
    found = _ask(lambda desk: desk.latest_withdrawals(limit))
    if as_json:
        typer.echo(_json([_plain(one, whole=False) for one in found]))
        return
    for one in found:
        moment = one.received_at.isoformat(timespec="seconds")
        request = one.request_number or "-"
        typer.echo(f"{one.number}  {one.order_number}  {moment}  {one.verdict.value}  {request}")
    if not found:
        typer.echo("No withdrawals yet.")


@app.command("show")
def show_command(
    number: str = typer.Argument(..., metavar="ID", help="Its number, such as W-7F3K9Q2M."),
    as_json: bool = typer.Option(False, "--json", help="As JSON, with the decisions."),
    pdf: Path = typer.Option(None, help="Write the confirmation to this file."),
) -> None:
    """Show one withdrawal: the statement, its moment, what the law makes of it."""
    found = _ask(lambda desk: desk.withdrawal(number))
    if found is None:
        _refuse(f"There is no withdrawal {number}.")
    if pdf is not None:
        pdf.write_bytes(_ask(lambda desk: desk.document(found.number)).content)
    if as_json:
        typer.echo(_json(_plain(found, whole=True)))
        return
    typer.echo(f"{found.number}, order {found.order_number}, {found.seller}")
    typer.echo(f"Received {found.received_at.isoformat(timespec='seconds')}")
    typer.echo(
        f"{found.terms.right}: {found.verdict.value}, last day {found.last_day or 'unknown'}"
    )
    typer.echo(f"From {found.name}, {found.email}; request {found.request_number or 'none'}")
    typer.echo(f"PDF sha256 {found.document_sha256}\n")
    typer.echo(found.statement)


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(2)


def _ask(question: Any) -> Any:
    from bot.desk import Desk, DeskUnavailable

    try:
        return question(Desk.from_settings(get_settings()))
    except DeskUnavailable as error:
        typer.echo(f"The database can't be used: {error.__cause__}", err=True)
        raise typer.Exit(1) from error


def _plain(withdrawal: Any, *, whole: bool) -> dict[str, Any]:
    plain: dict[str, Any] = dataclasses.asdict(withdrawal)
    if not whole:
        del plain["decision"]
    return plain


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=lambda found: found.isoformat())

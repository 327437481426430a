"""`python -m bot withdrawals`: the statements by which buyers have withdrawn from contracts."""

from __future__ import annotations

from pathlib import Path

import typer

from bot.commands.desk_commands import as_json as to_json
from bot.commands.desk_commands import ask, plain, refuse

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
    found = ask(lambda desk: desk.latest_withdrawals(limit))
    if as_json:
        typer.echo(to_json([plain(one, whole=False) for one in found]))
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
    found = ask(lambda desk: desk.withdrawal(number))
    if found is None:
        refuse(f"There is no withdrawal {number}.")
    if pdf is not None:
        pdf.write_bytes(ask(lambda desk: desk.document(found.number)).content)
    if as_json:
        typer.echo(to_json(plain(found, whole=True)))
        return
    typer.echo(f"{found.number}, order {found.order_number}, {found.seller}")
    typer.echo(f"Received {found.received_at.isoformat(timespec='seconds')}")
    typer.echo(
        f"{found.terms.right}: {found.verdict.value}, last day {found.last_day or 'unknown'}"
    )
    typer.echo(f"From {found.name}, {found.email}; request {found.request_number or 'none'}")
    typer.echo(f"PDF sha256 {found.document_sha256}\n")
    typer.echo(found.statement)

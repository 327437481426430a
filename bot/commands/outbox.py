"""`python -m bot outbox`: messages on their way out, and those that couldn't be delivered."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import typer

from bot.commands.desk_commands import ask, refuse

if TYPE_CHECKING:
    from bot.desk import OutboxView

app = typer.Typer(help="Messages on their way out.", add_completion=False)

COLUMNS = ("ID", "About", "Goes by", "Tries", "Next try (UTC)", "Last error")
LIMIT = typer.Option(50, min=1, help="How many, oldest first.")
AS_JSON = typer.Option(False, "--json", help="As a JSON array.")


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Messages on their way out; alone, it lists them."""
    if context.invoked_subcommand is None:
        _list(50, as_json=False)


@app.command("list")
def list_command(limit: int = LIMIT, as_json: bool = AS_JSON) -> None:
    """List what waits and what was given up, how often it was tried, and the last error."""
    _list(limit, as_json=as_json)


@app.command("deliver")
def deliver_command() -> None:
    """Deliver now what is due. Exit code 1 when something couldn't be delivered."""
    from bot.server.logs import quiet_logs

    quiet_logs()
    done = ask(lambda desk: desk.deliver_due())
    typer.echo(
        f"{done.delivered} delivered, {done.waiting} to be tried again, {done.given_up} given up."
    )
    if done.waiting or done.given_up:
        raise typer.Exit(1)


@app.command("retry")
def retry_command(
    message_id: int = typer.Argument(None, metavar="[ID]", help="The message's ID in the list."),
    failed: bool = typer.Option(False, "--failed", help="All that were given up."),
) -> None:
    """Make a message due now, with its full time for trying."""
    if failed == (message_id is not None):
        refuse("Name one message by its ID, or all that were given up by --failed.")
    found = ask(lambda desk: desk.retry(None if failed else [message_id]))
    if not found and not failed:
        refuse(f"No message {message_id} waits in the outbox.")
    typer.echo(f"{found} {'message is' if found == 1 else 'messages are'} due now.")


def _list(limit: int, *, as_json: bool) -> None:
    found: list[OutboxView] = ask(lambda desk: desk.undelivered(limit))
    if as_json:
        plain = [dataclasses.asdict(message) for message in found]
        typer.echo(json.dumps(plain, indent=2, default=lambda value: value.isoformat()))
    elif found:
        _print_table(found)
    else:
        typer.echo("Nothing waits in the outbox.")


def _print_table(found: list[OutboxView]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(name, no_wrap=name != "Last error")
    for message in found:
        due = message.next_attempt_at
        cells = (
            str(message.id),
            message.about,
            message.channel.value,
            str(message.attempts),
            f"{due:%Y-%m-%d %H:%M}" if due else "given up",
            message.last_error or "",
        )
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)

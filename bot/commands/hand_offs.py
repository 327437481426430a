"""`python -m bot hand-offs`: the conversations that were handed to a person, and answering them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import typer

from bot.commands.desk_commands import as_json as to_json
from bot.commands.desk_commands import ask, plain, refuse

if TYPE_CHECKING:
    from bot.desk import TicketView

app = typer.Typer(
    help="Conversations handed to a person.", no_args_is_help=True, add_completion=False
)

_WHY = {
    "empty": "The answer is empty.",
    "too_long": "The answer may have 4000 characters, and the name 60.",
    "too_many": "The ticket has as many answers as it can have.",
    "taken": "That key has another answer already.",
    "invalid": "The key must have 1 to 200 characters.",
}


@app.callback()
def main() -> None:
    """Conversations handed to a person."""


@app.command("list")
def list_command(
    limit: int = typer.Option(50, min=1, help="How many, newest first."),
    unanswered: bool = typer.Option(False, "--open", help="Only those without an answer."),
    as_json: bool = typer.Option(False, "--json", help="As a JSON array."),
) -> None:
    """List the newest tickets."""
    found = ask(lambda desk: desk.latest_tickets(limit, unanswered))
    if as_json:
        typer.echo(to_json([plain(one, whole=True) for one in found]))
        return
    for one in found:
        opened = f"{one.created_at:%Y-%m-%d %H:%M}"
        order = one.order_number or "-"
        typer.echo(f"{one.ticket}  {opened}  {order}  {len(one.answers)} answers  {one.need}")
    if not found:
        typer.echo("No tickets wait for an answer." if unanswered else "No tickets yet.")


@app.command("show")
def show_command(
    ticket: str = typer.Argument(..., help="The ticket's number, such as H-7F3K9Q2M."),
    as_json: bool = typer.Option(False, "--json", help="As JSON."),
) -> None:
    """Show one ticket: what was said, and what was answered."""
    found = ask(lambda desk: desk.ticket(ticket))
    if found is None:
        refuse(f"There is no ticket {ticket}.")
    if as_json:
        typer.echo(to_json(plain(found, whole=True)))
        return
    typer.echo(f"{found.ticket}, opened {found.created_at:%Y-%m-%d %H:%M} UTC: {found.need}")
    typer.echo(found.summary)
    for step in found.tried:
        typer.echo(f"- {step}")
    for line in found.transcript:
        typer.echo(f"\n{line['who']}: {line['text']}")
    for one in found.answers:
        name = one.name or "our team"
        typer.echo(f"\nanswered by {name}, {one.created_at:%Y-%m-%d %H:%M} UTC: {one.text}")


@app.command("answer")
def answer_command(
    ticket: str = typer.Argument(..., help="The ticket's number, such as H-7F3K9Q2M."),
    text: str = typer.Argument(..., help="What the buyer is told, up to 4000 characters."),
    name: str = typer.Option("", help="Who answers, as the buyer reads it. Empty: our team."),
    key: str = typer.Option("", help="The same key answers once. Empty: made from the text."),
) -> None:
    """Tell the buyer what a person answers: in the open chat, and by mail."""
    from bot.desk import BadAnswer, UnknownTicket

    key = key or hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()

    def tell(desk: Any) -> TicketView:
        view: TicketView = desk.answer_hand_off(ticket, text, key, name)
        return view

    try:
        found = ask(tell)
    except UnknownTicket:
        refuse(f"There is no ticket {ticket}.")
    except BadAnswer as error:
        refuse(_WHY[error.problem])
    typer.echo(f"{found.ticket} is answered. {_reaches(found)}")


def _reaches(found: TicketView) -> str:
    """How the buyer learns of the answer."""
    if found.in_chat:
        also = " and by mail" if found.by_mail else ""
        return f"The buyer gets it in the chat, if it is still open{also}."
    if found.by_mail:
        return "The chat is over: the buyer gets it by mail."
    return "The chat is over and the buyer's address isn't known: the answer reaches nobody."

"""`python -m bot requests`: the return requests that buyers have filed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from bot.commands.desk_commands import as_json as to_json
from bot.commands.desk_commands import ask, plain, refuse

if TYPE_CHECKING:
    from bot.desk import EvidenceFileView, RequestView

app = typer.Typer(
    help="Return requests at the returns desk.", no_args_is_help=True, add_completion=False
)

COLUMNS = ("Request", "Order", "Filed", "Route", "State", "Refund", "Label", "Look")

WRAPS = "Route"
"""The one column whose words may go over two lines; what is copied from is never broken."""
WIDEST = 500


@app.callback()
def main() -> None:
    """Return requests at the returns desk."""


@app.command("list")
def list_command(
    limit: int = typer.Option(50, min=1, help="How many, newest first."),
    as_json: bool = typer.Option(False, "--json", help="As a JSON array, without decisions."),
) -> None:
    """List the newest return requests."""
    found = ask(lambda desk: desk.latest_requests(limit))
    if as_json:
        typer.echo(to_json([plain(request, whole=False) for request in found]))
    elif found:
        _print_table(found)
    else:
        typer.echo("No return requests yet.")


@app.command("show")
def show_command(
    number: str = typer.Argument(
        ..., metavar="ID", help="The request's number, such as R-7F3K9Q2M."
    ),
    as_json: bool = typer.Option(False, "--json", help="As JSON, with the decision as it was."),
) -> None:
    """Show one return request with its decision."""
    request = ask(lambda desk: desk.request(number))
    if request is None:
        refuse(f"There is no return request {number}.")
    files = ask(lambda desk: desk.evidence_files(number)) if request.files else ()
    if as_json:
        shown = plain(request, whole=True)
        for one, file in zip(shown["files"], files, strict=True):
            one["path"] = str(file.path)
        typer.echo(to_json(shown))
    else:
        _print_request(request, files)


@app.command("advance")
def advance_command(
    number: str = typer.Argument(..., help="The request's number, such as R-7F3K9Q2M."),
    status: str = typer.Argument(
        ...,
        help="received, refunded, refused or withdrawn; or what happened in between: "
        "seller_answered, parcel_sent or quality_control (passed).",
    ),
) -> None:
    """Move a return request along; the buyer gets a receipt of it."""
    from bot.desk import IllegalStep, UnknownRequest
    from bot.desk.vocabulary import DESTINATIONS, destination

    try:
        wanted = destination(status)
        request = ask(lambda desk: desk.advance(number, wanted, "requests advance"))
    except ValueError:
        refuse(f"{status!r} isn't one of {', '.join(DESTINATIONS)}.")
    except UnknownRequest:
        refuse(f"There is no return request {number}.")
    except IllegalStep as error:
        refuse(f"{number} is {error.current.value}; it can't become {error.wanted.value}.")
    typer.echo(f"{request.number} is {request.status.value}.")


def _money(request: RequestView) -> str:
    from babel import Locale

    from bot.desk.receipts.formats import money

    if request.amount_cents is None:
        return ""
    return money(request.amount_cents, request.currency, Locale("en"))


def _print_table(found: list[RequestView]) -> None:
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(
            name, no_wrap=name != WRAPS, justify="right" if name == "Refund" else "left"
        )
    for request in found:
        cells = (
            request.number,
            request.order_number,
            f"{request.filed_at:%Y-%m-%d}",
            request.route.value.replace("_", " "),
            request.status.value,
            _money(request),
            request.label.number if request.label else "",
            "yes" if request.needs_review else "",
        )
        table.add_row(*(Text(cell) for cell in cells))
    console = Console()
    # Where a shop's order numbers are long, a line too wide is better than a number cut.
    unbound = console.options.update(width=WIDEST)
    console.width = max(console.width, Measurement.get(console, unbound, table).minimum)
    console.print(table)


def _print_request(request: RequestView, files: Sequence[EvidenceFileView]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False)
    rows = {
        "Request": request.number,
        "Order": request.order_number,
        "Filed": f"{request.filed_at:%Y-%m-%d %H:%M} UTC",
        "Route": request.route.value,
        "State": request.status.value,
        "Remedy": request.remedy,
        "Refund": f"{_money(request)} ({request.refund_method.value})",
        "Return paid by": request.return_paid_by.value,
        "Last day": request.last_day.isoformat() if request.last_day else "",
        "Label": request.label.number if request.label else "",
        "Needs a look": "yes" if request.needs_review else "no",
        "Items": "\n".join(
            f"{item.quantity} x {item.title}: {item.reason.value}" for item in request.items
        ),
        "Evidence": "\n".join(request.evidence),
        "Files": "\n".join(_file(one) for one in files),
        "Why": "\n".join(_reasons(request)),
    }
    for name, value in rows.items():
        table.add_row(name, Text(value))
    Console().print(table)


def _file(file: EvidenceFileView) -> str:
    from babel import Locale

    from bot.desk.receipts.formats import size

    one = file.evidence
    return f"{one.name} ({one.kind.value}, {size(one.bytes, Locale('en'))}): {file.path}"


def _reasons(request: RequestView) -> list[str]:
    """What the decision said of the route that was taken, item by item."""
    return [
        f"{finding['clause']}: {finding['text']}"
        for item in (request.decision or {"items": []})["items"]
        for route in item["decision"]["routes"]
        if route["id"] == request.route.value
        for finding in route["findings"]
    ]

"""`python -m bot evidence`: the files that buyers brought, for the shop."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.commands.desk_commands import as_json as to_json
from bot.commands.desk_commands import ask, refuse

if TYPE_CHECKING:
    from bot.desk import EvidenceFileView

app = typer.Typer(
    help="Photos, documents and videos that buyers brought.",
    no_args_is_help=True,
    add_completion=False,
)

COLUMNS = ("Request", "Kind", "Size", "Sent", "Goes", "Name")
NUMBER = typer.Argument(..., metavar="NUMBER", help="The request's number, such as R-7F3K9Q2M.")


@app.callback()
def main() -> None:
    """Photos, documents and videos that buyers brought."""


@app.command("list")
def list_command(
    limit: int = typer.Option(50, min=1, help="How many, newest first."),
    as_json: bool = typer.Option(False, "--json", help="As a JSON array, with paths."),
) -> None:
    """List the newest files; one without a request waits in a chat for it."""
    found = ask(lambda desk: desk.latest_evidence(limit))
    if as_json:
        typer.echo(to_json([_plain(file) for file in found]))
    elif found:
        _print_table(found)
    else:
        typer.echo("No files yet.")


@app.command("export")
def export_command(
    number: str = NUMBER,
    to: Path = typer.Option(..., "--to", file_okay=False, help="A folder; made when missing."),
) -> None:
    """Copy the files of a request into a folder."""
    found = _files_of(number)
    to.mkdir(parents=True, exist_ok=True)
    for count, file in enumerate(found, 1):
        # The count keeps two of the same name apart.
        target = to / f"{number.strip().upper()}-{count:02}-{file.evidence.name}"
        try:
            shutil.copyfile(file.path, target)
        except OSError as error:
            typer.echo(f"{target} can't be written: {error.strerror}", err=True)
            raise typer.Exit(1) from error
        typer.echo(target)


@app.command("sweep")
def sweep_command(
    force: bool = typer.Option(
        False, "--force", help="Delete files that no row tells of also when they are many."
    ),
) -> None:
    """Delete what has had its time, as the action server does each hour."""
    done = ask(lambda desk: desk.sweep_evidence(force=force))
    typer.echo(
        f"{done.expired} had their time, {done.left_behind} were left behind on their way in, "
        f"{done.orphans} belonged to nothing."
    )
    if done.spared:
        typer.echo(
            f"{done.spared} files belong to nothing in this database. When it is the right one, "
            "delete them with --force.",
            err=True,
        )
        raise typer.Exit(1)


@app.command("purge")
def purge_command(
    number: str = NUMBER,
    yes: bool = typer.Option(False, "--yes", help="Don't ask."),
) -> None:
    """Delete all files of a request now, for good."""
    found = _files_of(number)
    if not yes:
        typer.confirm(f"Delete {len(found)} files of {number} for good?", abort=True)
    count = ask(lambda desk: desk.purge_evidence(number, "evidence purge"))
    typer.echo(f"{count} files are deleted.")


def _files_of(number: str) -> tuple[EvidenceFileView, ...]:
    if ask(lambda desk: desk.request(number)) is None:
        refuse(f"There is no return request {number}.")
    found: tuple[EvidenceFileView, ...] = ask(lambda desk: desk.evidence_files(number))
    if not found:
        refuse(f"{number} has no files.")
    return found


def _plain(file: EvidenceFileView) -> dict[str, object]:
    return dataclasses.asdict(file.evidence) | {
        "path": str(file.path),
        "thumbnail": str(file.thumbnail),
    }


def _print_table(found: tuple[EvidenceFileView, ...]) -> None:
    from babel import Locale
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from bot.desk.receipts.formats import size

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for name in COLUMNS:
        table.add_column(name, no_wrap=name != "Name")
    for file in found:
        one = file.evidence
        cells = (
            one.request_number or "(waits)",
            one.kind.value,
            size(one.bytes, Locale("en")),
            f"{one.sent_at:%Y-%m-%d %H:%M}",
            f"{one.goes_at:%Y-%m-%d}" if one.goes_at else "",
            one.name,
        )
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)

"""`python -m bot database`: the returns desk's database."""

from __future__ import annotations

import typer

from bot.settings import get_settings

app = typer.Typer(help="The returns desk's database.", no_args_is_help=True, add_completion=False)


@app.callback()
def main() -> None:
    """The returns desk's database."""


@app.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema; safe to repeat."""
    from bot.desk import DeskUnavailable, migrate

    try:
        migrate(get_settings().database_url)
    except DeskUnavailable as error:
        typer.echo(f"The database can't be migrated: {error.__cause__}", err=True)
        raise typer.Exit(1) from error
    typer.echo("The database is up to date.")

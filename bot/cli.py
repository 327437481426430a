"""`python -m bot`: finds the commands in bot/commands and imports only the one that is called."""

from __future__ import annotations

import importlib
import os
import pkgutil

import click
import typer
from typer.core import TyperGroup

from bot import commands

_TAKES_ANY_ARGUMENTS = {"rasa"}
_SHARED = {"desk_commands"}
"""Modules of the folder that hold no command of their own."""


class Commands(TyperGroup):
    """One command per module of bot/commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        modules = {module.name for module in pkgutil.iter_modules(commands.__path__)}
        return sorted(name.replace("_", "-") for name in modules - _SHARED)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"{commands.__name__}.{cmd_name.replace('-', '_')}")
        found = getattr(module, "app", None)
        if found is None:
            found = typer.Typer(add_completion=False)
            found.command(context_settings=_context(cmd_name))(getattr(module, cmd_name))
        command = typer.main.get_command(found)
        command.name = cmd_name
        return command


def _context(name: str) -> dict[str, object]:
    if name not in _TAKES_ANY_ARGUMENTS:
        return {}
    return {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}


# Plain tracebacks: the pretty ones print local variables, keys and what buyers wrote among them.
app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def main() -> None:
    """The Buyer Protection assistant."""
    # Orders, conversations, receipts and logs are nobody else's on this machine.
    os.umask(0o077)

"""`python -m bot settings`: every setting, as the table of docs/settings.md or a `.env` file."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import typer
from pydantic.fields import ModelField

from bot.settings import ROOT, Settings


def settings(
    env: bool = typer.Option(False, "--env", help="As a .env file, instead of a table."),
) -> None:
    """Print every setting with its default and what it does."""
    typer.echo(env_example() if env else table())


def table() -> str:
    """The settings as a Markdown table."""
    rows = ["| variable | default | what it does |", "| --- | --- | --- |"]
    for name, field, description in _fields():
        rows.append(f"| `{name}` | {_shown_default(field)} | {description} |")
    return "\n".join(rows)


def env_example() -> str:
    """The settings as a .env file in which each default stands behind a comment sign."""
    lines = []
    for name, field, description in _fields():
        lines += [f"# {description}", f"#{name}={_default(field)}", ""]
    return "\n".join(lines).rstrip()


def _fields() -> Iterator[tuple[str, ModelField, str]]:
    for name, field in Settings.__fields__.items():
        variable = f"{Settings.Config.env_prefix}{name}".upper()
        yield variable, field, field.field_info.description or ""


def _default(field: ModelField) -> str:
    value = field.default
    if isinstance(value, Path):
        return value.relative_to(ROOT).as_posix()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _shown_default(field: ModelField) -> str:
    default = _default(field)
    return f"`{default}`" if default else "empty"

"""`python -m bot rasa ...`: Rasa's own command line with our settings."""

from __future__ import annotations

import os
import sys

import typer

from bot.server.environment import fill_environment
from bot.settings import ROOT, get_settings


def rasa(context: typer.Context) -> None:
    """Run one of Rasa's own commands, such as `shell` or `data validate`, with our settings."""
    settings = get_settings()
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    fill_environment(settings)
    os.chdir(ROOT)
    os.execv(sys.executable, [sys.executable, "-m", "rasa", *context.args])

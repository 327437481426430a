"""Lets `python -m bot` run the commands."""

from bot.cli import app

app(prog_name="python -m bot")

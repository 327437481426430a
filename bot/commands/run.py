"""`python -m bot run`: the whole assistant, from a fresh checkout to a chat in the browser."""

from __future__ import annotations

import signal
import time
from types import FrameType
from typing import NoReturn

import typer

from bot.commands.actions import HOST as ACTIONS_HOST
from bot.commands.train import train_now
from bot.server.ports import PortTaken, require_free
from bot.server.processes import Server, ServerDied
from bot.server.progress import Progress
from bot.server.training import TrainingFailed, is_trained
from bot.settings import Settings, get_settings

START_SECONDS = 120
"""How long a server may take to answer; a slow machine needs a tenth of it."""


def run() -> None:
    """Train when needed, prepare the database, and serve until Ctrl-C."""
    settings = get_settings()
    # `kill` ends us as Ctrl-C does, so that the servers are stopped either way. A shell starts
    # background commands with Ctrl-C switched off, hence both.
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    progress = Progress()
    servers: list[Server] = []
    try:
        _require_ports(settings)
        if not is_trained(settings):
            train_now(settings, progress)
        _start(settings, progress, servers)
        _greet(settings, progress)
        while True:
            for server in servers:
                server.require_alive()
            time.sleep(0.5)
    except KeyboardInterrupt:
        progress.say("\nStopping.")
    except (PortTaken, TrainingFailed, ServerDied) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    finally:
        _stop(servers)


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _require_ports(settings: Settings) -> None:
    require_free(settings.host, settings.port, "ASSISTANT_PORT")
    require_free(ACTIONS_HOST, settings.actions_port, "ASSISTANT_ACTIONS_PORT")


def _start(settings: Settings, progress: Progress, servers: list[Server]) -> None:
    with progress.step("Starting", "The assistant answers"):
        # The chat takes longest to start and needs no database for that.
        servers.append(
            Server(
                "help center",
                ["serve"],
                f"{_address(settings)}/health",
                settings.var_dir / "logs" / "help_center.log",
            )
        )
        _prepare_desk(settings)
        servers.append(
            Server(
                "action server",
                ["actions"],
                f"http://{ACTIONS_HOST}:{settings.actions_port}/health",
                settings.var_dir / "logs" / "actions.log",
            )
        )
        for server in servers:
            server.wait_until_ready(START_SECONDS)


def _prepare_desk(settings: Settings) -> None:
    # Imported here so that a taken port is told at once.
    from bot.desk import Desk
    from bot.desk.database import migrate
    from bot.desk.demo import load

    migrate(settings.database_url)
    if settings.demo:
        load(Desk.from_settings(settings))


def _greet(settings: Settings, progress: Progress) -> None:
    progress.say(f"\nThe help page with the chat: [bold]{_address(settings)}/[/bold]")
    if settings.demo:
        from bot.desk.demo import examples

        progress.say('Try "My parcel never came" or "It arrived broken" with one of these:')
        for example in examples(3):
            progress.say(f"  {example}")
    progress.say("Ctrl-C stops it.\n")


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def _stop(servers: list[Server]) -> None:
    for server in servers:
        server.ask_to_stop()
    for server in servers:
        server.stop()

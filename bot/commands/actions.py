"""`python -m bot actions`: the action server."""

from __future__ import annotations

import os

import typer

from bot.settings import get_settings

HOST = "127.0.0.1"
"""Only this machine can reach the action server, and only who has the token can call it."""


def actions(
    stop_with_parent: bool = typer.Option(False, "--stop-with-parent", hidden=True),
) -> None:
    """Serve the assistant's actions to `serve`, on this machine only, until stopped."""
    from bot.server.environment import fill_environment
    from bot.server.logs import quiet_logs
    from bot.server.parent import stop_with_parent as watch_parent
    from bot.server.ports import PortTaken, require_free

    settings = get_settings()
    if stop_with_parent:
        watch_parent()
    try:
        require_free(HOST, settings.actions_port, "ASSISTANT_ACTIONS_PORT")
    except PortTaken as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    fill_environment(settings)
    quiet_logs()

    from actions.resources import get_desk
    from bot.server.action_server import build_action_server

    app = build_action_server(os.environ["ASSISTANT_ACTIONS_TOKEN"], get_desk())
    app.run(host=HOST, port=settings.actions_port, access_log=False, motd=False)

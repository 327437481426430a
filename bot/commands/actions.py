"""`python -m bot actions`: the action server."""

from __future__ import annotations

import typer

from bot.settings import get_settings

HOST = "127.0.0.1"
"""The action server answers whoever can reach it, so only this machine can."""


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

    from rasa_sdk.endpoint import create_app

    from bot.server.request_bodies import guard_request_bodies

    guard_request_bodies()
    app = create_app("actions", cors_origins="")
    app.run(host=HOST, port=settings.actions_port, access_log=False, motd=False)

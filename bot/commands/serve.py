"""`python -m bot serve`: the help page and the chat."""

from __future__ import annotations

import typer

from bot.settings import ROOT, get_settings


def serve(
    stop_with_parent: bool = typer.Option(False, "--stop-with-parent", hidden=True),
) -> None:
    """Serve the help page and the chat with the newest model, until stopped."""
    from bot.server.environment import fill_environment
    from bot.server.logs import quiet_logs
    from bot.server.parent import stop_with_parent as watch_parent
    from bot.server.ports import PortTaken, require_free
    from bot.server.stand_ins import without_unused

    settings = get_settings()
    if stop_with_parent:
        watch_parent()
    try:
        require_free(settings.host, settings.port, "ASSISTANT_PORT")
    except PortTaken as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    if not any(settings.models_dir.glob("*.tar.gz")):
        typer.echo(f"There is no model in {settings.models_dir}: `make train` first.", err=True)
        raise typer.Exit(1)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    fill_environment(settings)
    quiet_logs()
    files = {name: ROOT / f"{name}.yml" for name in ("config", "credentials", "endpoints")}
    without_unused(files["config"], files["credentials"], files["endpoints"])

    # Only now: what Rasa imports depends on the lines above.
    from bot.server.app import build_app

    app = build_app(settings.models_dir, files["endpoints"], files["credentials"])
    app.run(host=settings.host, port=settings.port, access_log=False, motd=False)

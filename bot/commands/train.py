"""`python -m bot train`: the model, made anew when what it is made of changed."""

from __future__ import annotations

import typer

from bot.server.progress import Progress
from bot.server.training import TrainingFailed, is_trained
from bot.server.training import train as train_model
from bot.settings import Settings, get_settings


def train(
    force: bool = typer.Option(False, "--force", help="Train even when nothing changed."),
) -> None:
    """Train the model, unless there is one that was made of the same files."""
    progress = Progress()
    settings = get_settings()
    if not force and is_trained(settings):
        progress.say("The model is up to date.")
        return
    try:
        train_now(settings, progress)
    except TrainingFailed as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error


def train_now(settings: Settings, progress: Progress) -> None:
    """Train and show each component's turn.

    Raises:
        TrainingFailed: when Rasa ends without a model.
    """
    with progress.step("Training the model", "The model is trained") as show:
        train_model(settings, on_step=show)

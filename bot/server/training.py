"""Trains the model, and only when what it is made of changed."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.server.environment import rasa_environment
from bot.settings import ROOT, Settings

SOURCES = ("config.yml", "domain.yml", "data", "bot/understanding", "requirements.lock")
"""What a model is made of: files, and folders with all that is in them."""

MODEL_NAME = "assistant"

_STEP = re.compile(r"Starting to train component '(\w+)'")


class TrainingFailed(Exception):
    """Rasa couldn't train; the message says where its output is and ends with its last lines."""


def model_path(settings: Settings) -> Path:
    """Where the model that `make train` makes is kept."""
    return settings.models_dir / f"{MODEL_NAME}.tar.gz"


def is_trained(settings: Settings, root: Path = ROOT) -> bool:
    """Tell whether there is a model, and it was made of the sources as they are now."""
    mark = _fingerprint_path(settings)
    return (
        model_path(settings).is_file()
        and mark.is_file()
        and mark.read_text() == fingerprint(settings, root)
    )


def fingerprint(settings: Settings, root: Path = ROOT) -> str:
    """A digest of all that a model is made of, the same on every machine.

    Args:
        settings: names the spaCy pipeline.
        root: the project's folder.

    Returns:
        A hexadecimal SHA-256 digest.
    """
    digest = hashlib.sha256(settings.spacy_pipeline.encode())
    for path in _source_files(root):
        digest.update(f"\0{path.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def train(settings: Settings, on_step: Callable[[str], None], root: Path = ROOT) -> None:
    """Train a model in a process of its own, and note what it was made of.

    Rasa's own cache isn't used: it doesn't see a change in our components' code.

    Args:
        settings: where models and logs are kept.
        on_step: called with the name of each component when its training starts.
        root: the project's folder.

    Raises:
        TrainingFailed: when Rasa ends without a model.
    """
    made_of = fingerprint(settings, root)
    log = settings.var_dir / "logs" / "training.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    _fingerprint_path(settings).unlink(missing_ok=True)
    if _run_rasa(settings, root, log, on_step) or not model_path(settings).is_file():
        raise TrainingFailed(f"Training failed; all of its output is in {log}.\n{_tail(log)}")
    _fingerprint_path(settings).write_text(made_of)


def _run_rasa(settings: Settings, root: Path, log: Path, on_step: Callable[[str], None]) -> int:
    command = [sys.executable, "-m", "rasa", "train", "--force", "--skip-validation"]
    command += ["--fixed-model-name", MODEL_NAME, "--out", str(settings.models_dir)]
    environment = os.environ | rasa_environment(settings) | {"LOG_LEVEL": "INFO"}
    with (
        log.open("w", encoding="utf-8") as output,
        subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        for line in process.stdout or ():
            output.write(line)
            if step := _STEP.search(line):
                on_step(step[1])
    return process.returncode


def _source_files(root: Path) -> Iterator[Path]:
    for source in SOURCES:
        path = root / source
        if path.is_file():
            yield path
        else:
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and file.suffix != ".pyc" and not file.name.startswith(".")
            )


def _fingerprint_path(settings: Settings) -> Path:
    return settings.models_dir / f"{MODEL_NAME}.made-of"


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])

"""Has a file written anew in a process of its own, so that it can't hurt this one."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import shlex
import subprocess
import sys
import threading
from pathlib import Path

from bot.media.made import Bounds, Made, Problem, Refused

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_MEMORY_MB = 2048
"""Of addresses; libraries take a third of that before the first byte of a file is read."""
_CPU_SECONDS = 15
_SECONDS = 20
_AT_ONCE = 2
_WAIT_SECONDS = 8
"""How long a file waits for its turn; all steps together end before Sanic gives up (60 s)."""

_turns = threading.BoundedSemaphore(_AT_ONCE)


def write_anew(source: Path, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Have a file decoded and written anew; it takes some tenths of a second, at most 30 s.

    Args:
        source: what was sent.
        bounds: what it may have.
        to: where the new file goes.
        thumbnail: where a small JPEG of it goes.

    Raises:
        Refused: it isn't taken.
    """
    if not _turns.acquire(timeout=_WAIT_SECONDS):
        raise Refused(Problem.NOT_CHECKED)
    try:
        answer = _ask_worker(source, bounds, to, thumbnail)
    finally:
        _turns.release()
    if "made" in answer:
        return Made(**answer["made"])
    raise Refused(Problem(answer["problem"]))


def _ask_worker(source: Path, bounds: Bounds, to: Path, thumbnail: Path) -> dict:
    task = {
        "source": str(source.resolve()),
        "to": str(to.resolve()),
        "thumbnail": str(thumbnail.resolve()),
        "bounds": dataclasses.asdict(bounds),
        "memory_mb": _MEMORY_MB,
        "cpu_seconds": _CPU_SECONDS,
        # What is written anew can be larger than what was sent, such as a PNG; not endlessly.
        "written_bytes": 4 * bounds.most_bytes,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.media.worker"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=_SECONDS,
            cwd=_ROOT,
            env=_environment(),
            start_new_session=True,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"problem": Problem.TOO_HARD.value}
    except ValueError:
        # Stopped by a limit, or by a decoder that broke.
        logger.warning("a file's reader ended with code %s", done.returncode)
        return {"problem": Problem.TOO_HARD.value}
    except OSError as error:
        logger.error("no reader for a file: %s", type(error).__name__)
        return {"problem": Problem.NOT_CHECKED.value}
    found: dict = answer
    return found


def _environment() -> dict[str, str]:
    """What the worker may know: no key, no password, no address of a database."""
    kept = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    found = {name: os.environ[name] for name in kept if name in os.environ}
    # Threads, and memory set aside for them, grow with the cores of a large machine.
    fixed = {"OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONIOENCODING": "utf-8"}
    return found | fixed


def scan(command: str, path: Path, seconds: float) -> None:
    """Have a file looked at for malware; nothing else has read it yet.

    Args:
        command: with {path} where the file's path goes; "" looks at nothing.
        path: the file.
        seconds: how long the command may take.

    Raises:
        Refused: it found something, or couldn't look.
    """
    if not command:
        return
    words = [word.replace("{path}", str(path.resolve())) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("the malware scan failed: %s", type(error).__name__)
        raise Refused(Problem.NOT_CHECKED) from error
    if done.returncode == 1:
        logger.warning("the malware scan found something in a file, which was refused")
        raise Refused(Problem.INFECTED)
    if done.returncode != 0:
        logger.error("the malware scan ended with code %s", done.returncode)
        raise Refused(Problem.NOT_CHECKED)

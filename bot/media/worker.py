"""Reads one hostile file in a process of its own, with little memory and little time.

`python -m bot.media.worker` is called by `bot.media.sandbox` alone. It takes its task as JSON on
standard input and answers with JSON on standard output. A file that breaks a decoder breaks this
process and nothing else.
"""

from __future__ import annotations

import dataclasses
import errno
import json
import logging
import os
import resource
import sys
from pathlib import Path
from typing import Any

from bot.media.formats import Format, format_of_file
from bot.media.made import Bounds, Made, Problem, Refused

_MB = 1024 * 1024
_OPEN_FILES = 64
_NICE = 10
_OF_THE_DISK = {
    errno.ENOSPC: Problem.NOT_CHECKED,
    errno.EDQUOT: Problem.NOT_CHECKED,
    errno.EROFS: Problem.NOT_CHECKED,
    errno.EACCES: Problem.NOT_CHECKED,
    errno.ENOENT: Problem.NOT_CHECKED,
    errno.EFBIG: Problem.TOO_HARD,
    errno.ENOMEM: Problem.TOO_HARD,
}


def main() -> None:
    """Do the task on standard input."""
    task = json.load(sys.stdin)
    _bind(task["memory_mb"], task["cpu_seconds"], task["written_bytes"])
    # Libraries tell of damaged files by words, some with parts of the file.
    logging.disable()
    json.dump(_answer(task), sys.stdout)


def _bind(memory_mb: int, cpu_seconds: int, written_bytes: int) -> None:
    """Take from this process what it doesn't need; nothing of the file was read yet."""
    limits = {
        resource.RLIMIT_AS: memory_mb * _MB,
        resource.RLIMIT_CPU: cpu_seconds,
        resource.RLIMIT_FSIZE: written_bytes,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    # Replies go first: a file may wait, a chat shouldn't.
    os.nice(_NICE)


def _answer(task: dict[str, Any]) -> dict[str, Any]:
    try:
        made = write_anew(
            Path(task["source"]),
            Bounds(**task["bounds"]),
            Path(task["to"]),
            Path(task["thumbnail"]),
        )
    except Refused as refused:
        return {"problem": refused.problem.value}
    except MemoryError:
        return {"problem": Problem.TOO_HARD.value}
    except RecursionError:
        return {"problem": Problem.DAMAGED.value}
    except OSError as error:
        # Without a number it comes from a decoder, and with most numbers too.
        problem = _OF_THE_DISK.get(error.errno or 0, Problem.DAMAGED)
        return {"problem": problem.value}
    except Exception:
        # Decoders raise whatever they like over a file that isn't what it says.
        return {"problem": Problem.DAMAGED.value}
    return {"made": dataclasses.asdict(made)}


def write_anew(source: Path, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Decode a file and write it anew, without anything that isn't its picture, text or sound.

    Args:
        source: what was sent.
        bounds: what it may have.
        to: where the new file goes.
        thumbnail: where a small picture of it goes, a JPEG.

    Raises:
        Refused: it isn't taken.
        Exception: any other, when it is damaged.
    """
    format_ = format_of_file(source)
    if format_ is None:
        raise Refused(Problem.FORMAT)
    if format_.is_photo:
        from bot.media.photos import write_photo

        return write_photo(source, format_, bounds, to, thumbnail)
    if format_ is Format.PDF:
        from bot.media.documents import write_document

        return write_document(source, bounds, to, thumbnail)
    from bot.media.videos import write_video

    return write_video(source, format_, bounds, to, thumbnail)


if __name__ == "__main__":
    main()

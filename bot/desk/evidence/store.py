"""The folder of files: nothing in it has a name that somebody outside knows or chose."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bot.desk.evidence.names import EXTENSIONS

_NAME = re.compile(r"[0-9a-f]{32}\.[a-z0-9]{3,4}")
_KEPT = re.compile(r"[0-9a-f]{32}\.[a-z0-9.]{3,14}")
_TOKEN_CHARS = 32
_THUMBNAIL = ".thumbnail.jpg"
_FOLDERS_ONLY = 0o700


class StoreFull(OSError):
    """The disk has less room than a file needs, or the folder can't be written to."""


class Store:
    """Where evidence lies: `incoming` for what is being looked at, `kept` for what is taken.

    Args:
        folder: its own folder; made with the first file, for nobody else on this machine.
        free_bytes: as much must be free before a file is taken.
    """

    def __init__(self, folder: Path, free_bytes: int = 0) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._kept = folder / "kept"
        self._free_bytes = free_bytes

    def new_incoming(self) -> Path:
        """A path for a file that has just come, or for what is made of it; nothing is there.

        Raises:
            StoreFull: there is no room.
        """
        try:
            self.folder.mkdir(mode=_FOLDERS_ONLY, parents=True, exist_ok=True)
            self._incoming.mkdir(mode=_FOLDERS_ONLY, exist_ok=True)
            free = shutil.disk_usage(self._incoming).free
        except OSError as error:
            raise StoreFull("the folder for evidence can't be written to") from error
        if free < self._free_bytes:
            raise StoreFull("too little room on the disk for evidence")
        return self._incoming / secrets.token_hex(16)

    def keep(self, made: Path, thumbnail: Path, media_type: str) -> str:
        """Take a file that was written anew, and its small picture; both are moved.

        Returns:
            Its name in the store.

        Raises:
            StoreFull: it can't be written.
        """
        name = secrets.token_hex(16) + EXTENSIONS[media_type]
        to = self.path(name)
        try:
            self._kept.mkdir(mode=_FOLDERS_ONLY, exist_ok=True)
            to.parent.mkdir(mode=_FOLDERS_ONLY, exist_ok=True)
            # The picture first: where the file is, its picture is.
            for source, target in ((thumbnail, self.thumbnail(name)), (made, to)):
                _to_disk(source)
                os.replace(source, target)
            _to_disk(to.parent)
        except OSError as error:
            self.remove(name)
            raise StoreFull("a file can't be kept") from error
        return name

    def path(self, name: str) -> Path:
        """Where a file lies.

        Args:
            name: as `keep` gave it.

        Raises:
            ValueError: it can't be a file's name.
        """
        if not _NAME.fullmatch(name):
            raise ValueError("not a name of this store")
        return self._kept / name[:2] / name

    def thumbnail(self, name: str) -> Path:
        """Where a file's small JPEG lies."""
        path = self.path(name)
        return path.with_name(path.stem + _THUMBNAIL)

    def remove(self, name: str) -> None:
        """Delete a file and its picture, as far as they are there.

        Args:
            name: as `keep` gave it, or its token alone.
        """
        token = name[:_TOKEN_CHARS]
        for path in list((self._kept / token[:2]).glob(f"{token}.*")):
            _unlink(path)

    def left_behind(self, seconds: float) -> int:
        """Delete what came more than so many seconds ago and was never taken.

        Returns:
            How many files.
        """
        old = [path for path in _files(self._incoming) if _age(path) > seconds]
        for path in old:
            _unlink(path)
        return len(old)

    def tokens(self, seconds: float) -> set[str]:
        """First parts of the names of files that were kept more than so many seconds ago."""
        return {
            path.name[:_TOKEN_CHARS]
            for path in _files(self._kept)
            if _KEPT.fullmatch(path.name) and _age(path) > seconds
        }


def token_of(name: str) -> str:
    """The part of a name that a file and its picture share."""
    return name[:_TOKEN_CHARS]


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _to_disk(path: Path) -> None:
    """Have what was written survive a power cut before a row tells of it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path


def _age(path: Path) -> float:
    try:
        # The machine's own clock, as the file system has it.
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0

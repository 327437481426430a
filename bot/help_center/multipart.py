"""Reads a form with files as it arrives, straight to the disk, and no further than it may be.

Sanic would keep the whole body in memory and then parse it there.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sanic.request import Request

from bot.media.formats import HEAD_BYTES, format_of
from bot.media.made import Bounds, Problem

_FIELD_BYTES = 4096
_BUFFER_BYTES = 1_000_000
_MOST_PARTS = 100
_FORGOTTEN_BYTES = 1_000_000_000
_LONGEST_BOUNDARY = 200
ROOM_FOR_THE_REST = 64 * 1024
"""What a form has beside its files, in bytes."""


class NotAForm(ValueError):
    """The body isn't a form with files, or breaks off."""


class FormTooLarge(ValueError):
    """The body has more bytes than it may have."""


class NotWritten(OSError):
    """A file can't be written: the disk is full, or gone."""


@dataclass
class Received:
    """A file of a form.

    Attributes:
        name: as the sender calls it; anything.
        path: where it lies; None when it isn't taken.
        problem: why it isn't taken, as far as that can be told from its beginning and size.
        head: its first bytes.
    """

    name: str
    path: Path | None = None
    problem: Problem | None = None
    head: bytes = b""
    _bytes: int = 0
    _file: IO[bytes] | None = None

    def discard(self) -> None:
        """Delete what lies on the disk; nobody else has it."""
        with suppress(OSError):
            self.close()
        if self.path is not None:
            with suppress(OSError):
                self.path.unlink()
        self.path = None

    def close(self) -> None:
        """No more of it comes."""
        file, self._file = self._file, None
        if file is not None:
            file.close()


@dataclass
class FileForm:
    """A form with files.

    Attributes:
        fields: first value of each field that isn't a file.
        files: all files under the name asked for; those that a browser sends for an empty field
            are left out.
    """

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Received] = field(default_factory=list)

    def discard(self) -> None:
        """Delete what lies on the disk of it."""
        for file in self.files:
            file.discard()


class FormReader:
    """Reads one form.

    Args:
        bounds: what a file may have.
        new_path: makes a path for a file.
        file_field: the name of the field with files; those of others are left out.
        most_files: as many files are taken.
        most_bytes: the whole body may have so many bytes.
        stop_at_problem: read no further once a file isn't taken.
    """

    def __init__(
        self,
        bounds: Bounds,
        new_path: Callable[[], Path],
        *,
        file_field: str,
        most_files: int,
        most_bytes: int,
        stop_at_problem: bool,
    ) -> None:
        self._bounds = bounds
        self._new_path = new_path
        self._file_field = file_field
        self._most_files = most_files
        self._most_bytes = most_bytes
        self._stop_at_problem = stop_at_problem
        self._form = FileForm()
        self._part: Received | str | None = None
        self._text = b""

    async def read(self, request: Request) -> FileForm:
        """The form in a request's body; its files are the caller's to delete.

        Args:
            request: a request of a streaming route.

        Raises:
            NotAForm: it is none, or breaks off.
            FormTooLarge: it is too large; what had come of it is deleted.
            NotWritten: the disk is full, or gone; likewise.
        """
        # Deferred: it takes a seventh of a second to load, and most servers start without files.
        from werkzeug.exceptions import RequestEntityTooLarge

        try:
            return await self._read(request)
        except (RequestEntityTooLarge, FormTooLarge) as error:
            self._form.discard()
            _let_the_rest_come(request)
            raise FormTooLarge("too many bytes") from error
        except (ValueError, UnicodeError, KeyError, AttributeError) as error:
            self._form.discard()
            raise NotAForm("not a form") from error
        except NotWritten:
            self._form.discard()
            _let_the_rest_come(request)
            raise
        except BaseException:
            self._form.discard()
            raise

    async def _read(self, request: Request) -> FileForm:
        from werkzeug.sansio.multipart import MultipartDecoder

        told = request.headers.get("content-length", "")
        if told.isdigit() and int(told) > self._most_bytes:
            raise FormTooLarge
        decoder = MultipartDecoder(_boundary(request), _BUFFER_BYTES, max_parts=_MOST_PARTS)
        came = 0
        # Sanic's own limit is for bodies that it keeps in memory.
        if request.stream is not None:
            request.stream.request_max_size = self._most_bytes + ROOM_FOR_THE_REST
        while request.stream is not None:
            chunk = await request.stream.read()
            if not chunk:
                break
            came += len(chunk)
            if came > self._most_bytes:
                raise FormTooLarge
            decoder.receive_data(chunk)
            self._take_events(decoder)
            if self._is_over():
                return self._form
        decoder.receive_data(None)
        self._take_events(decoder)
        return self._form

    def _is_over(self) -> bool:
        return self._stop_at_problem and any(file.problem for file in self._form.files)

    def _take_events(self, decoder: Any) -> None:
        from werkzeug.sansio import multipart

        while True:
            event = decoder.next_event()
            if isinstance(event, (multipart.NeedData, multipart.Epilogue)):
                return
            if isinstance(event, multipart.File):
                self._begin_file(event.name, event.filename)
            elif isinstance(event, multipart.Field):
                self._part, self._text = str(event.name), b""
            elif isinstance(event, multipart.Data):
                self._take_data(event.data, is_last=not event.more_data)

    def _begin_file(self, field_name: str, name: str) -> None:
        self._part = None
        is_one = len(self._form.files) < self._most_files
        if field_name == self._file_field and is_one:
            self._part = Received(name)
            self._form.files.append(self._part)

    def _take_data(self, data: bytes, *, is_last: bool) -> None:
        if isinstance(self._part, Received):
            self._take_file_data(self._part, data, is_last=is_last)
        elif isinstance(self._part, str):
            self._text += data
            if len(self._text) > _FIELD_BYTES:
                raise FormTooLarge
            if is_last:
                self._form.fields.setdefault(self._part, self._text.decode())

    def _take_file_data(self, file: Received, data: bytes, *, is_last: bool) -> None:
        try:
            if file.problem is None and data:
                self._write(file, data)
            if is_last:
                file.close()
        except OSError as error:
            raise NotWritten("a file can't be written") from error
        if not is_last:
            return
        if not file._bytes:
            # A browser sends an empty file without a name where none was chosen.
            if file.name:
                file.problem = Problem.EMPTY
            else:
                self._form.files.remove(file)
        elif file.problem is None:
            # One that is shorter than its head was looked at by nobody yet.
            self._look_at(file)

    def _write(self, file: Received, data: bytes) -> None:
        if file._file is None:
            file.path = self._new_path()
            file._file = file.path.open("xb")
        file._file.write(data)
        file._bytes += len(data)
        if len(file.head) < HEAD_BYTES:
            file.head += data[: HEAD_BYTES - len(file.head)]
        if len(file.head) >= HEAD_BYTES:
            self._look_at(file)

    def _look_at(self, file: Received) -> None:
        """Tell from its beginning and its size whether it can be taken."""
        found = format_of(file.head)
        if found is None:
            file.problem = Problem.FORMAT
        elif file._bytes > self._bounds.bytes_of(found):
            file.problem = Problem.TOO_LARGE
        if file.problem is not None:
            file.discard()


def _let_the_rest_come(request: Request) -> None:
    """Have Sanic read and forget what is left once the answer is sent.

    A browser reads no answer before it has sent everything; when the connection ends under it, its
    user sees an error of the browser's instead of our sentence.
    """
    if request.stream is not None:
        request.stream.request_max_size = _FORGOTTEN_BYTES
        request.stream.protocol.request_max_size = _FORGOTTEN_BYTES
        request.stream.keep_alive = False


def _boundary(request: Request) -> bytes:
    from werkzeug.http import parse_options_header

    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "").encode()
    if kind != "multipart/form-data" or not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise NotAForm("not a form with files")
    return boundary

"""Evidence over HTTP: a chat sends files, and who has a signed link sees them (docs/evidence.md).

A file is read as it arrives, to the disk, and checked and written anew in another process; nothing
of it is ever kept in the memory of this one as a whole.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, ResponseStream, empty, file_stream
from sanic.response import json as json_response

from bot.desk import (
    Desk,
    DeskError,
    DeskUnavailable,
    EvidenceAttached,
    EvidenceFileView,
    EvidenceKind,
    EvidenceRefused,
    EvidenceView,
    UnknownEvidence,
)
from bot.desk.evidence_rules import evidence_rules
from bot.evidence_links import KEY, PATH, evidence_links
from bot.help_center.evidence_words import STATUS, EvidenceWords
from bot.help_center.limits import RateLimit, network_of
from bot.help_center.multipart import (
    ROOM_FOR_THE_REST,
    FileForm,
    FormReader,
    FormTooLarge,
    NotAForm,
    NotWritten,
    Received,
)
from bot.help_center.one_desk import OneDesk
from bot.help_center.payloads import Buttons
from bot.help_center.sessions import Sessions
from bot.media.made import Problem
from bot.settings import Settings
from bot.words import say

logger = logging.getLogger(__name__)

FILE_FIELD = "file"
_REQUEST_FIELD = "request"
_GIVEN = "/give_evidence"
_THREADS = 4
_MOST_WAITING = 12
"""Files that wait for their turn or have it; one more is asked to come back."""
_MOST_OF_ONE = 6
"""Of one network address, so that nobody takes all turns."""
_ID = re.compile(r"[0-9a-f]{32}")
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
_CHUNK = 64 * 1024
T = TypeVar("T")


class Busy(Exception):
    """Too many files are being looked at."""


class _Waiting:
    """Counts files that are looked at, by network address; from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted: Counter[str] = Counter()

    @property
    def total(self) -> int:
        with self._lock:
            return sum(self._counted.values())

    def of(self, network: str) -> int:
        with self._lock:
            return self._counted[network]

    def add(self, network: str) -> None:
        with self._lock:
            self._counted[network] += 1

    def take_away(self, network: str) -> None:
        with self._lock:
            self._counted[network] -= 1
            # Zeros go, so that it doesn't grow with every visitor.
            self._counted += Counter()


class EvidenceDesk:
    """What the chat's and the request page's uploads share: the desk, its threads, its words."""

    def __init__(self, settings: Settings, words: EvidenceWords) -> None:
        """Keeps what uploads need; the desk is opened with the first of them.

        Args:
            settings: the settings.
            words: the sentences.
        """
        self.words = words
        self.rules = evidence_rules(settings)
        self.links = evidence_links(settings)
        self._open_desk = OneDesk(settings)
        # Of their own: looking at a file takes seconds, and pages shouldn't wait for it.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="evidence")
        self._rate = RateLimit(settings.evidence_files_per_minute)
        self._waiting = _Waiting()

    def wait(self, request: Request) -> float:
        """Counts an upload; seconds until the next is taken, 0 when this one is."""
        return self._rate.wait(network_of(request.remote_addr or request.ip))

    def reader(self, most_files: int, most_bytes: int, *, stop_at_problem: bool) -> FormReader:
        """Reads one form with files.

        Args:
            most_files: as many are taken.
            most_bytes: of all files together.
            stop_at_problem: read no further once one isn't taken.
        """
        return FormReader(
            self.rules.bounds,
            lambda: self.desk.new_evidence(),
            file_field=FILE_FIELD,
            most_files=most_files,
            most_bytes=most_bytes + ROOM_FOR_THE_REST,
            stop_at_problem=stop_at_problem,
        )

    async def keep(
        self, request: Request, file: Received, keep: Callable[[str, Path], EvidenceView]
    ) -> EvidenceView:
        """Have the desk keep a file, which is deleted afterwards from where it came in.

        Args:
            request: what it came with.
            file: one without a problem.
            keep: the desk's method, called with name and path.

        Raises:
            Busy: too many are being looked at.
            DeskError: it isn't taken.
        """
        path, network = file.path, network_of(request.remote_addr or request.ip)
        if path is None:
            raise EvidenceRefused(Problem.EMPTY)
        if self._waiting.total >= _MOST_WAITING or self._waiting.of(network) >= _MOST_OF_ONE:
            file.discard()
            raise Busy

        def work() -> EvidenceView:
            try:
                return keep(file.name, path)
            finally:
                # Here, so that it lies there as long as it is looked at, whoever has gone.
                file.discard()

        # Counted until it is done, also when who sent it has gone meanwhile.
        self._waiting.add(network)
        doing = self._threads.submit(work)
        doing.add_done_callback(lambda _: self._waiting.take_away(network))
        return await asyncio.wrap_future(doing)

    async def ask(self, question: Callable[[], T]) -> T:
        """Asks the desk in a thread; a question never waits for files that are looked at."""
        return await asyncio.to_thread(question)

    @property
    def desk(self) -> Desk:
        """The returns desk."""
        return self._open_desk()


class EvidenceRoutes:
    """Sending, deleting and seeing files."""

    def __init__(
        self, settings: Settings, evidence: EvidenceDesk, sessions: Sessions, buttons: Buttons
    ) -> None:
        """Keeps what the routes need.

        Args:
            settings: the settings.
            evidence: the desk for files.
            sessions: recognises chats.
            buttons: signs what the chat's client sends after a file.
        """
        self._evidence = evidence
        self._sessions = sessions
        self._buttons = buttons
        # A chat on a shop's own page shows the small picture there.
        self._picture_for = "cross-origin" if settings.origins() else "same-origin"

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.post(PATH, stream=True)
        async def send_evidence(request: Request) -> HTTPResponse:
            return await self._send(request)

        @routes.delete(f"{PATH}/<id_:str>", ignore_body=False)
        async def delete_evidence(request: Request, id_: str) -> HTTPResponse:
            return await self._delete(request, id_)

        @routes.get(f"{PATH}/<id_:str>")
        async def evidence_file(request: Request, id_: str) -> Any:
            return await self._show(request, id_, self._whole)

        @routes.get(f"{PATH}/<id_:str>/thumbnail")
        async def evidence_thumbnail(request: Request, id_: str) -> Any:
            return await self._show(request, id_, self._picture)

    async def _send(self, request: Request) -> HTTPResponse:
        conversation_id = self._sessions.conversation(request.headers.get("authorization"))
        if conversation_id is None:
            challenge = {"WWW-Authenticate": "Bearer"}
            return _said(say("utter_session_expired"), 401, challenge)
        wait = self._evidence.wait(request)
        if wait:
            retry = {"Retry-After": str(math.ceil(wait))}
            return _said(self._evidence.words.say("too_fast"), 429, retry)
        try:
            form = await self._read(request)
        except FormTooLarge:
            return self._refused(Problem.TOO_LARGE)
        except NotAForm:
            return _said(self._evidence.words.say("no_file"), 400)
        except EvidenceRefused as error:
            return self._refused(error.problem)
        except NotWritten:
            logger.error("a file of evidence couldn't be written")
            return self._refused(Problem.NOT_CHECKED)
        try:
            return await self._keep(request, conversation_id, form)
        finally:
            # What was kept is another file by now.
            form.discard()

    async def _read(self, request: Request) -> FileForm:
        most = self._evidence.rules.bounds.most_bytes
        return await self._evidence.reader(1, most, stop_at_problem=True).read(request)

    async def _keep(self, request: Request, conversation_id: str, form: FileForm) -> HTTPResponse:
        if not form.files:
            return _said(self._evidence.words.say("no_file"), 400)
        (file,) = form.files
        if file.problem is not None:
            return self._refused(file.problem, file)
        number = form.fields.get(_REQUEST_FIELD, "").strip() or None
        try:
            kept = await self._evidence.keep(
                request,
                file,
                lambda name, path: self._evidence.desk.keep_evidence(
                    conversation_id, name, path, number
                ),
            )
        except Busy:
            return self._refused(Problem.NOT_CHECKED)
        except DeskUnavailable:
            return _said(say("utter_desk_down"), 503)
        except DeskError as error:
            return _said(*self._evidence.words.refusal(error))
        content = {
            "evidence": evidence_json(kept, self._evidence),
            "say": self._buttons.sign(conversation_id, _GIVEN),
        }
        return json_response(content, status=201)

    def _refused(self, problem: Problem, file: Received | None = None) -> HTTPResponse:
        kind = None
        if file is not None and problem is Problem.TOO_LARGE:
            kind = kind_by(file.head)
        return _said(self._evidence.words.problem(problem, kind), STATUS.get(problem, 422))

    async def _delete(self, request: Request, id_: str) -> HTTPResponse:
        conversation_id = self._sessions.conversation(request.headers.get("authorization"))
        if conversation_id is None:
            challenge = {"WWW-Authenticate": "Bearer"}
            return _said(say("utter_session_expired"), 401, challenge)
        words = self._evidence.words
        try:
            await self._evidence.ask(
                lambda: self._evidence.desk.remove_evidence(conversation_id, id_)
            )
        except UnknownEvidence:
            return _said(words.say("gone"), 404)
        except EvidenceAttached as error:
            return _said(words.say("attached", number=error.request_number), 409)
        except DeskUnavailable:
            return _said(say("utter_desk_down"), 503)
        return empty()

    async def _show(
        self,
        request: Request,
        id_: str,
        answer: Callable[[EvidenceFileView], Any],
    ) -> HTTPResponse | ResponseStream:
        key = request.args.get(KEY, "")
        if not _ID.fullmatch(id_) or not self._evidence.links.opens(key, id_):
            return _said(self._evidence.words.say("gone"), 410)
        try:
            found = await self._evidence.ask(lambda: self._evidence.desk.evidence_file(id_))
        except DeskUnavailable:
            return _said(say("utter_desk_down"), 503)
        if found is None or not found.path.is_file() or not found.thumbnail.is_file():
            return _said(self._evidence.words.say("gone"), 410)
        shown: HTTPResponse | ResponseStream = await answer(found)
        return shown

    async def _whole(self, found: EvidenceFileView) -> ResponseStream:
        evidence = found.evidence
        # A photo is looked at; anything else is saved, not run in a page of ours.
        way = "inline" if evidence.kind is EvidenceKind.PHOTO else "attachment"
        named = f"filename*=UTF-8''{quote(evidence.name, safe='')}"
        headers = {
            "Content-Disposition": f'{way}; filename="{_plain(evidence)}"; {named}',
            "Content-Security-Policy": _FILE_POLICY,
            "Content-Length": str(found.path.stat().st_size),
        }
        return await file_stream(found.path, 200, _CHUNK, evidence.media_type, headers)

    async def _picture(self, found: EvidenceFileView) -> ResponseStream:
        headers = {
            "Content-Security-Policy": _FILE_POLICY,
            "Cross-Origin-Resource-Policy": self._picture_for,
            "Cache-Control": "private, max-age=3600",
            "Content-Length": str(found.thumbnail.stat().st_size),
        }
        return await file_stream(found.thumbnail, 200, _CHUNK, "image/jpeg", headers)


def evidence_json(evidence: EvidenceView, desk: EvidenceDesk) -> dict[str, Any]:
    """A file as the channel's clients see it; addresses are relative to the server's root."""
    shown: dict[str, Any] = {
        "id": evidence.id,
        "kind": evidence.kind.value,
        "name": evidence.name,
        "bytes": evidence.bytes,
        "thumbnail": desk.links.thumbnail(evidence.id).lstrip("/"),
        "file": desk.links.file(evidence.id).lstrip("/"),
    }
    for name in ("width", "height", "pages", "seconds", "request_number"):
        value = getattr(evidence, name)
        if value is not None:
            shown[name.replace("_number", "")] = value
    return shown


def kind_by(head: bytes) -> EvidenceKind | None:
    """What a file is by its first bytes, for the sentence that refuses it."""
    from bot.desk.evidence.keeping import kind_of
    from bot.media.formats import format_of

    found = format_of(head)
    return kind_of(found) if found else None


def _plain(evidence: EvidenceView) -> str:
    """The name for clients that know ASCII only."""
    stem, _, ending = evidence.name.rpartition(".")
    bare = re.sub(r"[^A-Za-z0-9 _.-]", "_", stem)
    return f"{bare}.{ending}"


def _said(text: str, status: int, headers: dict[str, str] | None = None) -> HTTPResponse:
    return json_response({"messages": [{"text": text}]}, status=status, headers=headers)

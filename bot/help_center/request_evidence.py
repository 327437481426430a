"""Adding evidence on a request's page, by a plain form with files (docs/evidence.md)."""

from __future__ import annotations

import logging

from sanic.request import Request

from bot.desk import DeskError, DeskUnavailable, EvidenceView, RequestFileView, text
from bot.desk.receipts.formats import Formats
from bot.help_center.evidence_routes import Busy, EvidenceDesk, kind_by
from bot.help_center.multipart import FileForm, FormTooLarge, NotAForm, NotWritten, Received
from bot.media.made import Problem

logger = logging.getLogger(__name__)

ACTOR = "the request's page"
ADDED = "added"
"""The parameter of the address that tells how many files have just come."""
_FORM_FILES = 4
"""A form can be as large as so many of the largest files."""
_NAME_CHARS = 80
MOST_SHOWN = 99


class Added:
    """What became of a form with files.

    Attributes:
        count: files that the request has now.
        problems: why others weren't taken, each with its file's name.
    """

    def __init__(self) -> None:
        self.count = 0
        self.problems: list[str] = []


class RequestEvidence:
    """Takes the form and tells what to show."""

    def __init__(self, evidence: EvidenceDesk) -> None:
        """Keeps what the form needs.

        Args:
            evidence: the desk for files.
        """
        self._evidence = evidence

    def wait(self, request: Request) -> float:
        """Seconds until a form is taken; 0 when this one is."""
        return self._evidence.wait(request)

    async def add(self, request: Request, number: str) -> Added:
        """Adds the files of a form to a request; whatever isn't taken is told.

        Args:
            request: a request of a streaming route, whose key was checked.
            number: the return request's.

        Raises:
            DeskUnavailable: the database doesn't answer.
        """
        added = Added()
        words = self._evidence.words
        try:
            form = await self._read(request)
        except FormTooLarge:
            added.problems.append(words.say("form_too_large"))
            return added
        except NotAForm:
            added.problems.append(words.say("none_chosen"))
            return added
        except DeskError as error:
            added.problems.append(words.refusal(error)[0])
            return added
        except NotWritten:
            logger.error("files of evidence couldn't be written")
            added.problems.append(words.problem(Problem.NOT_CHECKED))
            return added
        try:
            await self._add_all(request, form, number, added)
        finally:
            form.discard()
        return added

    async def _read(self, request: Request) -> FileForm:
        rules = self._evidence.rules
        most = _FORM_FILES * rules.bounds.most_bytes
        reader = self._evidence.reader(rules.per_request, most, stop_at_problem=False)
        return await reader.read(request)

    async def _add_all(self, request: Request, form: FileForm, number: str, added: Added) -> None:
        if not form.files:
            added.problems.append(self._evidence.words.say("none_chosen"))
        for file in form.files:
            problem = await self._add(request, file, number)
            if problem:
                name = text.one_line(file.name, _NAME_CHARS)
                added.problems.append(f"{name}: {problem}" if name else problem)
            else:
                added.count += 1

    async def _add(self, request: Request, file: Received, number: str) -> str:
        """Adds a file; "" or why it isn't taken."""
        words = self._evidence.words
        if file.problem is not None:
            kind = kind_by(file.head) if file.problem is Problem.TOO_LARGE else None
            return words.problem(file.problem, kind)
        try:
            await self._evidence.keep(
                request,
                file,
                lambda name, path: self._evidence.desk.keep_request_evidence(
                    number, name, path, ACTOR
                ),
            )
        except Busy:
            return words.problem(Problem.NOT_CHECKED)
        except DeskUnavailable:
            raise
        except DeskError as error:
            return words.refusal(error)[0]
        return ""

    def shown(self, file: RequestFileView, formats: Formats) -> dict[str, object]:
        """What the page's template needs.

        Args:
            file: the request.
            formats: how days and sizes are written.
        """
        return {
            "files": [self._file(one, formats) for one in file.request.files],
            "takes_files": file.takes_files,
            "accepted": self._evidence.words.accepted,
            "files_problems": [],
            "files_added": 0,
        }

    def _file(self, file: EvidenceView, formats: Formats) -> dict[str, str]:
        words = self._evidence.words
        kind = words.say(f"kind_{file.kind.value}")
        measures = []
        if file.pages:
            measures.append(words.say("one_page" if file.pages == 1 else "pages", pages=file.pages))
        if file.seconds:
            name = "one_second" if file.seconds == 1 else "seconds_long"
            measures.append(words.say(name, seconds=file.seconds))
        day = formats.weekday(file.sent_at.astimezone(formats.zone).date())
        return {
            "name": file.name,
            "kind": file.kind.value,
            "alt": f"{kind}: {file.name}",
            "told": ", ".join((kind, *measures, formats.size(file.bytes))),
            "sent": words.say("sent", day=day),
            "url": self._evidence.links.file(file.id),
            "thumbnail": self._evidence.links.thumbnail(file.id),
        }

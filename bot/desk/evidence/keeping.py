"""Taking a file: looked at for malware, written anew, put in the store, then into the database.

The file is in its place before a row tells of it, so no row is ever without its file; what is left
behind in the store by a crash between the two is swept.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk import audit, identity
from bot.desk.context import Context
from bot.desk.errors import EvidenceRefused, TooManyFiles
from bot.desk.evidence import attaching, finding
from bot.desk.evidence.names import clean_name
from bot.desk.evidence.store import Store, StoreFull
from bot.desk.evidence_rules import EvidenceRules
from bot.desk.models import EvidenceFile, ReturnRequest
from bot.desk.views import EvidenceView
from bot.desk.vocabulary import EvidenceKind
from bot.media import sandbox
from bot.media.formats import Format, format_of_file
from bot.media.made import Made, Problem, Refused

logger = logging.getLogger(__name__)

_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Prepared:
    """A file that lies in the store and has no row yet.

    Attributes:
        stored_as: its name in the store.
        kind: what it is.
        made: its measures.
        bytes: its size.
        sha256: of what was sent.
    """

    stored_as: str
    kind: EvidenceKind
    made: Made
    bytes: int
    sha256: str


def digest(path: Path) -> str:
    """SHA-256 of a file, as hexadecimal digits.

    Raises:
        EvidenceRefused: it can't be read.
    """
    found = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
    except OSError as error:
        raise EvidenceRefused(Problem.NOT_CHECKED) from error
    return found.hexdigest()


def kind_of(format_: Format) -> EvidenceKind:
    """What a format is to the desk."""
    if format_.is_photo:
        return EvidenceKind.PHOTO
    return EvidenceKind.VIDEO if format_.is_video else EvidenceKind.DOCUMENT


def prepare(rules: EvidenceRules, store: Store, source: Path, sha256: str) -> Prepared:
    """Look at a file and put what is made of it into the store; it takes up to some seconds.

    Args:
        rules: the settings.
        store: where it goes.
        source: what was sent; it stays where it is.
        sha256: its digest.

    Raises:
        EvidenceRefused: it isn't taken; nothing is left in the store.
    """
    kind = None
    made_at: tuple[Path, ...] = ()
    try:
        size = source.stat().st_size
        if not size:
            raise Refused(Problem.EMPTY)
        # Only its first bytes were looked at when malware is looked for.
        format_ = format_of_file(source)
        if format_ is None:
            raise Refused(Problem.FORMAT)
        kind = kind_of(format_)
        if size > rules.bounds.bytes_of(format_):
            raise Refused(Problem.TOO_LARGE)
        sandbox.scan(rules.scan_command, source, rules.scan_seconds)
        made_at = to, thumbnail = store.new_incoming(), store.new_incoming()
        made = sandbox.write_anew(source, rules.bounds, to, thumbnail)
        written = to.stat().st_size
        stored_as = store.keep(to, thumbnail, made.media_type)
    except Refused as refused:
        raise EvidenceRefused(refused.problem, kind) from refused
    except OSError as error:
        logger.error("a file of evidence couldn't be kept: %s", error.__cause__ or error)
        raise EvidenceRefused(Problem.NOT_CHECKED, kind) from error
    finally:
        for path in made_at:
            with suppress(OSError):
                path.unlink()
    return Prepared(stored_as, kind, made, written, sha256)


def before(
    session: Session,
    context: Context,
    conversation_id: str | None,
    sha256: str,
    request_number: str | None,
) -> EvidenceView | None:
    """What can be told before a file is read: that it is there already, or can't be taken.

    Arguments, result and errors are as for `keep`, which looks again.
    """
    request = None
    if request_number is not None:
        request = attaching.find_request(session, conversation_id, request_number)
        attaching.require_open(request)
    return _earlier(session, context, conversation_id, sha256, request)


def _earlier(
    session: Session,
    context: Context,
    conversation_id: str | None,
    sha256: str,
    request: ReturnRequest | None,
) -> EvidenceView | None:
    """The same file, when the request has it, or the conversation waiting for one.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: who sends it; None on the request's own page.
        sha256: of what was sent.
        request: the request that it is for; None while it waits for one.

    Raises:
        TooManyFiles: it isn't there, and there is no room for one more.
    """
    same = select(EvidenceFile).where(EvidenceFile.sha256 == sha256)
    if request is not None:
        same = same.where(EvidenceFile.request_id == request.id)
    else:
        same = same.where(
            EvidenceFile.conversation_id == conversation_id, EvidenceFile.request_id.is_(None)
        )
    found = session.execute(same).scalar_one_or_none()
    if found is not None:
        return finding.view(found, request.number if request else None)
    _require_room(session, context.evidence, conversation_id, request)
    return None


def _require_room(
    session: Session,
    rules: EvidenceRules,
    conversation_id: str | None,
    request: ReturnRequest | None,
) -> None:
    mine = EvidenceFile.conversation_id == conversation_id
    counted: list[tuple[tuple[Any, ...], int]] = []
    if request is not None:
        counted.append(((EvidenceFile.request_id == request.id,), rules.per_request))
    else:
        counted.append(((mine, EvidenceFile.request_id.is_(None)), rules.per_request))
    if conversation_id is not None:
        counted.append(((mine,), rules.per_chat))
    for those, limit in counted:
        if session.execute(select(func.count()).where(*those)).scalar_one() >= limit:
            raise TooManyFiles(limit)


def keep(
    session: Session,
    context: Context,
    conversation_id: str | None,
    name: str,
    prepared: Prepared,
    request_number: str | None,
    actor: str,
) -> EvidenceView:
    """Write the row of a file that lies in the store.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: who sends it; None on the request's own page.
        name: as it was called.
        prepared: the file.
        request_number: the request it goes to; None while it waits for one.
        actor: who sends it, for the audit.

    Returns:
        The file; an earlier one when the same was sent twice. Then `prepared` isn't used.

    Raises:
        NotVerified: the conversation hasn't proved the request's order.
        UnknownRequest: there is no such request, for its own page.
        RequestEnded: nothing is added to the request any more.
        TooManyFiles: there is no room for one more.
        IntegrityError: another was faster; try again.
    """
    if conversation_id is not None:
        # Locked, so that two at once can't both be the last that there is room for.
        identity.conversation(session, context, conversation_id)
    request = None
    if request_number is not None:
        request = attaching.open_request(session, conversation_id, request_number)
    found = _earlier(session, context, conversation_id, prepared.sha256, request)
    if found is not None:
        return found
    now = context.now()
    file = EvidenceFile(
        public_id=secrets.token_hex(16),
        conversation_id=conversation_id,
        request_id=request.id if request else None,
        kind=prepared.kind.value,
        media_type=prepared.made.media_type,
        name=clean_name(name, prepared.kind, prepared.made.media_type),
        stored_as=prepared.stored_as,
        bytes=prepared.bytes,
        sha256=prepared.sha256,
        width=prepared.made.width,
        height=prepared.made.height,
        pages=prepared.made.pages,
        seconds=prepared.made.seconds,
        created_at=now,
        delete_after=None if request else now + context.evidence.unused,
    )
    session.add(file)
    session.flush()
    if request is not None:
        audit.note(
            session,
            context,
            actor,
            "evidence_added",
            request.order,
            request.number,
            files=[file.public_id],
        )
    return finding.view(file, request.number if request else None)


def room_on_disk(store: Store) -> Path:
    """A path for a file that comes in.

    Raises:
        EvidenceRefused: there is no room on the disk, or the folder can't be written to.
    """
    try:
        return store.new_incoming()
    except StoreFull as error:
        logger.error("no file of evidence is taken: %s", error)
        raise EvidenceRefused(Problem.NOT_CHECKED) from error

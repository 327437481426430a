"""Files of evidence, as others may see them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.desk.evidence.store import Store
from bot.desk.models import EvidenceFile, ReturnRequest
from bot.desk.views import EvidenceFileView, EvidenceView
from bot.desk.vocabulary import EvidenceKind

_FILES = select(EvidenceFile, ReturnRequest.number).outerjoin(
    ReturnRequest, ReturnRequest.id == EvidenceFile.request_id
)
_ID = re.compile("[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Whether a text can be a file's id; not all else can be asked a database for."""
    return isinstance(text, str) and bool(_ID.fullmatch(text))


def waiting(session: Session, conversation_id: str) -> tuple[EvidenceView, ...]:
    """Files of a conversation that belong to no request yet, oldest first."""
    mine = select(EvidenceFile).where(
        EvidenceFile.conversation_id == conversation_id, EvidenceFile.request_id.is_(None)
    )
    return views(session.execute(mine.order_by(EvidenceFile.id)).scalars(), None)


def files_of(session: Session, store: Store, number: str) -> tuple[EvidenceFileView, ...]:
    """Files of a request by its public number, oldest first, with where they lie."""
    mine = _FILES.where(ReturnRequest.number == number.strip().upper())
    return _lying(session, store, mine.order_by(EvidenceFile.id))


def latest(session: Session, store: Store, limit: int) -> tuple[EvidenceFileView, ...]:
    """The newest files of all buyers, newest first, with where they lie."""
    return _lying(session, store, _FILES.order_by(EvidenceFile.id.desc()).limit(limit))


def file_of(session: Session, store: Store, public_id: str) -> EvidenceFileView | None:
    """A file by its id, with where it lies, or None."""
    if not is_id(public_id):
        return None
    found = _lying(session, store, _FILES.where(EvidenceFile.public_id == public_id))
    return found[0] if found else None


def of_conversation(
    session: Session, conversation_id: str, buyer_id: int | None
) -> tuple[EvidenceView, ...]:
    """Files that a conversation sent, oldest first, with their requests' numbers.

    Args:
        session: open session.
        conversation_id: which conversation.
        buyer_id: whose requests' files are meant beside those that wait.
    """
    told = or_(EvidenceFile.request_id.is_(None), ReturnRequest.buyer_id == buyer_id)
    mine = _FILES.where(EvidenceFile.conversation_id == conversation_id, told)
    found = session.execute(mine.order_by(EvidenceFile.id))
    return tuple(view(file, number) for file, number in found)


def _lying(session: Session, store: Store, statement: select) -> tuple[EvidenceFileView, ...]:
    return tuple(
        EvidenceFileView(
            view(file, number), store.path(file.stored_as), store.thumbnail(file.stored_as)
        )
        for file, number in session.execute(statement)
    )


def views(files: Iterable[EvidenceFile], number: str | None) -> tuple[EvidenceView, ...]:
    """Files of one request, or of none, as plain values."""
    return tuple(view(file, number) for file in files)


def view(file: EvidenceFile, number: str | None) -> EvidenceView:
    """A file as a plain value.

    Args:
        file: its row.
        number: its request's, when it has one.
    """
    return EvidenceView(
        id=file.public_id,
        kind=EvidenceKind(file.kind),
        name=file.name,
        bytes=file.bytes,
        media_type=file.media_type,
        sent_at=file.created_at,
        width=file.width,
        height=file.height,
        pages=file.pages,
        seconds=file.seconds,
        request_number=number,
        goes_at=file.delete_after,
    )

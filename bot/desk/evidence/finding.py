"""Files of evidence, as others may see them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk.evidence.store import Store
from bot.desk.models import EvidenceFile, ReturnRequest
from bot.desk.views import EvidenceFileView, EvidenceView
from bot.desk.vocabulary import EvidenceKind


def waiting(session: Session, conversation_id: str) -> tuple[EvidenceView, ...]:
    """Files of a conversation that belong to no request yet, oldest first."""
    mine = select(EvidenceFile).where(
        EvidenceFile.conversation_id == conversation_id, EvidenceFile.request_id.is_(None)
    )
    return views(session.execute(mine.order_by(EvidenceFile.id)).scalars(), None)


def of_request(session: Session, number: str) -> tuple[EvidenceView, ...]:
    """Files of a request by its public number, oldest first."""
    number = number.strip().upper()
    found = select(EvidenceFile).join(
        ReturnRequest, ReturnRequest.id == EvidenceFile.request_id
    ).where(ReturnRequest.number == number)  # fmt: skip
    return views(session.execute(found.order_by(EvidenceFile.id)).scalars(), number)


def file_of(session: Session, store: Store, public_id: str) -> EvidenceFileView | None:
    """A file by its id, with where it lies, or None."""
    statement = (
        select(EvidenceFile, ReturnRequest.number)
        .outerjoin(ReturnRequest, ReturnRequest.id == EvidenceFile.request_id)
        .where(EvidenceFile.public_id == public_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        return None
    file, number = found
    return EvidenceFileView(
        view(file, number), store.path(file.stored_as), store.thumbnail(file.stored_as)
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
    )

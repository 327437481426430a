"""Deleting files: the buyer's wish, the end of their time, and what a crash left behind."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.desk import audit
from bot.desk.context import Context
from bot.desk.database import Database
from bot.desk.errors import EvidenceAttached, UnknownEvidence
from bot.desk.evidence.finding import is_id
from bot.desk.evidence.store import Store, token_of
from bot.desk.models import EvidenceFile, ReturnRequest

logger = logging.getLogger(__name__)

_LEFT_BEHIND_SECONDS = 3600.0
"""What comes in is looked at within a minute; an hour later nobody works on it."""
_ORPHANS_AT_ONCE = 20
_AT_ONCE = 500
_ACTOR = "evidence sweep"


@dataclass(frozen=True)
class Swept:
    """What a sweep did.

    Attributes:
        expired: rows whose time had come.
        left_behind: files that came and were never taken.
        orphans: files in the store that no row told of.
        spared: files that no row tells of, too many to be left by a crash: they stay.
    """

    expired: int = 0
    left_behind: int = 0
    orphans: int = 0
    spared: int = 0


def remove(session: Session, conversation_id: str, public_id: str) -> str:
    """Take a waiting file's row away.

    Args:
        session: session of a transaction.
        conversation_id: whose file.
        public_id: `EvidenceView.id`.

    Returns:
        Its name in the store, for `clear` after the transaction.

    Raises:
        UnknownEvidence: there is no such file of this conversation.
        EvidenceAttached: it belongs to a filed request.
    """
    if not is_id(public_id):
        raise UnknownEvidence("not an id")
    statement = (
        select(EvidenceFile, ReturnRequest.number)
        .outerjoin(ReturnRequest, ReturnRequest.id == EvidenceFile.request_id)
        .where(EvidenceFile.public_id == public_id, EvidenceFile.conversation_id == conversation_id)
    )
    found = session.execute(statement).one_or_none()
    if found is None:
        raise UnknownEvidence("no such file of this conversation")
    file, number = found
    if number is not None:
        raise EvidenceAttached(number)
    session.delete(file)
    return str(file.stored_as)


def purge(session: Session, context: Context, number: str, actor: str) -> list[str]:
    """Take all rows of a request's files away.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        number: the request's public number.
        actor: who deletes, for the audit.

    Returns:
        Their names in the store, for `clear` after the transaction.
    """
    number = number.strip().upper()
    mine = select(EvidenceFile).join(ReturnRequest, ReturnRequest.id == EvidenceFile.request_id)
    found = list(session.execute(mine.where(ReturnRequest.number == number)).scalars())
    for file in found:
        session.delete(file)
    if found:
        audit.note(session, context, actor, "evidence_deleted", None, number, files=len(found))
    return [str(file.stored_as) for file in found]


def clear(database: Database, store: Store, names: list[str]) -> None:
    """Delete files that no row tells of any more.

    Args:
        database: where rows are.
        store: where files are.
        names: their names in the store; one that a row still tells of stays.
    """
    with database.reading() as session:
        told = select(EvidenceFile.stored_as).where(EvidenceFile.stored_as.in_(names))
        kept = set(session.execute(told).scalars())
    for name in set(names) - kept:
        store.remove(name)


def sweep(context: Context, store: Store, *, force: bool = False) -> Swept:
    """Delete what has had its time, and what a crash left behind.

    Args:
        context: the desk's tools.
        store: where files are.
        force: delete files without rows also when they are many.

    Raises:
        DeskUnavailable: the database doesn't answer; files whose rows are gone go next time.
    """
    expired: list[str] = []
    while found := context.database.transaction(lambda session: _expire(session, context)):
        clear(context.database, store, found)
        expired += found
    left_behind = store.left_behind(_LEFT_BEHIND_SECONDS)
    orphans, spared = _orphans(context.database, store, force)
    return Swept(len(expired), left_behind, orphans, spared)


def _expire(session: Session, context: Context) -> list[str]:
    is_over = EvidenceFile.delete_after <= context.now()
    statement = (
        select(EvidenceFile.id, EvidenceFile.stored_as, ReturnRequest.number)
        .outerjoin(ReturnRequest, ReturnRequest.id == EvidenceFile.request_id)
        .where(is_over)
        .limit(_AT_ONCE)
    )
    found = session.execute(statement).all()
    for number in sorted({row.number for row in found if row.number}):
        count = sum(row.number == number for row in found)
        audit.note(session, context, _ACTOR, "evidence_deleted", None, number, files=count)
    # One that was given to a request meanwhile stays.
    those = EvidenceFile.id.in_([row.id for row in found])
    session.execute(delete(EvidenceFile).where(those, is_over))
    return [row.stored_as for row in found]


def _orphans(database: Database, store: Store, force: bool) -> tuple[int, int]:
    tokens = store.tokens(_LEFT_BEHIND_SECONDS)
    if not tokens:
        return 0, 0
    with database.reading() as session:
        names = session.execute(select(EvidenceFile.stored_as)).scalars()
        orphans = tokens - {token_of(name) for name in names}
    # A crash leaves a file or two. Many without rows mean another database than the files'.
    if not force and len(orphans) > max(_ORPHANS_AT_ONCE, len(tokens) // 2):
        logger.error(
            "%s of %s files of evidence have no row; is this their database? They stay.",
            len(orphans),
            len(tokens),
        )
        return 0, len(orphans)
    for token in orphans:
        store.remove(token)
    return len(orphans), 0

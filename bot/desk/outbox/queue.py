"""Rows of the outbox: claimed by one at a time, and settled."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.desk.database import Database
from bot.desk.models import Document, OutboxMessage
from bot.desk.outbox.failures import NotDelivered
from bot.desk.routes import Routes
from bot.desk.views import OutboxView
from bot.desk.vocabulary import Channel, MessageKind

LEASE = timedelta(minutes=10)
"""How long a claim holds. Whoever claims and dies leaves its rows to others after that."""

_WAITS = OutboxMessage.delivered_at.is_(None) & OutboxMessage.failed_at.is_(None)
# Built once: for such short queries, building a statement takes longer than the database.
_DUE = (
    select(OutboxMessage)
    .where(
        _WAITS,
        OutboxMessage.channel == bindparam("wanted"),
        OutboxMessage.next_attempt_at <= bindparam("now"),
        or_(
            OutboxMessage.claimed_until.is_(None),
            OutboxMessage.claimed_until <= bindparam("now"),
        ),
    )
    .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
)
_ANY_DUE = _DUE.with_only_columns(OutboxMessage.id).limit(1)
_TAKEN = _DUE.with_for_update(skip_locked=True)


@dataclass(frozen=True)
class Attachment:
    """A document that goes with a mail."""

    file_name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Claimed:
    """A message that is ours to deliver.

    Attributes:
        id: its row.
        claim: proof that it is ours, until somebody else claims it.
        message_id: Message-ID or webhook id; the same at every attempt.
        attempts: failed ones before.
        waiting_since: when trying began.
        attachment: what goes with a mail.
    """

    id: int
    claim: str
    message_id: str
    about: str
    recipient: str
    subject: str
    body: str
    created_at: datetime
    attempts: int
    waiting_since: datetime
    attachment: Attachment | None = None


def put(
    session: Session,
    now: datetime,
    channel: Channel,
    message_id: str,
    kind: MessageKind,
    about: str,
    body: str,
    *,
    recipient: str = "",
    subject: str = "",
    document: Document | None = None,
) -> None:
    """Add a message to the transaction, due at once.

    Args:
        session: session of the transaction.
        now: the present moment.
        channel: how it goes.
        message_id: Message-ID or webhook id, never used twice.
        kind: what it tells.
        about: number of what it tells about.
        body: text of a mail, JSON of a webhook.
        recipient: a mail's address.
        subject: a mail's subject, on one line.
        document: goes with a mail as an attachment.
    """
    session.add(
        OutboxMessage(
            channel=channel.value,
            message_id=message_id,
            kind=kind.value,
            about=about,
            recipient=recipient,
            subject=subject,
            body=body,
            document=document,
            created_at=now,
            attempts=0,
            waiting_since=now,
            next_attempt_at=now,
        )
    )


def claim(database: Database, clock: Clock, channel: Channel, limit: int) -> list[Claimed]:
    """Take messages that are due and that nobody else has taken.

    PostgreSQL passes over rows that another one is taking at this moment; SQLite lets in one
    writer at a time.

    Args:
        database: the desk's.
        clock: tells the present moment.
        channel: which messages.
        limit: how many at most.

    Raises:
        DeskUnavailable: when the database doesn't answer.
    """
    now, token = clock(), str(uuid.uuid4())
    asked = {"wanted": channel.value, "now": now}

    def take(session: Session) -> list[Claimed]:
        rows = list(session.execute(_TAKEN.limit(limit), asked).scalars())
        for row in rows:
            row.claimed_by, row.claimed_until = token, now + LEASE
        return [_claimed(row, token) for row in rows]

    # Most looks find nothing, and reading keeps no buyer waiting.
    with database.reading() as session:
        if session.execute(_ANY_DUE, asked).first() is None:
            return []
    return database.transaction(take)


def delivered(database: Database, clock: Clock, row: Claimed) -> None:
    """Note that a message has been taken by its receiver, whoever holds it now."""
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id == row.id)
        .values(
            delivered_at=clock(),
            failed_at=None,
            last_error=None,
            claimed_by=None,
            claimed_until=None,
        )
        .execution_options(synchronize_session=False)
    )
    database.transaction(lambda session: session.execute(statement))


def not_delivered(
    database: Database, clock: Clock, routes: Routes, row: Claimed, error: NotDelivered
) -> bool:
    """Note a failure, and when to try again; nothing when somebody else has taken the row.

    Returns:
        Whether it is given up, until an operator says otherwise.
    """
    now, attempts = clock(), row.attempts + 1
    given_up = error.final or now - row.waiting_since >= routes.give_up_after
    _settle(
        database,
        [row],
        attempts=attempts,
        last_error=error.reason,
        next_attempt_at=now + wait(routes, attempts),
        failed_at=now if given_up else None,
    )
    return given_up


def give_back(database: Database, rows: Sequence[Claimed]) -> None:
    """Let go of rows that weren't tried; they stay due."""
    if rows:
        _settle(database, rows)


def _settle(database: Database, rows: Sequence[Claimed], **values: object) -> None:
    statement = (
        update(OutboxMessage)
        .where(
            OutboxMessage.id.in_([row.id for row in rows]),
            OutboxMessage.claimed_by == rows[0].claim,
        )
        .values(claimed_by=None, claimed_until=None, **values)
        .execution_options(synchronize_session=False)
    )
    database.transaction(lambda session: session.execute(statement))


def wait(routes: Routes, attempts: int) -> timedelta:
    """How long to wait after so many failures: twice as long each time, by chance a bit less.

    The chance keeps many messages that failed together from all coming back together.
    """
    longest: timedelta = min(routes.first_wait * 2 ** min(attempts - 1, 30), routes.longest_wait)
    return longest * random.uniform(0.5, 1)  # noqa: S311 (nothing secret)


def listed(session: Session, limit: int) -> list[OutboxView]:
    """Messages that wait or were given up, oldest first.

    Args:
        session: open session.
        limit: how many at most.
    """
    statement = select(OutboxMessage).where(OutboxMessage.delivered_at.is_(None))
    found = session.execute(statement.order_by(OutboxMessage.id).limit(limit)).scalars()
    return [
        OutboxView(
            id=row.id,
            channel=Channel(row.channel),
            kind=row.kind,
            about=row.about,
            created_at=row.created_at,
            attempts=row.attempts,
            next_attempt_at=None if row.failed_at else row.next_attempt_at,
            last_error=row.last_error,
            failed_at=row.failed_at,
        )
        for row in found
    ]


def retry(session: Session, now: datetime, message_ids: Sequence[int] | None) -> int:
    """Make messages due now, with their full time for trying.

    Args:
        session: session of a transaction.
        now: the present moment.
        message_ids: which rows; None for all that were given up. Delivered ones stay delivered.

    Returns:
        How many.
    """
    chosen = (
        OutboxMessage.failed_at.is_not(None)
        if message_ids is None
        else OutboxMessage.id.in_(message_ids)
    )
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.delivered_at.is_(None), chosen)
        .values(attempts=0, next_attempt_at=now, waiting_since=now, failed_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(session.execute(statement).rowcount)


def _claimed(row: OutboxMessage, token: str) -> Claimed:
    return Claimed(
        id=row.id,
        claim=token,
        message_id=row.message_id,
        about=row.about,
        recipient=row.recipient,
        subject=row.subject,
        body=row.body,
        created_at=row.created_at,
        attempts=row.attempts,
        waiting_since=row.waiting_since,
        attachment=_attachment(row.document) if row.document else None,
    )


def _attachment(document: Document) -> Attachment:
    return Attachment(document.file_name, document.media_type, document.content)

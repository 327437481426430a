"""Messages on their way out: rows of the outbox written to files, at least once.

A row is written in the transaction of what it tells about. Its file is made afterwards and can
be made again: same name, same content, same Message-ID. So a crash in between loses nothing, and
whoever sends the mail can tell a repeat.
"""

from __future__ import annotations

import logging
import os
import tempfile
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy import select, update

from bot.desk.context import Context
from bot.desk.models import OutboxMessage

logger = logging.getLogger(__name__)


def deliver_pending(context: Context, limit: int = 100) -> int:
    """Write what waits in the outbox to the outbox folder.

    Args:
        context: the desk's tools.
        limit: how many messages at most.

    Returns:
        How many were written.

    Raises:
        DeskUnavailable: when the database doesn't answer.
        OSError: when the folder can't be written.
    """
    with context.database.reading() as session:
        statement = (
            select(OutboxMessage)
            .where(OutboxMessage.delivered_at.is_(None))
            .order_by(OutboxMessage.id)
            .limit(limit)
        )
        waiting = list(session.execute(statement).scalars())
    written = [row.id for row in waiting if _deliver(context, row)]
    if written:
        with context.database.writing() as session:
            statement = update(OutboxMessage).where(OutboxMessage.id.in_(written))
            session.execute(statement.values(delivered_at=context.now()))
            session.commit()
    return len(written)


def _deliver(context: Context, row: OutboxMessage) -> bool:
    """Write one message; one that can't be a mail is left, so that others don't wait for it."""
    try:
        content = bytes(_message(row, context.mail_from))
    except ValueError as error:
        logger.error("outbox message %s can't be written: %s", row.about, type(error).__name__)
        return False
    _write(context.outbox_dir / _file_name(row), content)
    return True


def _file_name(row: OutboxMessage) -> str:
    """Such as "R-7F3K9Q2M.eml": what the message is about, as its Message-ID has it."""
    return str(row.message_id).strip("<>").partition("@")[0] + ".eml"


def _message(row: OutboxMessage, sender: str) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = row.message_id
    message["Date"] = format_datetime(row.created_at)
    message["From"] = sender
    message["To"] = row.recipient
    message["Subject"] = row.subject
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(row.body)
    return message


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

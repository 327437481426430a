"""Handing a conversation to a person."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, identity, receipts, text
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import HandOff
from bot.desk.submissions import Line
from bot.desk.views import HandOffView

TEXT_CHARS = 5000


def hand_off(
    session: Session,
    context: Context,
    conversation_id: str,
    need: str,
    summary: str,
    transcript: Sequence[Line],
    key: str,
) -> HandOffView:
    """Open a ticket for a person, or find the one that this key has opened.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation.
        need: what the buyer wants, in a few words.
        summary: what is known so far.
        transcript: what was said.
        key: the same key in the same conversation opens one ticket.

    Raises:
        BadAnswer: when the key can't be used.
        IntegrityError: another request was faster; try again.
    """
    if not 0 < len(key) <= 200:
        raise BadAnswer("key", "invalid")
    identity.conversation(session, context, conversation_id)
    statement = select(HandOff).where(
        HandOff.conversation_id == conversation_id, HandOff.key == key
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        found = _write(session, context, conversation_id, need, summary, transcript, key)
    return HandOffView(ticket=found.ticket, created_at=found.created_at)


def _write(
    session: Session,
    context: Context,
    conversation_id: str,
    need: str,
    summary: str,
    transcript: Sequence[Line],
    key: str,
) -> HandOff:
    lines = receipts.clean_transcript(transcript)
    ticket = HandOff(
        ticket=text.public_number("H"),
        conversation_id=conversation_id,
        key=key,
        need=text.one_line(need, 200),
        summary=text.plain(summary, TEXT_CHARS),
        transcript=[
            {"who": line.who, "text": line.text, "at": line.at.isoformat() if line.at else None}
            for line in lines
        ],
        created_at=context.now(),
    )
    session.add(ticket)
    session.flush()
    audit.note(session, context, conversation_id, "handed_off", about=ticket.ticket)
    receipts.handed_off(session, context, ticket, lines)
    return ticket

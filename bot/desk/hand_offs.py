"""Handing a conversation to a person."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, help_desk, identity, orders, receipts, text, transcripts
from bot.desk.context import Context
from bot.desk.errors import BadAnswer, NotVerified
from bot.desk.models import HandOff, Order
from bot.desk.submissions import HandingOff
from bot.desk.views import HandOffView

TEXT_CHARS = 5000
TRIED_MAX = 20
DAY = timedelta(hours=24)


def hand_off(
    session: Session, context: Context, conversation_id: str, handing: HandingOff
) -> HandOffView:
    """Open a ticket for a person, or find the one that stands for it.

    A person is never refused: an order that the conversation hasn't proved is left out of the
    ticket, and when a conversation or a buyer has had its tickets of the last 24 hours, the newest
    of them is the answer and nothing is written.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation.
        handing: what is handed over.

    Raises:
        BadAnswer: when the key can't be used.
        IntegrityError: another request was faster; try again.
    """
    if not 0 < len(handing.key) <= 200:
        raise BadAnswer("key", "invalid")
    identity.conversation(session, context, conversation_id)
    found = _opened_before(session, conversation_id, handing.key)
    if found is None:
        order = _proved(session, conversation_id, handing.order_number)
        found = _full(session, context, conversation_id, order)
        if found is None:
            found = _write(session, context, conversation_id, order, handing)
    return HandOffView(ticket=found.ticket, created_at=found.created_at)


def _opened_before(session: Session, conversation_id: str, key: str) -> HandOff | None:
    statement = select(HandOff).where(
        HandOff.conversation_id == conversation_id, HandOff.key == key
    )
    found: HandOff | None = session.execute(statement).scalar_one_or_none()
    return found


def _proved(session: Session, conversation_id: str, number: str | None) -> Order | None:
    try:
        return orders.granted_order(session, conversation_id, number) if number else None
    except NotVerified:
        return None


def _full(
    session: Session, context: Context, conversation_id: str, order: Order | None
) -> HandOff | None:
    """The newest ticket, when the conversation or the buyer can have no more today."""
    counted = [(HandOff.conversation_id == conversation_id, context.hand_offs_per_chat)]
    if order is not None:
        counted.append((HandOff.buyer_id == order.buyer_id, context.hand_offs_per_buyer))
    for whose, limit in counted:
        recent = select(HandOff).where(whose, HandOff.created_at > context.now() - DAY)
        newest: list[HandOff] = list(
            session.execute(recent.order_by(HandOff.id.desc()).limit(limit)).scalars()
        )
        if len(newest) == limit:
            return newest[0]
    return None


def _write(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order | None,
    handing: HandingOff,
) -> HandOff:
    buyer_id = order.buyer_id if order else None
    telling = transcripts.Telling(session, conversation_id, buyer_id)
    lines = telling.lines(handing.transcript)
    tried = (text.one_line(telling.words(step), 200) for step in handing.tried[:TRIED_MAX])
    ticket = HandOff(
        ticket=text.public_number("H"),
        conversation_id=conversation_id,
        key=handing.key,
        need=text.one_line(telling.words(handing.need), 200),
        summary=text.plain(telling.words(handing.summary), TEXT_CHARS),
        tried=[step for step in tried if step],
        order=order,
        buyer_id=buyer_id,
        transcript=[
            {"who": line.who, "text": line.text, "at": line.at.isoformat() if line.at else None}
            for line in lines
        ],
        created_at=context.now(),
    )
    session.add(ticket)
    session.flush()
    audit.note(session, context, conversation_id, "handed_off", order, ticket.ticket)
    receipts.handed_off(session, context, ticket, lines)
    help_desk.handed_off(session, context, ticket, lines)
    return ticket

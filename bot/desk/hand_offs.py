"""Handing a conversation to a person, and what that person answers."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.desk import audit, help_desk, identity, notices, orders, receipts, text, transcripts
from bot.desk.context import Context
from bot.desk.errors import BadAnswer, NotVerified, UnknownTicket
from bot.desk.evidence import finding
from bot.desk.models import HandOff, HandOffAnswer, Order
from bot.desk.submissions import Answering, HandingOff
from bot.desk.views import HandOffView, TicketView

TEXT_CHARS = 5000
ANSWER_CHARS = 4000
NAME_CHARS = 60
ANSWERS_MAX = 50
"""Of one ticket."""
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
    files = finding.of_conversation(session, conversation_id, buyer_id)
    receipts.handed_off(session, context, ticket, lines, files)
    help_desk.handed_off(session, context, ticket, lines, files)
    return ticket


def answer(session: Session, context: Context, number: str, answering: Answering) -> TicketView:
    """Keep a person's answer to a ticket and tell the buyer, once for each key.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        number: the ticket's number.
        answering: what is handed in.

    Raises:
        UnknownTicket: there is no such ticket.
        BadAnswer: "text", "name" or "key" can't be used.
        IntegrityError: another request was faster; try again.
    """
    ticket = _find(session, number)
    words, name = _checked(answering)
    given = next((one for one in ticket.answers if one.key == answering.key), None)
    if given is None:
        _write_answer(session, context, ticket, words, name, answering)
    elif (given.text, given.name) != (words, name):
        raise BadAnswer("key", "taken")
    return _view(session, context, ticket)


def by_number(session: Session, context: Context, number: str) -> TicketView | None:
    """The ticket with this number, or None."""
    try:
        return _view(session, context, _find(session, number))
    except UnknownTicket:
        return None


def latest(session: Session, context: Context, limit: int, unanswered: bool) -> list[TicketView]:
    """The newest tickets, newest first.

    Args:
        session: open session.
        context: the desk's tools.
        limit: how many at most.
        unanswered: only those without an answer.
    """
    statement = select(HandOff).order_by(HandOff.id.desc()).limit(limit).options(*_WHOLE)
    if unanswered:
        statement = statement.where(~HandOff.answers.any())
    return [_view(session, context, one) for one in session.execute(statement).scalars()]


_WHOLE = (joinedload(HandOff.order), selectinload(HandOff.answers))


def _find(session: Session, number: str) -> HandOff:
    named = select(HandOff).where(HandOff.ticket == number.strip().upper()).options(*_WHOLE)
    found: HandOff | None = session.execute(named).scalar_one_or_none()
    if found is None:
        raise UnknownTicket(number)
    return found


def _checked(answering: Answering) -> tuple[str, str]:
    """Text and name as they can be kept and shown."""
    if not 0 < len(answering.key) <= 200:
        raise BadAnswer("key", "invalid")
    words = text.plain(answering.words, ANSWER_CHARS + 1)
    name = text.one_line(answering.name, NAME_CHARS + 1)
    if not words:
        raise BadAnswer("text", "empty")
    if len(words) > ANSWER_CHARS:
        raise BadAnswer("text", "too_long")
    if len(name) > NAME_CHARS:
        raise BadAnswer("name", "too_long")
    return words, name


def _write_answer(
    session: Session,
    context: Context,
    ticket: HandOff,
    words: str,
    name: str,
    answering: Answering,
) -> None:
    if len(ticket.answers) >= ANSWERS_MAX:
        raise BadAnswer("text", "too_many")
    given = HandOffAnswer(key=answering.key, name=name, text=words, created_at=context.now())
    ticket.answers.append(given)
    session.flush()
    audit.note(session, context, answering.actor, "hand_off_answered", ticket.order, ticket.ticket)
    receipts.hand_off_answered(session, context, given)
    notices.hand_off_answered(session, context, given)


def _view(session: Session, context: Context, ticket: HandOff) -> TicketView:
    return TicketView(
        ticket=ticket.ticket,
        created_at=ticket.created_at,
        order_number=ticket.order.number if ticket.order else None,
        need=ticket.need,
        summary=ticket.summary,
        tried=tuple(ticket.tried),
        transcript=tuple(ticket.transcript),
        answers=tuple(notices.answer_view(one) for one in ticket.answers),
        in_chat=notices.is_open(session, context, ticket.conversation_id),
        by_mail=ticket.order is not None,
    )

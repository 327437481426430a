"""What chats are told without having asked: a request moved on, a person answered a ticket.

A notice is written in the transaction of what it tells about. About a request, every open chat that
has proved its order is told: whoever may ask for it there needn't ask. A chat whose session is over
can show nothing more, so it gets none; mail tells its buyer. What ended chats were told is removed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.desk import requests
from bot.desk.context import Context
from bot.desk.models import (
    Conversation,
    ConversationBuyer,
    ConversationGrant,
    ConversationNotice,
    HandOffAnswer,
    ReturnRequest,
)
from bot.desk.views import AnswerView, NoticeView, Placed, RequestView
from bot.desk.vocabulary import RequestStatus, Step, destination

CHATS_MAX = 50
"""So many open chats are told of one change, those that proved the order last."""
READ_MAX = 50
_SPARE = timedelta(hours=1)
"""What a chat was told is kept longer than it lasts."""
_SINCE = {
    Step.SELLER_ANSWERED: RequestStatus.SUBMITTED,
    Step.PARCEL_SENT: RequestStatus.SUBMITTED,
    Step.QUALITY_CONTROL: RequestStatus.RECEIVED,
}
"""Where a request stands when a step is noted."""


def request_advanced(
    session: Session, context: Context, request: ReturnRequest, reached: RequestStatus | Step
) -> None:
    """Tell the open chats that have proved the request's order.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        request: what moved on.
        reached: what it came to.

    Raises:
        IntegrityError: another notice took the place; try again.
    """
    open_chats = (
        select(Conversation.id)
        .join(ConversationGrant, ConversationGrant.conversation_id == Conversation.id)
        .where(ConversationGrant.order_id == request.order_id, _is_open(context))
        .order_by(ConversationGrant.created_at.desc(), Conversation.id)
        .limit(CHATS_MAX)
    )
    chats = list(session.execute(open_chats).scalars())
    key = f"{request.number}:{reached.value}"
    _tell(session, context, chats, key, request_id=request.id, reached=reached.value)


def hand_off_answered(session: Session, context: Context, answer: HandOffAnswer) -> None:
    """Tell the chat that was handed over, while it is open. Arguments as above."""
    chat = answer.hand_off.conversation_id
    if is_open(session, context, chat):
        _tell(
            session, context, [chat], f"{answer.hand_off.ticket}:{answer.id}", answer_id=answer.id
        )


def is_open(session: Session, context: Context, conversation_id: str) -> bool:
    """Whether a chat's session can still hold."""
    found = select(Conversation.id).where(Conversation.id == conversation_id, _is_open(context))
    return session.execute(found).first() is not None


def of_conversation(
    session: Session, conversation_id: str, after: int
) -> tuple[list[NoticeView], int]:
    """A conversation's notices after a place, oldest first, and the place of the last.

    Args:
        session: open session.
        conversation_id: which conversation.
        after: the place up to which it was told.
    """
    statement = (
        select(ConversationNotice)
        .where(
            ConversationNotice.conversation_id == conversation_id, ConversationNotice.place > after
        )
        .order_by(ConversationNotice.place)
        .limit(READ_MAX)
        .options(
            joinedload(ConversationNotice.request).options(*requests.WHOLE),
            joinedload(ConversationNotice.answer).joinedload(HandOffAnswer.hand_off),
        )
    )
    found = session.execute(statement).scalars().all()
    granted = select(ConversationGrant.order_id).where(
        ConversationGrant.conversation_id == conversation_id
    )
    proved = set(session.execute(granted).scalars()) if found else set()
    told = [_view(session, one) for one in found if _order_id(one) in {None, *proved}]
    return told, found[-1].place if found else after


def placed(session: Session, since: datetime | None) -> list[Placed]:
    """Where all conversations' notices stand.

    Args:
        session: open session.
        since: leaves out notices from before; None for none.
    """
    statement = select(
        ConversationNotice.conversation_id,
        func.max(ConversationNotice.place),
        func.max(ConversationNotice.created_at),
    ).group_by(ConversationNotice.conversation_id)
    if since is not None:
        statement = statement.where(ConversationNotice.created_at >= since)
    return [Placed(*row) for row in session.execute(statement)]


def answer_view(answer: HandOffAnswer) -> AnswerView:
    """An answer as a plain value."""
    return AnswerView(answer.hand_off.ticket, answer.name, answer.text, answer.created_at)


def _is_open(context: Context) -> Any:
    # A conversation is first noted here after its session began; a shop's word renews it.
    now = context.now()
    renewed = select(ConversationBuyer.conversation_id).where(
        ConversationBuyer.conversation_id == Conversation.id, ConversationBuyer.expires_at > now
    )
    return or_(Conversation.created_at > now - context.chat_lasts, renewed.exists())


def _tell(
    session: Session, context: Context, chats: list[str], key: str, **about: int | str
) -> None:
    if not chats:
        return
    now = context.now()
    # Never of a chat that goes on, or its places would be counted anew below its reader's.
    is_old = ConversationNotice.created_at < now - context.chat_lasts - _SPARE
    is_over = ConversationNotice.conversation_id.in_(
        select(Conversation.id).where(not_(_is_open(context)))
    )
    session.execute(
        delete(ConversationNotice).where(is_old, is_over),
        execution_options={"synchronize_session": False},
    )
    counted = (
        select(ConversationNotice.conversation_id, func.max(ConversationNotice.place))
        .where(ConversationNotice.conversation_id.in_(chats))
        .group_by(ConversationNotice.conversation_id)
    )
    last: dict[str, int] = dict(session.execute(counted).all())
    session.add_all(
        ConversationNotice(
            conversation_id=chat, place=last.get(chat, 0) + 1, key=key, created_at=now, **about
        )
        # In one order, or two who tell the same chats could wait for each other.
        for chat in sorted(chats)
    )
    session.flush()


def _order_id(notice: ConversationNotice) -> int | None:
    """The order that a notice tells of; None for a ticket without one."""
    about = notice.request or notice.answer.hand_off
    order_id: int | None = about.order_id
    return order_id


def _view(session: Session, notice: ConversationNotice) -> NoticeView:
    if notice.answer is not None:
        return NoticeView(notice.place, notice.created_at, answer=answer_view(notice.answer))
    reached = destination(notice.reached)
    return NoticeView(
        notice.place,
        notice.created_at,
        request=_as_it_stood(requests.view(session, notice.request), reached),
        reached=reached,
    )


def _as_it_stood(request: RequestView, reached: RequestStatus | Step) -> RequestView:
    """The request as it was told of, whatever has become of it since."""
    if isinstance(reached, Step):
        return replace(request, status=_SINCE[reached], steps=(reached,))
    return replace(request, status=reached, steps=())

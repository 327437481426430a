"""Proof that an order is the buyer's: its number and the e-mail on it.

Nothing in an answer, or in the time it takes, tells whether the number or the e-mail is wrong.
Misses are counted in the conversation, and across conversations by number, by e-mail and by network
address: a new conversation buys no new guesses, and proving one order buys none at another.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.desk import audit, misses, orders, text
from bot.desk.context import Context
from bot.desk.models import Buyer, Conversation, ConversationGrant, Order
from bot.desk.views import Verification

_NOBODY = "nobody@example.invalid"
"""Compared with when there is no such order; no buyer can have it."""

_ON_ORDER = (
    select(Order.id, Buyer.email).join(Order.buyer).where(Order.number == bindparam("number"))
)


def verify(
    session: Session,
    context: Context,
    conversation_id: str,
    order_number: str,
    email: str,
    network: str = "",
) -> Verification:
    """Check a pair, and let the conversation speak about the order when it fits.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation asks.
        order_number: as written by the buyer.
        email: as written by the buyer.
        network: what stands for the network address; "" where it isn't known.
    """
    chat = conversation(session, context, conversation_id)
    if chat.misses >= context.verify_attempts:
        return Verification(ok=False, locked=True, misses=chat.misses)
    number, address = text.order_number(order_number), text.email_address(email)
    counted = misses.count(session, context, conversation_id, number, address, network)
    if (
        counted.most() > context.verify_misses_per_hour
        or counted.by_address() > context.wrong_pairs_per_address
    ):
        counted.take_back(session)
        return Verification(ok=False, locked=True, misses=chat.misses)
    order_id, on_order = _order(session, number)
    if not text.same(address, on_order) or order_id is None:
        chat.misses += 1
        misses.prune(session, context)
        locked = (
            chat.misses >= context.verify_attempts
            or counted.most() >= context.verify_misses_per_hour
            or counted.by_address() >= context.wrong_pairs_per_address
        )
        return Verification(ok=False, locked=locked, misses=chat.misses)
    counted.take_back(session)
    # Only what went wrong at this very order is forgiven.
    chat.misses -= counted.forgive(session)
    order = session.get(Order, order_id, options=orders.WHOLE)
    grant(session, context, conversation_id, order)
    view = orders.view(session, context, order)
    return Verification(ok=True, locked=False, misses=chat.misses, order=view)


def conversation(session: Session, context: Context, conversation_id: str) -> Conversation:
    """The conversation's row, made when missing and locked for this transaction."""
    found: Conversation | None = session.get(Conversation, conversation_id, with_for_update=True)
    if found is None:
        found = Conversation(id=conversation_id, misses=0, created_at=context.now())
        session.add(found)
        session.flush()
    return found


def forget(session: Session, conversation_id: str) -> None:
    """Take all that the conversation has proved away from it."""
    session.execute(
        delete(ConversationGrant).where(ConversationGrant.conversation_id == conversation_id)
    )


def _order(session: Session, number: str) -> tuple[int | None, str]:
    """The order's id and its e-mail; the same work when there is no such order."""
    found = session.execute(_ON_ORDER, {"number": number}).one_or_none()
    return (found.id, found.email) if found else (None, _NOBODY)


def grant(session: Session, context: Context, conversation_id: str, order: Order) -> None:
    """Let the conversation, whose row is there, speak about an order that is its buyer's."""
    if session.get(ConversationGrant, (conversation_id, order.id)) is None:
        session.add(
            ConversationGrant(
                conversation_id=conversation_id, order_id=order.id, created_at=context.now()
            )
        )
        audit.note(session, context, conversation_id, "order_verified", order)

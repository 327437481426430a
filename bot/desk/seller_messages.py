"""What a buyer has to say to the seller of an order (H1)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, help_desk, orders, receipts
from bot.desk import text as texts
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import Order, SellerMessage
from bot.desk.views import SellerMessageView

TEXT_CHARS = 4000


def message_seller(
    session: Session,
    context: Context,
    conversation_id: str,
    order_number: str,
    text: str,
    key: str,
) -> SellerMessageView:
    """Record a message for the seller, or find the one that this key has recorded.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation.
        order_number: the order.
        text: what the buyer says, up to `TEXT_CHARS` characters.
        key: the same key in the same conversation records one message.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        BadAnswer: the text is empty or too long, or the key can't be used.
        IntegrityError: another request was faster; try again.
    """
    order = orders.granted_order(session, conversation_id, order_number)
    if not 0 < len(key) <= 200:
        raise BadAnswer("key", "invalid")
    statement = select(SellerMessage).where(
        SellerMessage.conversation_id == conversation_id, SellerMessage.key == key
    )
    found = session.execute(statement).scalar_one_or_none()
    if found is None:
        found = _write(session, context, conversation_id, order, text, key)
    elif found.order_id != order.id:
        raise BadAnswer("key", "taken")
    return SellerMessageView(found.number, order.seller.name, found.created_at)


def _write(
    session: Session, context: Context, conversation_id: str, order: Order, text: str, key: str
) -> SellerMessage:
    if len(text) > TEXT_CHARS:
        raise BadAnswer("text", "too_long")
    kept = texts.plain(text, TEXT_CHARS)
    if not kept:
        raise BadAnswer("text", "empty")
    message = SellerMessage(
        number=texts.public_number("M"),
        order=order,
        buyer_id=order.buyer_id,
        conversation_id=conversation_id,
        key=key,
        text=kept,
        created_at=context.now(),
    )
    session.add(message)
    session.flush()
    audit.note(session, context, conversation_id, "seller_messaged", order, message.number)
    receipts.seller_messaged(session, context, message)
    help_desk.seller_messaged(session, context, message)
    return message

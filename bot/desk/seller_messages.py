"""What a buyer has to say to the seller of an order (H1)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, help_desk, orders, receipts
from bot.desk import text as texts
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import Order, OrderItem, SellerMessage
from bot.desk.submissions import Complaint
from bot.desk.time_zones import zone_of
from bot.desk.views import SellerMessageView
from bot.policy.facts import FAULTS, Reason

TEXT_CHARS = 4000


def message_seller(
    session: Session,
    context: Context,
    conversation_id: str,
    order_number: str,
    text: str,
    key: str,
    complaint: Complaint | None = None,
) -> SellerMessageView:
    """Record a message for the seller, or find the one that this key has recorded.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation.
        order_number: the order.
        text: what the buyer says, up to `TEXT_CHARS` characters.
        key: the same key in the same conversation records one message.
        complaint: what is wrong, when the text says so; None for any other message.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        BadAnswer: the text is empty or too long, or key or complaint can't be used.
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
        found = _write(session, context, conversation_id, order, text, key, complaint)
    elif found.order_id != order.id:
        raise BadAnswer("key", "taken")
    return SellerMessageView(found.number, order.seller.name, found.created_at)


def complained_on(
    session: Session, context: Context, order: Order, item: OrderItem, fault: Reason
) -> date | None:
    """The buyer's day of the first complaint to the seller about such a fault of an item.

    A fault that came later is another one than those that were there on arrival.

    Args:
        session: open session.
        context: the desk's tools.
        order: the order.
        item: one of its items.
        fault: what is wrong with it.
    """
    statement = (
        select(SellerMessage)
        .where(SellerMessage.order_id == order.id, SellerMessage.fault.is_not(None))
        .order_by(SellerMessage.created_at)
    )
    came_later = fault is Reason.STOPPED_WORKING
    for message in session.execute(statement).scalars():
        is_about = message.items is None or item.id in message.items
        if is_about and (message.fault == Reason.STOPPED_WORKING.value) == came_later:
            zone = zone_of(order.country, order.region, context.shop_time_zone)
            made_on: date = message.created_at.astimezone(zone).date()
            return made_on
    return None


def _write(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order,
    text: str,
    key: str,
    complaint: Complaint | None,
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
        fault=complaint.fault.value if complaint else None,
        items=_items(order, complaint) if complaint else None,
        created_at=context.now(),
    )
    session.add(message)
    session.flush()
    audit.note(session, context, conversation_id, "seller_messaged", order, message.number)
    receipts.seller_messaged(session, context, message)
    help_desk.seller_messaged(session, context, message)
    return message


def _items(order: Order, complaint: Complaint) -> list[int] | None:
    if complaint.fault not in FAULTS:
        raise BadAnswer("reason", "invalid")
    if not set(complaint.items) <= {item.id for item in order.items}:
        raise BadAnswer("items", "unknown")
    return sorted(set(complaint.items)) or None

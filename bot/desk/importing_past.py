"""Returns that a buyer asked for before the desk kept them: they count for F10 and F12."""

from __future__ import annotations

from datetime import datetime, time, timezone

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.desk import orders, text
from bot.desk.context import Context
from bot.desk.models import (
    Order,
    OrderItem,
    Refund,
    ReturnLabel,
    ReturnRequest,
    ReturnRequestItem,
)
from bot.desk.records import PastReturnRecord
from bot.desk.time_zones import zone_of
from bot.desk.vocabulary import RefundMethod, RefundStatus, RequestStatus
from bot.policy.decision import PaidBy, RouteId


def add_past_return(
    session: Session, context: Context, order: Order, past: PastReturnRecord
) -> None:
    """Add a return that is over, with its refund and, if it had one, its label.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        order: the order, already in the database.
        past: what the shop tells.
    """
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    filed_at = datetime.combine(past.filed_on, time(12), zone).astimezone(timezone.utc)
    items = [item for item in order.items if item.reference in past.items]
    method = RefundMethod.ORIGINAL_PAYMENT.value
    number = text.public_number("R")
    session.add(
        ReturnRequest(
            number=number,
            order=order,
            buyer_id=order.buyer_id,
            key=f"imported {number}",
            route=(RouteId.FREE_RETURN if past.prepaid_label else RouteId.SELLER_RETURN).value,
            status=RequestStatus.REFUNDED.value,
            refund_method=method,
            return_paid_by=(PaidBy.PLATFORM if past.prepaid_label else PaidBy.BUYER).value,
            remedy="refund",
            label=_label(session, order, past, filed_at) if past.prepaid_label else None,
            needs_review=False,
            created_at=filed_at,
            items=[_item(item, past) for item in items],
            refund=Refund(
                amount_cents=sum(item.price_cents * item.quantity for item in items),
                currency=order.currency,
                method=method,
                status=RefundStatus.PAID.value,
                created_at=filed_at,
            ),
        )
    )
    session.flush()


def _item(item: OrderItem, past: PastReturnRecord) -> ReturnRequestItem:
    return ReturnRequestItem(
        order_item=item,
        quantity=item.quantity,
        reason=past.reason.value,
        pieces=orders.pieces_of(item, range(1, item.quantity + 1)),
    )


def _label(
    session: Session, order: Order, past: PastReturnRecord, created_at: datetime
) -> ReturnLabel:
    month = past.filed_on.strftime("%Y-%m")
    statement = select(func.max(ReturnLabel.slot)).where(
        ReturnLabel.buyer_id == order.buyer_id, ReturnLabel.month == month
    )
    last = session.execute(statement).scalar_one() or 0
    return ReturnLabel(
        number=text.public_number("L"),
        buyer_id=order.buyer_id,
        order_id=order.id,
        month=month,
        slot=last + 1,
        created_at=created_at,
    )

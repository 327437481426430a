"""Cancelling an order that the seller hasn't shipped (S1)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.desk import audit, deciding, orders, receipts, text
from bot.desk.context import Context
from bot.desk.errors import AlreadyFiled, AlreadyShipped, BadAnswer, NotEligible
from bot.desk.models import Order, OrderCancellation
from bot.desk.views import CancellationView
from bot.policy.decision import RouteId, Status
from bot.policy.facts import Reason, ShipmentStatus


def cancel(
    session: Session, context: Context, conversation_id: str, order_number: str, key: str
) -> CancellationView:
    """Cancel an order, or find that it is cancelled already.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation cancels.
        order_number: the order.
        key: the same key cancels once.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        AlreadyShipped: the seller has shipped.
        AlreadyFiled: an item stands in a return request, so its money is on the way already.
        NotEligible: the order can't be cancelled for another reason, such as no payment.
        IntegrityError: another request was faster; try again.
    """
    order = orders.granted_order(session, conversation_id, order_number)
    orders.lock(session, order)
    if order.cancellation is None:
        if not 0 < len(key) <= 200:
            raise BadAnswer("key", "invalid")
        _check(session, context, order)
        _write(session, context, conversation_id, order, key)
    return view(order)


def view(order: Order) -> CancellationView:
    """The order's cancellation as a plain value."""
    cancellation = order.cancellation
    return CancellationView(
        number=cancellation.number,
        order_number=order.number,
        amount_cents=cancellation.amount_cents,
        currency=order.currency,
        cancelled_at=cancellation.created_at,
    )


def _check(session: Session, context: Context, order: Order) -> None:
    parcels = [item.parcel for item in order.items]
    if any(parcel and parcel.status != ShipmentStatus.NOT_SHIPPED for parcel in parcels):
        raise AlreadyShipped(order.number)
    for stands in orders.standing(session, order).values():
        raise AlreadyFiled(stands.numbers[-1])
    _, decision = deciding.decide(
        session, context, order, order.items[0], Reason.CHANGE_OF_MIND, {}
    )
    if decision.route(RouteId.CANCELLATION).status is not Status.OPEN:
        raise NotEligible(decision)


def _write(
    session: Session, context: Context, conversation_id: str, order: Order, key: str
) -> None:
    order.cancellation = OrderCancellation(
        number=text.public_number("C"),
        conversation_id=conversation_id,
        key=key,
        amount_cents=sum(item.price_cents * item.quantity for item in order.items),
        created_at=context.now(),
    )
    session.flush()
    number = order.cancellation.number
    audit.note(session, context, conversation_id, "order_cancelled", order, number)
    receipts.order_cancelled(session, context, order, view(order))

"""Pre-paid return labels and the month's quota (F10, F11).

The quota is held by the database: a label takes one of the month's numbered slots, and a slot is
a unique key. Of two requests that reach for the last one, the second breaks the key, is tried
again from the start, and finds none left.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.desk import rules, text
from bot.desk.context import Context
from bot.desk.errors import QuotaExhausted
from bot.desk.models import Order, ReturnLabel
from bot.desk.views import LabelsView

_ISSUED = (
    select(ReturnLabel)
    .where(
        ReturnLabel.buyer_id == bindparam("buyer_id"),
        or_(
            ReturnLabel.month == bindparam("month"),
            ReturnLabel.order_id == bindparam("order_id"),
        ),
    )
    .order_by(ReturnLabel.id)
)


def month(context: Context, order: Order) -> str:
    """The buyer's calendar month, such as "2026-11"."""
    return context.local_now(order).strftime("%Y-%m")


def counted(session: Session, context: Context, order: Order) -> int:
    """Labels that count against a new request under this order, this month.

    A label that the request would share with an earlier one under the same order isn't asked
    of the quota again, so it doesn't count.
    """
    issued = _issued(session, context, order)
    earlier = _shared(issued, context, order)
    this_month = month(context, order)
    return sum(label.month == this_month and label is not earlier for label in issued)


def left(session: Session, context: Context, order: Order) -> LabelsView:
    """How many of this month's labels the order's buyer has left (F10).

    Args:
        session: open session.
        context: the desk's tools.
        order: an order of the buyer; its contract's clauses and its place on the map count.
    """
    this_month = month(context, order)
    used = sum(label.month == this_month for label in _issued(session, context, order))
    limit = rules.labels_per_month(context.clauses, order.placed_on)
    first_day = context.today(order).replace(day=1)
    return LabelsView(
        limit=limit,
        used=used,
        left=max(0, limit - used),
        renews_on=(first_day + timedelta(days=31)).replace(day=1),
    )


def _issued(session: Session, context: Context, order: Order) -> list[ReturnLabel]:
    """The buyer's labels of this month, and all of this order, oldest first."""
    asked = {
        "buyer_id": order.buyer_id,
        "order_id": order.id,
        "month": month(context, order),
    }
    return list(session.execute(_ISSUED, asked).scalars())


def _shared(issued: list[ReturnLabel], context: Context, order: Order) -> ReturnLabel | None:
    """The label that a further request under this order goes with.

    None while the order can still get one of its own (F11).
    """
    own = [label for label in issued if label.order_id == order.id]
    if len(own) < rules.labels_per_order(context.clauses, order.placed_on):
        return None
    return own[-1]


def issue(session: Session, context: Context, order: Order) -> tuple[ReturnLabel, bool]:
    """A label for a new request.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        order: the order that the request is under.

    Returns:
        The label, and whether an earlier request has it too.

    Raises:
        QuotaExhausted: when the month's labels are used up.
        IntegrityError: when another request took the slot first; try again.
    """
    issued = _issued(session, context, order)
    earlier = _shared(issued, context, order)
    if earlier is not None:
        return earlier, True
    this_month = month(context, order)
    taken = {label.slot for label in issued if label.month == this_month}
    allowed = rules.labels_per_month(context.clauses, order.placed_on)
    slot = next((slot for slot in range(1, allowed + 1) if slot not in taken), None)
    if slot is None:
        raise QuotaExhausted(allowed)
    label = ReturnLabel(
        number=text.public_number("L"),
        buyer_id=order.buyer_id,
        order_id=order.id,
        month=this_month,
        slot=slot,
        created_at=context.now(),
    )
    session.add(label)
    session.flush()
    return label, False

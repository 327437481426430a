"""Orders as a conversation may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload

from bot.desk import text
from bot.desk.context import Context
from bot.desk.errors import NotVerified
from bot.desk.models import (
    ConversationGrant,
    ItemShipment,
    Order,
    OrderItem,
    ReturnRequest,
    ReturnRequestItem,
    ReturnRequestPiece,
    Shipment,
)
from bot.desk.time_zones import zone_of
from bot.desk.views import UNSHIPPED, ItemView, OrderView, ShipmentView
from bot.policy.facts import ShipmentStatus

WHOLE = (
    joinedload(Order.buyer),
    joinedload(Order.seller),
    joinedload(Order.shipment),
    joinedload(Order.cancellation),
    joinedload(Order.items).joinedload(OrderItem.own_shipment),
)
"""Everything that a view or a decision looks at, in one query."""

# Built once: for such short queries, building a statement takes longer than the database.
_GRANTED = (
    select(Order)
    .join(ConversationGrant, ConversationGrant.order_id == Order.id)
    .where(ConversationGrant.conversation_id == bindparam("conversation_id"))
    .order_by(ConversationGrant.created_at, Order.id)
    .options(*WHOLE)
)
_GRANTED_ONE = _GRANTED.where(Order.number == bindparam("number"))
_ONE = select(Order).where(Order.id == bindparam("order_id")).options(*WHOLE)
_LOCKED = select(Order.id).where(Order.id == bindparam("order_id")).with_for_update()
_STANDING = (
    select(ReturnRequestPiece.order_item_id, ReturnRequest.number, func.count())
    .join(ReturnRequestItem, ReturnRequestItem.id == ReturnRequestPiece.request_item_id)
    .join(ReturnRequest, ReturnRequest.id == ReturnRequestItem.request_id)
    .where(ReturnRequest.order_id == bindparam("order_id"), ReturnRequestPiece.active)
    .group_by(ReturnRequestPiece.order_item_id, ReturnRequest.id, ReturnRequest.number)
    .order_by(ReturnRequest.id)
)
_TAKEN = select(ReturnRequestPiece.piece).where(
    ReturnRequestPiece.order_item_id == bindparam("order_item_id"), ReturnRequestPiece.active
)


@dataclass(frozen=True)
class Standing:
    """How much of an order item stands in return requests.

    Attributes:
        pieces: how many of its pieces.
        numbers: the requests' public numbers, oldest first.
    """

    pieces: int = 0
    numbers: tuple[str, ...] = ()

    @property
    def latest(self) -> str | None:
        """The newest request's number, if there is one."""
        return self.numbers[-1] if self.numbers else None

    def left_of(self, item: OrderItem) -> int:
        """How many pieces of the order item stand in no request."""
        return int(item.quantity) - self.pieces


NOTHING = Standing()


def granted_order(session: Session, conversation_id: str, number: str) -> Order:
    """The order, when the conversation has proved that it is the buyer's.

    Args:
        session: open session.
        conversation_id: which conversation asks.
        number: order number as written.

    Raises:
        NotVerified: when it hasn't, and also when there is no such order.
    """
    asked = {"conversation_id": conversation_id, "number": text.order_number(number)}
    # A session is one short look or one transaction: what it has found stays so.
    key = ("granted", *asked.values())
    order: Order | None = session.info.get(key)
    if order is None:
        order = session.execute(_GRANTED_ONE, asked).unique().scalar_one_or_none()
        session.info[key] = order
    if order is None:
        raise NotVerified("this conversation hasn't proved that the order is the buyer's")
    return order


def granted_orders(session: Session, conversation_id: str) -> list[Order]:
    """All orders that the conversation has proved to be the buyer's, oldest proof first."""
    found = session.execute(_GRANTED, {"conversation_id": conversation_id}).unique()
    return list(found.scalars())


def lock(session: Session, order: Order) -> None:
    """Make others who would file on or cancel this order wait until we are done.

    SQLite lets one writer in at a time anyway and leaves the lock out. On PostgreSQL we may have
    been the one who waited, so what was read before is read again: the order may be cancelled by
    now. That needs a second statement, since the first one still sees the rows beside the order as
    they were when it began to wait.
    """
    asked = {"order_id": order.id}
    session.execute(_LOCKED, asked)
    again = session.execute(_ONE, asked, execution_options={"populate_existing": True})
    again.unique().scalar_one()


def standing(session: Session, order: Order) -> dict[int, Standing]:
    """What stands in return requests, by id of the order item; others are left out."""
    found: dict[int, Standing] = {}
    for item_id, number, pieces in session.execute(_STANDING, {"order_id": order.id}):
        before = found.get(item_id, NOTHING)
        found[item_id] = Standing(before.pieces + pieces, (*before.numbers, number))
    return found


def take_pieces(session: Session, item: OrderItem, count: int) -> list[ReturnRequestPiece]:
    """The lowest pieces of an order item that stand in no request, for a new one.

    Who calls holds the order's lock and has seen that so many are left; the database refuses a
    piece that somebody else has taken all the same.

    Args:
        session: session of a transaction.
        item: the order item.
        count: how many; at least 1.
    """
    taken = set(session.execute(_TAKEN, {"order_item_id": item.id}).scalars())
    free = [piece for piece in range(1, item.quantity + 1) if piece not in taken]
    return pieces_of(item, free[:count])


def pieces_of(item: OrderItem, numbers: Iterable[int]) -> list[ReturnRequestPiece]:
    """Standing pieces of an order item with these numbers, counted from 1."""
    return [
        ReturnRequestPiece(piece=number, ordered=item.quantity, active=True) for number in numbers
    ]


def view(session: Session, context: Context, order: Order) -> OrderView:
    """The order as a plain value."""
    stands = standing(session, order)
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    return OrderView(
        number=order.number,
        placed_on=order.placed_on,
        paid=order.paid,
        seller=order.seller.name,
        buyer_name=order.buyer.name,
        locale=order.buyer.locale,
        currency=order.currency,
        country=order.country,
        region=order.region,
        postal_code=order.postal_code,
        time_zone=zone.key,
        protection_ends_on=order.protection_ends_on,
        shipment=_shipment(order.shipment),
        items=tuple(_item(order, item, stands.get(item.id, NOTHING)) for item in order.items),
        cancellation_number=order.cancellation.number if order.cancellation else None,
    )


def _shipment(parcel: Shipment | ItemShipment | None) -> ShipmentView:
    if parcel is None:
        return UNSHIPPED
    return ShipmentView(
        status=ShipmentStatus(parcel.status),
        shipped_on=parcel.shipped_on,
        guaranteed_by=parcel.guaranteed_by,
        delivered_on=parcel.delivered_on,
        tracking_number=parcel.tracking_number,
    )


def _item(order: Order, item: OrderItem, stands: Standing) -> ItemView:
    return ItemView(
        id=item.id,
        title=item.title,
        category=item.category,
        quantity=item.quantity,
        price_cents=item.price_cents,
        currency=order.currency,
        free_return_label=item.free_return_label,
        pieces_left=stands.left_of(item),
        request_numbers=stands.numbers,
        shipment=_shipment(item.parcel),
        picture=item.picture,
    )

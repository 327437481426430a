"""What a shop tells the desk: buyers, sellers, orders, their items and parcels."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.vocabulary import values
from bot.policy.facts import ShipmentStatus


class Buyer(Base):
    """Who bought. The e-mail is kept trimmed and in lower case."""

    __tablename__ = "buyers"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id = Column(Integer, primary_key=True)
    email = Column(String(254), nullable=False, unique=True)
    name = Column(String(200), nullable=False)
    locale = Column(String(20), nullable=False, default="en")


class Seller(Base):
    """Who sold."""

    __tablename__ = "sellers"

    id = Column(Integer, primary_key=True)
    name = Column(String(200), nullable=False, unique=True)


class Order(Base):
    """One order of one buyer at one seller.

    `protection_ends_on` is the last day of the protection period (P1); the policy names no
    number of days, so it is null when the shop doesn't tell it. `digest` tells whether an
    imported record is the same as before. `withdrawal_informed` and `withdrawal_informed_on` are
    this order's own word on art. 10 of Directive 2011/83/EU; null where the shop's settings hold.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(
            "protection_ends_on IS NULL OR protection_ends_on >= placed_on",
            name="protection_after_placed",
        ),
        CheckConstraint("length(country) = 2", name="country_code"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(32), nullable=False, unique=True)
    buyer_id = Column(ForeignKey("buyers.id"), nullable=False, index=True)
    seller_id = Column(ForeignKey("sellers.id"), nullable=False, index=True)
    placed_on = Column(Date, nullable=False)
    paid = Column(Boolean, nullable=False)
    currency = Column(String(3), nullable=False)
    protection_ends_on = Column(Date)
    country = Column(String(2), nullable=False)
    region = Column(String(100))
    postal_code = Column(String(20))
    withdrawal_informed = Column(Boolean)
    withdrawal_informed_on = Column(Date)
    digest = Column(String(64), nullable=False)

    buyer = relationship(Buyer)
    seller = relationship(Seller)
    items = relationship("OrderItem", order_by="OrderItem.position", back_populates="order")
    shipment = relationship("Shipment", uselist=False)
    cancellation = relationship("OrderCancellation", uselist=False)


class OrderItem(Base):
    """One line of an order.

    `price_cents` is the price of one piece in the smallest unit of the order's currency.
    `traits` and `durable` are null when the category's defaults hold (S11). `picture` is the name
    of a file among the pictures.
    """

    __tablename__ = "order_items"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        UniqueConstraint("order_id", "reference"),
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "(length_cm IS NULL OR length_cm > 0) AND (width_cm IS NULL OR width_cm > 0)"
            " AND (height_cm IS NULL OR height_cm > 0) AND (weight_kg IS NULL OR weight_kg > 0)",
            name="measures_positive",
        ),
        # What a piece in a request refers to, so that its number is one of those ordered.
        Index("uq_order_items_id_quantity", "id", "quantity", unique=True),
    )

    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False)
    position = Column(Integer, nullable=False)
    reference = Column(String(100), nullable=False)
    title = Column(String(300), nullable=False)
    category = Column(String(50))
    traits = Column(JSON(none_as_null=True))
    durable = Column(Boolean)
    free_return_label = Column(Boolean, nullable=False)
    length_cm = Column(Float)
    width_cm = Column(Float)
    height_cm = Column(Float)
    weight_kg = Column(Float)
    price_cents = Column(Integer, nullable=False)
    quantity = Column(Integer, nullable=False)
    picture = Column(String(80))

    order = relationship(Order, back_populates="items")
    own_shipment = relationship("ItemShipment", uselist=False)

    @property
    def parcel(self) -> Shipment | ItemShipment | None:
        """The parcel that it comes in: its own, else the order's."""
        found: Shipment | ItemShipment | None = self.own_shipment or self.order.shipment
        return found


def _parcel_checks() -> tuple[CheckConstraint, ...]:
    return (
        CheckConstraint(f"status IN ({values(ShipmentStatus)})", name="status"),
        CheckConstraint("delivered_on IS NULL OR status = 'delivered'", name="delivered"),
        CheckConstraint(
            "shipped_on IS NULL OR delivered_on IS NULL OR delivered_on >= shipped_on",
            name="delivered_after_shipped",
        ),
        CheckConstraint(
            "status <> 'not_shipped' OR (shipped_on IS NULL AND tracking_number IS NULL)",
            name="shipped",
        ),
    )


class Shipment(Base):
    """The parcel of an order; an order without one hasn't been shipped."""

    __tablename__ = "shipments"
    __table_args__ = _parcel_checks()

    id = Column(Integer, primary_key=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False, unique=True)
    status = Column(String(20), nullable=False)
    shipped_on = Column(Date)
    guaranteed_by = Column(Date)
    delivered_on = Column(Date)
    tracking_number = Column(String(100))


class ItemShipment(Base):
    """The parcel of one item that goes apart from the others; the others go in the order's own."""

    __tablename__ = "item_shipments"
    __table_args__ = _parcel_checks()

    id = Column(Integer, primary_key=True)
    order_item_id = Column(ForeignKey("order_items.id"), nullable=False, unique=True)
    status = Column(String(20), nullable=False)
    shipped_on = Column(Date)
    guaranteed_by = Column(Date)
    delivered_on = Column(Date)
    tracking_number = Column(String(100))


class OrderCancellation(Base):
    """An order called off before it was shipped (S1); at most one per order."""

    __tablename__ = "order_cancellations"
    __table_args__ = (CheckConstraint("amount_cents >= 0", name="amount_not_negative"),)

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False, unique=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    key = Column(String(200), nullable=False)
    amount_cents = Column(Integer, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

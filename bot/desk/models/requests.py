"""Return requests, and what hangs on one: items, evidence, label, refund."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import relationship

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.models.evidence import EvidenceFile
from bot.desk.models.orders import Order, OrderItem
from bot.desk.vocabulary import NOTED, RefundMethod, RefundStatus, RequestStatus, values
from bot.policy.decision import PaidBy, RouteId
from bot.policy.facts import Reason


class ReturnLabel(Base):
    """A pre-paid return label (F10).

    A label takes one of the month's slots. That a slot is taken once is a unique key, so two
    simultaneous requests can't both take the last. `month` is the buyer's calendar month, such
    as "2026-11".
    """

    __tablename__ = "return_labels"
    __table_args__ = (
        UniqueConstraint("buyer_id", "month", "slot"),
        CheckConstraint("slot > 0", name="slot_positive"),
        CheckConstraint("length(month) = 7", name="month"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False, unique=True)
    buyer_id = Column(ForeignKey("buyers.id"), nullable=False)
    order_id = Column(ForeignKey("orders.id"), nullable=False, index=True)
    month = Column(String(7), nullable=False)
    slot = Column(Integer, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class ReturnRequest(Base):
    """A request to return items or get money back, filed once per conversation and key.

    `decision` is the decision as it was at the moment of writing, with its clauses and the
    facts it was made from; null for a request that a shop brought in from elsewhere.
    `needs_review` asks for a person's look (F12); it never refuses.
    """

    __tablename__ = "return_requests"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key"),
        CheckConstraint(f"route IN ({values(RouteId)})", name="route"),
        CheckConstraint(f"status IN ({values(RequestStatus)})", name="status"),
        CheckConstraint(f"refund_method IN ({values(RefundMethod)})", name="refund_method"),
        CheckConstraint(f"return_paid_by IN ({values(PaidBy)})", name="return_paid_by"),
        Index("ix_return_requests_buyer_id_created_at", "buyer_id", "created_at"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False, unique=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False, index=True)
    buyer_id = Column(ForeignKey("buyers.id"), nullable=False)
    conversation_id = Column(ForeignKey("conversations.id"))
    key = Column(String(200), nullable=False)
    route = Column(String(30), nullable=False)
    status = Column(String(20), nullable=False)
    refund_method = Column(String(30), nullable=False)
    return_paid_by = Column(String(30), nullable=False)
    remedy = Column(String(50), nullable=False)
    last_day = Column(Date)
    label_id = Column(ForeignKey("return_labels.id"), index=True)
    needs_review = Column(Boolean, nullable=False)
    decision = Column(JSON(none_as_null=True))
    created_at = Column(UtcDateTime, nullable=False)

    order = relationship(Order)
    items = relationship("ReturnRequestItem", order_by="ReturnRequestItem.id")
    evidence = relationship("Evidence", order_by="Evidence.id")
    evidence_files = relationship(EvidenceFile, order_by=EvidenceFile.id)
    steps = relationship("ReturnRequestStep", order_by="ReturnRequestStep.at")
    label = relationship(ReturnLabel)
    refund = relationship("Refund", uselist=False)


class ReturnRequestStep(Base):
    """What a shop has told of a request between its states; each once."""

    __tablename__ = "return_request_steps"
    __table_args__ = (
        CheckConstraint(
            "step IN (" + ", ".join(f"'{step.value}'" for step in NOTED) + ")", name="step"
        ),
    )

    request_id = Column(ForeignKey("return_requests.id"), primary_key=True)
    step = Column(String(20), primary_key=True)
    at = Column(UtcDateTime, nullable=False)


class ReturnRequestItem(Base):
    """One order item of a request, with as many pieces of it as the request is about."""

    __tablename__ = "return_request_items"
    __table_args__ = (
        UniqueConstraint("request_id", "order_item_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(f"reason IN ({values(Reason)})", name="reason"),
        # What a piece refers to, so that it can be of no other order item than its request's.
        Index("uq_return_request_items_id_order_item_id", "id", "order_item_id", unique=True),
    )

    id = Column(Integer, primary_key=True)
    request_id = Column(ForeignKey("return_requests.id"), nullable=False)
    order_item_id = Column(ForeignKey("order_items.id"), nullable=False)
    quantity = Column(Integer, nullable=False)
    reason = Column(String(30), nullable=False)

    order_item = relationship(OrderItem)
    pieces = relationship("ReturnRequestPiece", order_by="ReturnRequestPiece.piece")


class ReturnRequestPiece(Base):
    """One piece of an order item in a request: the first of four glasses, the second, ...

    `active` is true while the request stands: not refused or withdrawn. A refunded one stands, so
    that nothing is refunded twice. A piece can stand in one request only, and an order item has no
    more pieces than were ordered: `ordered` is the order item's quantity, held to it by its key.
    """

    __tablename__ = "return_request_pieces"
    __table_args__ = (
        UniqueConstraint("request_item_id", "piece"),
        ForeignKeyConstraint(
            ["request_item_id", "order_item_id"],
            ["return_request_items.id", "return_request_items.order_item_id"],
        ),
        ForeignKeyConstraint(
            ["order_item_id", "ordered"], ["order_items.id", "order_items.quantity"]
        ),
        CheckConstraint("piece BETWEEN 1 AND ordered", name="piece_of_ordered"),
        Index(
            "uq_return_request_pieces_standing",
            "order_item_id",
            "piece",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
    )

    id = Column(Integer, primary_key=True)
    request_item_id = Column(Integer, nullable=False)
    order_item_id = Column(Integer, nullable=False)
    piece = Column(Integer, nullable=False)
    ordered = Column(Integer, nullable=False)
    active = Column(Boolean, nullable=False)


class Evidence(Base):
    """What a buyer brought: a link, or a word on it."""

    __tablename__ = "evidence"

    id = Column(Integer, primary_key=True)
    request_id = Column(ForeignKey("return_requests.id"), nullable=False, index=True)
    content = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class Refund(Base):
    """The money of a request, in the smallest unit of its currency."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_cents >= 0", name="amount_not_negative"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
        CheckConstraint(f"method IN ({values(RefundMethod)})", name="method"),
        CheckConstraint(f"status IN ({values(RefundStatus)})", name="status"),
    )

    id = Column(Integer, primary_key=True)
    request_id = Column(ForeignKey("return_requests.id"), nullable=False, unique=True)
    amount_cents = Column(Integer, nullable=False)
    currency = Column(String(3), nullable=False)
    method = Column(String(30), nullable=False)
    status = Column(String(20), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

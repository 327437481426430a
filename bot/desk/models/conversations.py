"""Conversations: what each has proved, said to a seller, was given to a person and rated."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import relationship

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.models.orders import Order
from bot.policy.facts import FAULTS, Reason

_FAULTS = ", ".join(f"'{reason.value}'" for reason in Reason if reason in FAULTS)


class Conversation(Base):
    """A chat. `misses` counts its wrong order number and e-mail pairs."""

    __tablename__ = "conversations"
    __table_args__ = (CheckConstraint("misses >= 0", name="misses_not_negative"),)

    id = Column(String(255), primary_key=True)
    misses = Column(Integer, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)


class ConversationGrant(Base):
    """A conversation has proved that an order is the buyer's."""

    __tablename__ = "conversation_grants"

    conversation_id = Column(ForeignKey("conversations.id"), primary_key=True)
    order_id = Column(ForeignKey("orders.id"), primary_key=True, index=True)
    created_at = Column(UtcDateTime, nullable=False)


class VerificationMiss(Base):
    """How often a pair was wrong since a moment, by a hash of the order number or the e-mail."""

    __tablename__ = "verification_misses"
    __table_args__ = (CheckConstraint("misses >= 0", name="misses_not_negative"),)

    subject = Column(String(64), primary_key=True)
    misses = Column(Integer, nullable=False)
    since = Column(UtcDateTime, nullable=False, index=True)


class HandOff(Base):
    """A conversation handed to a person, with what was said.

    `order_id` and `buyer_id` are set when the conversation had proved the order. `tried` lists in
    a few words what the assistant did before.
    """

    __tablename__ = "hand_offs"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key"),
        CheckConstraint("(order_id IS NULL) = (buyer_id IS NULL)", name="buyer_with_order"),
        Index("ix_hand_offs_buyer_id_created_at", "buyer_id", "created_at"),
    )

    id = Column(Integer, primary_key=True)
    ticket = Column(String(20), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    key = Column(String(200), nullable=False)
    need = Column(String(200), nullable=False)
    summary = Column(Text, nullable=False)
    tried = Column(JSON, nullable=False)
    order_id = Column(ForeignKey("orders.id"), index=True)
    buyer_id = Column(ForeignKey("buyers.id"))
    transcript = Column(JSON, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

    order = relationship(Order)


class SellerMessage(Base):
    """What a buyer has to say to the seller of an order (H1).

    `fault` is what is wrong with the `items` (ids; null for the whole order) when the message is a
    complaint that the buyer can prove (Lei 8.078/1990 art. 26 §2 I); null for any other message.
    """

    __tablename__ = "seller_messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "key"),
        CheckConstraint(f"fault IS NULL OR fault IN ({_FAULTS})", name="fault"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False, unique=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False, index=True)
    buyer_id = Column(ForeignKey("buyers.id"), nullable=False, index=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    key = Column(String(200), nullable=False)
    text = Column(Text, nullable=False)
    fault = Column(String(30))
    items = Column(JSON(none_as_null=True))
    created_at = Column(UtcDateTime, nullable=False)

    order = relationship(Order)


class Rating(Base):
    """How a buyer liked a conversation, from 1 to 5 stars; the latest word counts."""

    __tablename__ = "ratings"
    __table_args__ = (CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),)

    conversation_id = Column(ForeignKey("conversations.id"), primary_key=True)
    stars = Column(Integer, nullable=False)
    comment = Column(Text)
    created_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)

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
from bot.desk.models.requests import ReturnRequest
from bot.desk.vocabulary import REACHED
from bot.policy.facts import FAULTS, Reason

_REACHED = ", ".join(f"'{reached.value}'" for reached in REACHED)
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
    answers = relationship("HandOffAnswer", order_by="HandOffAnswer.id")


class HandOffAnswer(Base):
    """What a person answered to a ticket, word for word; each of their messages once, by its key.

    `name` is who answers, as the buyer shall read it; empty for nobody in particular.
    """

    __tablename__ = "hand_off_answers"
    __table_args__ = (
        UniqueConstraint("hand_off_id", "key"),
        CheckConstraint("length(text) > 0", name="text_not_empty"),
    )

    id = Column(Integer, primary_key=True)
    hand_off_id = Column(ForeignKey("hand_offs.id"), nullable=False)
    key = Column(String(200), nullable=False)
    name = Column(String(60), nullable=False)
    text = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

    hand_off = relationship(HandOff, back_populates="answers")


class ConversationNotice(Base):
    """What a chat is told without having asked: a request moved on, or a ticket was answered.

    `place` counts a conversation's notices from 1. It comes from the one before, so two that are
    written at once can't both have it: whoever has read up to a place has missed nothing below it.
    `key` keeps the same news from being told twice.
    """

    __tablename__ = "conversation_notices"
    __table_args__ = (
        UniqueConstraint("conversation_id", "place"),
        UniqueConstraint("conversation_id", "key"),
        CheckConstraint("place > 0", name="place_positive"),
        CheckConstraint("(request_id IS NULL) <> (answer_id IS NULL)", name="about_one_thing"),
        CheckConstraint("(request_id IS NULL) = (reached IS NULL)", name="reached_by_request"),
        CheckConstraint(f"reached IS NULL OR reached IN ({_REACHED})", name="reached"),
    )

    id = Column(Integer, primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    place = Column(Integer, nullable=False)
    key = Column(String(100), nullable=False)
    request_id = Column(ForeignKey("return_requests.id"), index=True)
    reached = Column(String(20))
    answer_id = Column(ForeignKey("hand_off_answers.id"), index=True)
    created_at = Column(UtcDateTime, nullable=False, index=True)

    request = relationship(ReturnRequest)
    answer = relationship(HandOffAnswer)


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

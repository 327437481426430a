"""Conversations: what each has proved, how often it failed to, and where a person took over."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from bot.desk.models.base import Base, UtcDateTime


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
    """A conversation handed to a person, with what was said."""

    __tablename__ = "hand_offs"
    __table_args__ = (UniqueConstraint("conversation_id", "key"),)

    id = Column(Integer, primary_key=True)
    ticket = Column(String(20), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    key = Column(String(200), nullable=False)
    need = Column(String(200), nullable=False)
    summary = Column(Text, nullable=False)
    transcript = Column(JSON, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

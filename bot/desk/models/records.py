"""What leaves the desk, and who did what: outbox messages and audit entries."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import relationship

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.models.documents import Document
from bot.desk.vocabulary import Channel, MessageKind, values


class OutboxMessage(Base):
    """A message to send, written in the transaction of what it tells about.

    It waits until `delivered_at` or `failed_at` is set; `waiting_since` is when trying began. Who
    delivers it claims it until `claimed_until`. A webhook's `body` is JSON, and it has no recipient
    or subject. `last_error` tells what went wrong, never whom it was for.
    `document` goes with a mail as an attachment.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(f"kind IN ({values(MessageKind)})", name="kind"),
        CheckConstraint(f"channel IN ({values(Channel)})", name="channel"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim"),
        Index(
            "ix_outbox_messages_waiting",
            "channel",
            "next_attempt_at",
            sqlite_where=text("delivered_at IS NULL AND failed_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id = Column(Integer, primary_key=True)
    channel = Column(String(10), nullable=False)
    message_id = Column(String(200), nullable=False, unique=True)
    kind = Column(String(30), nullable=False)
    about = Column(String(20), nullable=False, index=True)
    recipient = Column(String(254), nullable=False)
    subject = Column(String(300), nullable=False)
    body = Column(Text, nullable=False)
    document_id = Column(ForeignKey("documents.id"), index=True)
    created_at = Column(UtcDateTime, nullable=False)
    delivered_at = Column(UtcDateTime)
    attempts = Column(Integer, nullable=False)
    waiting_since = Column(UtcDateTime, nullable=False)
    next_attempt_at = Column(UtcDateTime, nullable=False)
    last_error = Column(String(100))
    failed_at = Column(UtcDateTime)
    claimed_by = Column(String(36))
    claimed_until = Column(UtcDateTime)

    document = relationship(Document)


class AuditEntry(Base):
    """Who did what, and when. Rows are only ever added."""

    __tablename__ = "audit_entries"

    id = Column(Integer, primary_key=True)
    at = Column(UtcDateTime, nullable=False)
    actor = Column(String(300), nullable=False, index=True)
    action = Column(String(50), nullable=False)
    order_id = Column(ForeignKey("orders.id"), index=True)
    about = Column(String(20), index=True)
    details = Column(JSON, nullable=False)

"""What leaves the desk, and who did what: outbox messages and audit entries."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, text

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.vocabulary import MessageKind, values


class OutboxMessage(Base):
    """A message to send, written in the transaction of what it tells about."""

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(f"kind IN ({values(MessageKind)})", name="kind"),
        Index(
            "ix_outbox_messages_pending",
            "id",
            sqlite_where=text("delivered_at IS NULL"),
            postgresql_where=text("delivered_at IS NULL"),
        ),
    )

    id = Column(Integer, primary_key=True)
    message_id = Column(String(200), nullable=False, unique=True)
    kind = Column(String(30), nullable=False)
    about = Column(String(20), nullable=False, index=True)
    recipient = Column(String(254), nullable=False)
    subject = Column(String(300), nullable=False)
    body = Column(Text, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    delivered_at = Column(UtcDateTime)


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

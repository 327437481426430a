"""Statements by which buyers withdraw from their contracts."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import relationship

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.models.documents import Document
from bot.desk.models.orders import Order
from bot.desk.models.requests import ReturnRequest
from bot.desk.vocabulary import Verdict, values
from bot.policy.decision import RouteId

_ROUTES = f"'{RouteId.EU_WITHDRAWAL.value}', '{RouteId.BR_REGRET.value}'"


class Withdrawal(Base):
    """A statement as it was received, and what the law makes of it.

    Rows are only ever added. `route` is the statutory right; null where none is known for the
    buyer's country. `items` and `decision` are as they were at `received_at`, a full second.
    """

    __tablename__ = "withdrawals"
    __table_args__ = (
        CheckConstraint(f"verdict IN ({values(Verdict)})", name="verdict"),
        CheckConstraint(f"route IS NULL OR route IN ({_ROUTES})", name="route"),
    )

    id = Column(Integer, primary_key=True)
    number = Column(String(20), nullable=False, unique=True)
    key = Column(String(200), nullable=False, unique=True)
    order_id = Column(ForeignKey("orders.id"), nullable=False, index=True)
    buyer_id = Column(ForeignKey("buyers.id"), nullable=False, index=True)
    conversation_id = Column(ForeignKey("conversations.id"), index=True)
    name = Column(String(200), nullable=False)
    email = Column(String(254), nullable=False)
    items = Column(JSON, nullable=False)
    statement = Column(Text, nullable=False)
    route = Column(String(30))
    verdict = Column(String(20), nullable=False)
    last_day = Column(Date)
    request_id = Column(ForeignKey("return_requests.id"), unique=True)
    document_id = Column(ForeignKey("documents.id"), nullable=False, unique=True)
    decision = Column(JSON, nullable=False)
    received_at = Column(UtcDateTime, nullable=False)

    order = relationship(Order)
    request = relationship(ReturnRequest)
    document = relationship(Document)

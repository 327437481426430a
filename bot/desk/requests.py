"""Filed return requests, as others may see them."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.desk.evidence.finding import views as evidence_views
from bot.desk.models import Order, ReturnRequest, ReturnRequestItem
from bot.desk.views import LabelView, RequestItemView, RequestView
from bot.desk.vocabulary import RefundMethod, RequestStatus, Step
from bot.policy.decision import PaidBy, RouteId
from bot.policy.facts import Reason

WHOLE = (
    joinedload(ReturnRequest.order),
    joinedload(ReturnRequest.label),
    joinedload(ReturnRequest.refund),
    selectinload(ReturnRequest.items).joinedload(ReturnRequestItem.order_item),
    selectinload(ReturnRequest.evidence),
    selectinload(ReturnRequest.evidence_files),
    selectinload(ReturnRequest.steps),
)


def of_order(session: Session, order: Order) -> list[RequestView]:
    """All requests under an order, oldest first."""
    statement = select(ReturnRequest).where(ReturnRequest.order_id == order.id)
    return _views(session, statement.order_by(ReturnRequest.id))


def latest(session: Session, limit: int) -> list[RequestView]:
    """The newest requests of all buyers, newest first.

    Args:
        session: open session.
        limit: how many at most.
    """
    return _views(session, select(ReturnRequest).order_by(ReturnRequest.id.desc()).limit(limit))


def by_number(session: Session, number: str) -> RequestView | None:
    """The request with this public number, or None."""
    statement = select(ReturnRequest).where(ReturnRequest.number == number.strip().upper())
    return next(iter(_views(session, statement)), None)


def _views(session: Session, statement: select) -> list[RequestView]:
    found = session.execute(statement.options(*WHOLE)).scalars()
    return [view(session, request) for request in found]


def view(session: Session, request: ReturnRequest) -> RequestView:
    """The request as a plain value."""
    return RequestView(
        number=request.number,
        order_number=request.order.number,
        route=RouteId(request.route),
        status=RequestStatus(request.status),
        refund_method=RefundMethod(request.refund_method),
        return_paid_by=PaidBy(request.return_paid_by),
        remedy=request.remedy,
        items=tuple(
            RequestItemView(
                item_id=item.order_item_id,
                title=item.order_item.title,
                quantity=item.quantity,
                reason=Reason(item.reason),
            )
            for item in request.items
        ),
        evidence=tuple(evidence.content for evidence in request.evidence),
        label=_label(session, request),
        amount_cents=request.refund.amount_cents if request.refund else None,
        currency=request.order.currency,
        last_day=request.last_day,
        needs_review=request.needs_review,
        filed_at=request.created_at,
        decision=request.decision,
        steps=tuple(Step(noted.step) for noted in request.steps),
        files=evidence_views(request.evidence_files, request.number),
    )


def _label(session: Session, request: ReturnRequest) -> LabelView | None:
    if request.label is None:
        return None
    first = select(func.min(ReturnRequest.id)).where(ReturnRequest.label_id == request.label_id)
    return LabelView(
        number=request.label.number,
        month=request.label.month,
        shared=session.execute(first).scalar_one() != request.id,
    )

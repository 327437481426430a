"""All about one return request, as its own page shows it: its way so far and what is to come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.desk import advancing, orders, requests
from bot.desk.context import Context
from bot.desk.models import AuditEntry, ReturnRequest
from bot.desk.views import MilestoneView, RequestFileView
from bot.desk.vocabulary import RequestStatus, Step
from bot.policy.decision import PaidBy

STEP_OF: dict[RequestStatus, Step] = {
    RequestStatus.RECEIVED: Step.RECEIVED,
    RequestStatus.REFUNDED: Step.REFUNDED,
    RequestStatus.REFUSED: Step.REFUSED,
    RequestStatus.WITHDRAWN: Step.WITHDRAWN,
}
"""The step that a request takes when it comes to stand there."""

_BACK = (Step.PARCEL_SENT, Step.RECEIVED, Step.QUALITY_CONTROL, Step.REFUNDED)
_WITH_LABEL = (Step.FILED, Step.LABEL_ISSUED, *_BACK)
_SENT_BACK = (Step.FILED, Step.SELLER_ANSWERED, *_BACK)
_KEPT = (Step.FILED, Step.SELLER_ANSWERED, Step.REFUNDED)
_ENDED = {RequestStatus.REFUNDED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN}


def by_number(session: Session, context: Context, number: str) -> RequestFileView | None:
    """The file of the request with this public number, or None."""
    request = find(session, number)
    if request is None:
        return None
    current = RequestStatus(request.status)
    return RequestFileView(
        request=requests.view(session, request),
        order=orders.view(session, context, request.order),
        milestones=_milestones(session, request, current),
        can_withdraw=RequestStatus.WITHDRAWN in advancing.open_to(request, current),
        label_holds=label_holds(request),
        takes_files=current not in _ENDED,
    )


def find(session: Session, number: str) -> ReturnRequest | None:
    """The request with this public number and its whole order, or None."""
    named = select(ReturnRequest).where(ReturnRequest.number == number.strip().upper())
    whole = joinedload(ReturnRequest.order).options(*orders.WHOLE)
    found: ReturnRequest | None = (
        session.execute(named.options(*requests.WHOLE, whole)).unique().scalar_one_or_none()
    )
    return found


def label_holds(request: ReturnRequest) -> bool:
    """Whether the request has a label and its parcel is still awaited."""
    waits = request.status == RequestStatus.SUBMITTED.value
    is_sent = any(noted.step == Step.PARCEL_SENT.value for noted in request.steps)
    return request.label is not None and waits and not is_sent


def _milestones(
    session: Session, request: ReturnRequest, current: RequestStatus
) -> tuple[MilestoneView, ...]:
    happened = _happened(session, request)
    # A shared label is older than the request.
    done = sorted(happened, key=lambda step: (happened[step], list(Step).index(step)))
    way = _way(request)
    passed = max((way.index(step) for step in done if step in way), default=-1)
    to_come = () if current in _ENDED else way[passed + 1 :]
    return tuple(MilestoneView(step, happened.get(step)) for step in (*done, *to_come))


def _way(request: ReturnRequest) -> tuple[Step, ...]:
    if request.label is not None:
        return _WITH_LABEL
    if request.return_paid_by == PaidBy.NOTHING_TO_RETURN.value:
        return _KEPT
    return _SENT_BACK


def _happened(session: Session, request: ReturnRequest) -> dict[Step, datetime]:
    happened: dict[Step, datetime] = {Step.FILED: request.created_at}
    if request.label is not None:
        happened[Step.LABEL_ISSUED] = request.label.created_at
    happened |= {Step(noted.step): noted.at for noted in request.steps}
    moved = select(AuditEntry.at, AuditEntry.details).where(
        AuditEntry.about == request.number, AuditEntry.action == "request_advanced"
    )
    for at, details in session.execute(moved.order_by(AuditEntry.id)):
        happened[STEP_OF[RequestStatus(details["to"])]] = at
    return happened

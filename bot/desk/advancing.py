"""Moving a return request along, as the shop does (F14)."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from bot.desk import audit, notices, orders, receipts, requests
from bot.desk.context import Context
from bot.desk.errors import IllegalStep, UnknownRequest
from bot.desk.evidence import attaching
from bot.desk.models import Order, ReturnRequest, ReturnRequestPiece, ReturnRequestStep
from bot.desk.views import RequestView
from bot.desk.vocabulary import RefundStatus, RequestStatus, Step
from bot.policy.decision import PaidBy

STEPS: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.SUBMITTED: frozenset(
        {
            RequestStatus.RECEIVED,
            RequestStatus.REFUNDED,
            RequestStatus.REFUSED,
            RequestStatus.WITHDRAWN,
        }
    ),
    RequestStatus.RECEIVED: frozenset({RequestStatus.REFUNDED, RequestStatus.REFUSED}),
    RequestStatus.REFUNDED: frozenset(),
    RequestStatus.REFUSED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
}
"""Where a request can go from where it stands; nothing arrives where nothing is sent back."""

_ENDED = {RequestStatus.REFUSED, RequestStatus.WITHDRAWN}
"""The request stands no more: its items can be asked for again."""
_REFUND = {
    RequestStatus.REFUNDED: RefundStatus.PAID,
    RequestStatus.REFUSED: RefundStatus.CANCELLED,
    RequestStatus.WITHDRAWN: RefundStatus.CANCELLED,
}


def advance(
    session: Session,
    context: Context,
    request_number: str,
    wanted: RequestStatus | Step,
    actor: str,
) -> RequestView:
    """Move a request to a status or note a step; where that was done already, nothing is written.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        request_number: the request's public number.
        wanted: where it goes, or what has happened to it in between (`vocabulary.NOTED`).
        actor: who moves it, for the audit.

    Raises:
        UnknownRequest: there is no such request.
        IllegalStep: it can't go there from where it stands.
    """
    request = _locked(session, request_number)
    current = RequestStatus(request.status)
    is_done = wanted is current or wanted in {Step(noted.step) for noted in request.steps}
    if not is_done:
        allowed = open_to(request, current) | _open_steps(request, current)
        if wanted not in allowed:
            raise IllegalStep(current, wanted, allowed)
        if isinstance(wanted, Step):
            _note(session, context, request, wanted, actor)
        else:
            _move(session, context, request, wanted, actor)
    return requests.view(session, request)


def open_to(request: ReturnRequest, current: RequestStatus) -> frozenset[RequestStatus]:
    """Where a request can go from where it stands.

    Args:
        request: the request.
        current: where it stands.
    """
    if request.return_paid_by == PaidBy.NOTHING_TO_RETURN.value:
        return STEPS[current] - {RequestStatus.RECEIVED}
    return STEPS[current]


def _open_steps(request: ReturnRequest, current: RequestStatus) -> frozenset[Step]:
    """What can happen to a request where it stands."""
    if current is RequestStatus.RECEIVED:
        return frozenset({Step.QUALITY_CONTROL})
    if current is not RequestStatus.SUBMITTED:
        return frozenset()
    if request.return_paid_by == PaidBy.NOTHING_TO_RETURN.value:
        return frozenset({Step.SELLER_ANSWERED})
    return frozenset({Step.SELLER_ANSWERED, Step.PARCEL_SENT})


def _note(
    session: Session, context: Context, request: ReturnRequest, step: Step, actor: str
) -> None:
    order: Order = request.order
    request.steps.append(ReturnRequestStep(step=step.value, at=context.now()))
    audit.note(
        session, context, actor, "request_step_noted", order, request.number, step=step.value
    )
    session.flush()
    receipts.request_advanced(session, context, order, requests.view(session, request), step)
    notices.request_advanced(session, context, request, step)


def _locked(session: Session, number: str) -> ReturnRequest:
    """The request, while nobody else files on its order or moves it."""
    named = select(ReturnRequest).where(ReturnRequest.number == number.strip().upper())
    whole = joinedload(ReturnRequest.order).options(*orders.WHOLE)
    found = session.execute(named.options(whole)).unique().scalar_one_or_none()
    if found is None:
        raise UnknownRequest(number)
    orders.lock(session, found.order)
    session.refresh(found)
    request: ReturnRequest = found
    return request


def _move(
    session: Session, context: Context, request: ReturnRequest, status: RequestStatus, actor: str
) -> None:
    order: Order = request.order
    before, request.status = request.status, status.value
    if status in _ENDED:
        _free_pieces(session, request)
    if status in attaching.ENDED:
        attaching.end_with_request(session, context, request)
    if request.refund is not None and status in _REFUND:
        request.refund.status = _REFUND[status].value
    audit.note(
        session,
        context,
        actor,
        "request_advanced",
        order,
        request.number,
        **{"from": before, "to": status.value},
    )
    session.flush()
    receipts.request_advanced(session, context, order, requests.view(session, request), status)
    notices.request_advanced(session, context, request, status)


def _free_pieces(session: Session, request: ReturnRequest) -> None:
    """Lets the request's pieces be filed anew."""
    mine = ReturnRequestPiece.request_item_id.in_([item.id for item in request.items])
    statement = update(ReturnRequestPiece).where(mine).values(active=False)
    session.execute(statement, execution_options={"synchronize_session": False})

"""Filing a return request: everything or nothing, once.

The caller's transaction holds it all: the check of the buyer's right to the order, the decision
made again on what is stored at that moment, the label from the month's quota, the request with
its items and its decision, the audit entry and the receipt in the outbox.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import audit, deciding, labels, orders, receipts, requests, rules, text, transcripts
from bot.desk.context import Context
from bot.desk.errors import (
    AlreadyCancelled,
    AlreadyFiled,
    BadAnswer,
    NotEligible,
    QuotaExhausted,
)
from bot.desk.evidence import attaching
from bot.desk.models import (
    Evidence,
    Order,
    OrderItem,
    Refund,
    ReturnLabel,
    ReturnRequest,
    ReturnRequestItem,
)
from bot.desk.submissions import Filing, FilingItem
from bot.desk.views import RequestView
from bot.desk.vocabulary import RefundMethod, RefundStatus, RequestStatus
from bot.policy.decision import Decision, Route, RouteId, Status
from bot.policy.facts import Facts
from bot.policy.serialise import to_json

EVIDENCE_MAX = 20
EVIDENCE_CHARS = 2000


@dataclass(frozen=True)
class Decided:
    """One item of a filing with what was decided on it."""

    wanted: FilingItem
    item: OrderItem
    facts: Facts
    decision: Decision
    route: Route


def file(session: Session, context: Context, conversation_id: str, filing: Filing) -> RequestView:
    """Write a return request, or find the one that this key has already filed.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation files.
        filing: what is handed in.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        AlreadyCancelled: the order is cancelled.
        AlreadyFiled: fewer pieces of an item are left than asked for; others stand in requests.
        NotEligible: the route isn't open for an item.
        QuotaExhausted: no label is left this month (F10).
        BadAnswer: something handed in can't be used.
        TooManyFiles: more files than a request can have.
        IntegrityError: another request was faster; try again.
    """
    order = orders.granted_order(session, conversation_id, filing.order_number)
    orders.lock(session, order)
    earlier = _filed_before(session, conversation_id, filing.key)
    if earlier is not None and earlier.order_id != order.id:
        raise BadAnswer("key", "taken")
    if earlier is not None:
        return requests.view(session, earlier)
    _check(order, filing)
    _check_standing(session, order, filing)
    decided = [_decide(session, context, order, wanted, filing.route) for wanted in filing.items]
    label, shared = None, False
    if filing.route is RouteId.FREE_RETURN:
        label, shared = labels.issue(session, context, order)
    request = write(session, context, conversation_id, order, filing, decided, label)
    files = attaching.attach(session, context, conversation_id, request, filing.files)
    if files:
        session.expire(request, ["evidence_files"])
    audit.note(
        session,
        context,
        conversation_id,
        "request_filed",
        order,
        request.number,
        route=filing.route.value,
        label=label.number if label else None,
        label_shared=shared,
        needs_review=request.needs_review,
        files=[file.public_id for file in files],
    )
    view = requests.view(session, request)
    telling = transcripts.Telling(session, conversation_id, order.buyer_id)
    said = telling.lines(filing.transcript)
    receipts.request_filed(session, context, order, view, decided, said)
    return view


def _filed_before(session: Session, conversation_id: str, key: str) -> ReturnRequest | None:
    statement = select(ReturnRequest).where(
        ReturnRequest.conversation_id == conversation_id, ReturnRequest.key == key
    )
    found: ReturnRequest | None = session.execute(statement).scalar_one_or_none()
    return found


def _check(order: Order, filing: Filing) -> None:
    if order.cancellation is not None:
        raise AlreadyCancelled(order.cancellation.number)
    if not 0 < len(filing.key) <= 200:
        raise BadAnswer("key", "invalid")
    if filing.route is RouteId.CANCELLATION:
        raise BadAnswer("route", "invalid")
    if not filing.items:
        raise BadAnswer("items", "empty")
    if len({wanted.item_id for wanted in filing.items}) < len(filing.items):
        raise BadAnswer("items", "twice")
    for wanted in filing.items:
        if not 0 < wanted.quantity <= deciding.item_of(order, wanted.item_id).quantity:
            raise BadAnswer("quantity", "invalid")
    if len(filing.evidence) > EVIDENCE_MAX:
        raise BadAnswer("evidence", "too_many")
    if any(len(content) > EVIDENCE_CHARS for content in filing.evidence):
        raise BadAnswer("evidence", "too_long")


def _check_standing(session: Session, order: Order, filing: Filing) -> None:
    standing = orders.standing(session, order)
    for wanted in filing.items:
        stands = standing.get(wanted.item_id, orders.NOTHING)
        left = stands.left_of(deciding.item_of(order, wanted.item_id))
        if wanted.quantity > left:
            raise AlreadyFiled(stands.numbers[-1], left)


def _decide(
    session: Session, context: Context, order: Order, wanted: FilingItem, route_id: RouteId
) -> Decided:
    item = deciding.item_of(order, wanted.item_id)
    facts, decision = deciding.decide(session, context, order, item, wanted.reason, wanted.answers)
    route = decision.route(route_id)
    if route.status is not Status.OPEN:
        if route_id is RouteId.FREE_RETURN and deciding.only_for_labels(context, order, facts):
            raise QuotaExhausted(rules.labels_per_month(context.clauses, order.placed_on))
        raise NotEligible(decision)
    return Decided(wanted, item, facts, decision, route)


def write(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order,
    filing: Filing,
    decided: list[Decided],
    label: ReturnLabel | None,
    number: str | None = None,
) -> ReturnRequest:
    """Write a request that was checked; no audit entry, no receipt.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation files.
        order: the order.
        filing: what is handed in.
        decided: its items with their decisions; one or more.
        label: the pre-paid label, if there is one.
        number: its number; a new one when None.
    """
    now = context.now()
    first = decided[0].route
    days = [one.route.last_day for one in decided if one.route.last_day]
    method = RefundMethod(filing.refund_method)
    request = ReturnRequest(
        number=number or text.public_number("R"),
        order_id=order.id,
        buyer_id=order.buyer_id,
        conversation_id=conversation_id,
        key=filing.key,
        route=filing.route.value,
        status=RequestStatus.SUBMITTED.value,
        refund_method=method.value,
        return_paid_by=first.return_paid_by.value,
        remedy=first.remedy,
        last_day=min(days, default=None),
        label=label,
        needs_review=any("F12" in one.decision.flags for one in decided),
        decision=snapshot(
            (one.item, one.wanted.quantity, one.facts, one.decision) for one in decided
        ),
        created_at=now,
        items=[_request_item(session, one) for one in decided],
        evidence=[
            Evidence(content=text.plain(content, EVIDENCE_CHARS), created_at=now)
            for content in filing.evidence
        ],
        refund=_refund(order, decided, method, now) if "refund" in first.remedy else None,
    )
    session.add(request)
    session.flush()
    return request


def _request_item(session: Session, one: Decided) -> ReturnRequestItem:
    return ReturnRequestItem(
        order_item=one.item,
        quantity=one.wanted.quantity,
        reason=one.wanted.reason.value,
        pieces=orders.take_pieces(session, one.item, one.wanted.quantity),
    )


def _refund(order: Order, decided: list[Decided], method: RefundMethod, now: datetime) -> Refund:
    return Refund(
        amount_cents=sum(one.item.price_cents * one.wanted.quantity for one in decided),
        currency=order.currency,
        method=method.value,
        status=RefundStatus.EXPECTED.value,
        created_at=now,
    )


def snapshot(decided: Iterable[tuple[OrderItem, int, Facts, Decision]]) -> dict[str, Any]:
    """What was decided and on which facts, so that it can be understood years later.

    Args:
        decided: items with their numbers of pieces, facts and decisions.
    """
    return {
        "items": [
            {
                "item_id": item.id,
                "title": item.title,
                "quantity": quantity,
                "facts": json.loads(facts.json(exclude_none=True)),
                "decision": to_json(decision),
            }
            for item, quantity, facts, decision in decided
        ]
    }

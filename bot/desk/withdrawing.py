"""Withdrawing from a contract: the statement, what the law makes of it, the confirmation.

Source: Directive 2011/83/EU art. 11a, Decreto 7.962/2013 art. 5. A statement is never refused
because it is late or the law leaves the goods out: it is recorded with its moment, and the answer
says what the law says. The caller's transaction holds it all: the statement, the return request it
opens, the audit entry, and the confirmation in the outbox with its document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import (
    audit,
    contracts,
    deciding,
    documents,
    filing,
    orders,
    receipts,
    text,
    withdrawal_terms,
)
from bot.desk.context import Context
from bot.desk.contracts import Judged
from bot.desk.errors import AlreadyCancelled, BadAnswer, TooManyWithdrawals
from bot.desk.models import Order, ReturnRequest, Withdrawal
from bot.desk.orders import Standing
from bot.desk.submissions import Filing, FilingItem, Withdrawing
from bot.desk.time_zones import zone_of
from bot.desk.views import ContractView, StatementView, WithdrawalView
from bot.desk.vocabulary import Verdict
from bot.policy.decision import RouteId, Status
from bot.policy.facts import Reason

NAME_CHARS = 100
PER_DAY = 5
"""Statements about one order in 24 hours; a mail goes out for each, to an address of choice."""
_DAY = timedelta(days=1)


def statement(
    session: Session, context: Context, conversation_id: str, submission: Withdrawing
) -> StatementView:
    """The statement in full, before it is sent; nothing is written.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: which conversation asks.
        submission: what would be handed in.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        AlreadyCancelled: the order is cancelled, so there is no contract any more.
        BadAnswer: "items", "name" or "email" can't be used.
    """
    order = orders.granted_order(session, conversation_id, submission.order_number)
    return _statement(session, context, order, submission)


@dataclass(frozen=True)
class Prepared:
    """A confirmation that was made ahead, so that no other writer waits while it is.

    Attributes:
        number: the withdrawal's number.
        request_number: the number of the return request that it would open.
        at: when it was received, a full second.
        told: what the document says.
        content: the document.
    """

    number: str
    request_number: str
    at: datetime
    told: WithdrawalView | None = None
    content: bytes = b""


def prepare(
    session: Session, context: Context, conversation_id: str, submission: Withdrawing, key: str
) -> Prepared:
    """Make the confirmation of a withdrawal before it is written; nothing is written.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: which conversation withdraws.
        submission: what is handed in.
        key: the same key withdraws once.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        AlreadyCancelled: the order is cancelled.
        BadAnswer: something handed in can't be used.
    """
    now = context.now().replace(microsecond=0)
    blank = Prepared(text.public_number("W"), text.public_number("R"), now)
    order = orders.granted_order(session, conversation_id, submission.order_number)
    if _made_before(session, key) is not None:
        return blank
    stated = _statement(session, context, order, submission)
    told = _plan(session, context, conversation_id, order, stated, key, blank).told
    return replace(blank, told=told, content=receipts.withdrawal_document(context, order, told))


def withdraw(
    session: Session,
    context: Context,
    conversation_id: str,
    submission: Withdrawing,
    key: str,
    prepared: Prepared,
) -> WithdrawalView:
    """Record a statement, or find the one that this key has already made.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation withdraws.
        submission: what is handed in.
        key: the same key withdraws once.
        prepared: its confirmation; made anew when something has changed since.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        AlreadyCancelled: the order is cancelled.
        TooManyWithdrawals: the order has had too many statements today.
        BadAnswer: something handed in can't be used.
        IntegrityError: another request was faster; try again.
    """
    order = orders.granted_order(session, conversation_id, submission.order_number)
    orders.lock(session, order)
    if not 0 < len(key) <= 200:
        raise BadAnswer("key", "invalid")
    earlier = _made_before(session, key)
    if earlier is not None:
        if (earlier.order_id, earlier.conversation_id) != (order.id, conversation_id):
            raise BadAnswer("key", "taken")
        return view(context, earlier)
    stated = _statement(session, context, order, submission)
    _check_limit(session, context, order)
    return _write(session, context, conversation_id, order, stated, key, prepared)


def by_number(session: Session, context: Context, number: str) -> WithdrawalView | None:
    """The withdrawal with this public number, or None."""
    statement = select(Withdrawal).where(Withdrawal.number == number.strip().upper())
    found = session.execute(statement).scalar_one_or_none()
    return view(context, found) if found else None


def of_order(session: Session, context: Context, order: Order) -> list[WithdrawalView]:
    """All withdrawals from an order, newest first."""
    statement = (
        select(Withdrawal).where(Withdrawal.order_id == order.id).order_by(Withdrawal.id.desc())
    )
    return [view(context, found) for found in session.execute(statement).scalars()]


def latest(session: Session, context: Context, limit: int) -> list[WithdrawalView]:
    """The newest withdrawals of all buyers, newest first.

    Args:
        session: open session.
        context: the desk's tools.
        limit: how many at most.
    """
    statement = select(Withdrawal).order_by(Withdrawal.id.desc()).limit(limit)
    return [view(context, found) for found in session.execute(statement).scalars()]


def view(context: Context, withdrawal: Withdrawal) -> WithdrawalView:
    """The withdrawal as a plain value."""
    order = withdrawal.order
    route = RouteId(withdrawal.route) if withdrawal.route else None
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    return WithdrawalView(
        number=withdrawal.number,
        order_number=order.number,
        seller=order.seller.name,
        name=withdrawal.name,
        email=withdrawal.email,
        items=tuple((item["title"], item["quantity"]) for item in withdrawal.items),
        statement=withdrawal.statement,
        received_at=withdrawal.received_at,
        time_zone=zone.key,
        route=route,
        verdict=Verdict(withdrawal.verdict),
        last_day=withdrawal.last_day,
        request_number=withdrawal.request.number if withdrawal.request else None,
        standing=tuple(withdrawal.decision["standing"]),
        document_sha256=withdrawal.document.sha256 if withdrawal.document else "",
        terms=withdrawal_terms.told(withdrawal.decision["terms"]),
        decision=withdrawal.decision,
    )


def _statement(
    session: Session, context: Context, order: Order, submission: Withdrawing
) -> StatementView:
    contract = contracts.view(session, context, order)
    if contract.cancellation_number:
        raise AlreadyCancelled(contract.cancellation_number)
    chosen = tuple(item for item in contract.items if item.id in set(submission.items))
    if not submission.items:
        raise BadAnswer("items", "empty")
    if len(chosen) < len(submission.items):
        raise BadAnswer("items", "unknown" if len(set(submission.items)) > len(chosen) else "twice")
    verdict = contracts.overall([item.verdict for item in chosen])
    stated = StatementView(
        contract=contract,
        name=_name(submission.name, contract),
        email=_email(submission.email, contract),
        items=chosen,
        text="",
        verdict=verdict,
        terms=withdrawal_terms.terms(
            context.clauses.in_force(order.placed_on),
            contract.route,
            verdict,
            stated_on=context.today(order),
            last_day=contract.last_day,
            delivered=contract.delivered_on is not None,
            exceptions=tuple(dict.fromkeys(item.exception for item in chosen if item.exception)),
        ),
    )
    return replace(stated, text=receipts.withdrawal_statement(context, order, stated))


def _name(given: str | None, contract: ContractView) -> str:
    """A person's or a firm's name: a mail goes out with it, so it is nothing else."""
    if given is None:
        return contract.name
    name = text.place_name(given, NAME_CHARS)
    if not name or name != " ".join(given.split()):
        raise BadAnswer("name", "too_long" if len(given.split()) > NAME_CHARS else "invalid")
    return name


def _email(given: str | None, contract: ContractView) -> str:
    if given is None:
        return contract.email
    address = text.email_address(given)
    if not text.is_email_address(address):
        raise BadAnswer("email", "invalid")
    return address


def _made_before(session: Session, key: str) -> Withdrawal | None:
    statement = select(Withdrawal).where(Withdrawal.key == key)
    found: Withdrawal | None = session.execute(statement).scalar_one_or_none()
    return found


def _check_limit(session: Session, context: Context, order: Order) -> None:
    since = context.now() - _DAY
    statement = (
        select(Withdrawal.number)
        .where(Withdrawal.order_id == order.id, Withdrawal.received_at > since)
        .order_by(Withdrawal.id.desc())
    )
    numbers = list(session.execute(statement).scalars())
    if len(numbers) >= PER_DAY:
        raise TooManyWithdrawals(numbers[0])


@dataclass(frozen=True)
class _Plan:
    """What would be written: the row, the items of the return request, and what is told."""

    row: Withdrawal
    decided: list[filing.Decided]
    told: WithdrawalView


def _plan(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order,
    stated: StatementView,
    key: str,
    prepared: Prepared,
) -> _Plan:
    judged = [
        contracts.judge(session, context, order, deciding.item_of(order, item.id))
        for item in stated.items
    ]
    standing = orders.standing(session, order)
    left = {
        one.item.id: standing.get(one.item.id, orders.NOTHING).left_of(one.item) for one in judged
    }
    decided = [
        filing.Decided(
            FilingItem(one.item.id, left[one.item.id], Reason.CHANGE_OF_MIND),
            one.item,
            one.facts,
            one.decision,
            one.route,
        )
        for one in judged
        if one.route is not None
        and one.verdict is Verdict.IN_TIME
        and left[one.item.id]
        and order.paid
    ]
    row = Withdrawal(
        number=prepared.number,
        key=key,
        order=order,
        buyer_id=order.buyer_id,
        conversation_id=conversation_id,
        name=stated.name,
        email=stated.email,
        items=[
            {"item_id": item.id, "title": item.title, "quantity": item.quantity}
            for item in stated.items
        ],
        statement=stated.text,
        route=stated.contract.route.value if stated.contract.route else None,
        verdict=stated.verdict.value,
        last_day=stated.contract.last_day,
        decision=_snapshot(stated, judged, standing),
        received_at=prepared.at,
    )
    told = view(context, row)
    if decided:
        told = replace(told, request_number=prepared.request_number)
    return _Plan(row, decided, told)


def _write(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order,
    stated: StatementView,
    key: str,
    prepared: Prepared,
) -> WithdrawalView:
    plan = _plan(session, context, conversation_id, order, stated, key, prepared)
    content = prepared.content
    if plan.told != prepared.told:
        content = receipts.withdrawal_document(context, order, plan.told)
    row = plan.row
    row.request = _open_request(session, context, conversation_id, order, plan.decided, prepared)
    row.document = documents.keep(session, row.number, content, prepared.at)
    session.add(row)
    session.flush()
    told = view(context, row)
    audit.note(
        session,
        context,
        conversation_id,
        "withdrawal_received",
        order,
        row.number,
        verdict=row.verdict,
        request=told.request_number,
        sha256=row.document.sha256,
    )
    receipts.withdrawal_received(session, context, order, told, row.document)
    return told


def _open_request(
    session: Session,
    context: Context,
    conversation_id: str,
    order: Order,
    decided: list[filing.Decided],
    prepared: Prepared,
) -> ReturnRequest | None:
    """The return request of the pieces that are in time; where a fact is open, a person looks."""
    if not decided:
        return None
    wanted = Filing(
        key=f"withdrawal:{prepared.number}",
        order_number=order.number,
        items=tuple(one.wanted for one in decided),
        route=decided[0].route.id,
    )
    request = filing.write(
        session, context, conversation_id, order, wanted, decided, None, prepared.request_number
    )
    if any(one.route.status is not Status.OPEN for one in decided):
        request.needs_review = True
    return request


def _snapshot(
    stated: StatementView, judged: list[Judged], standing: Mapping[int, Standing]
) -> dict[str, Any]:
    decided = ((one.item, one.item.quantity, one.facts, one.decision) for one in judged)
    return {
        **filing.snapshot(decided),
        "verdicts": {str(item.id): item.verdict.value for item in stated.items},
        "terms": withdrawal_terms.kept(stated.terms),
        "standing": sorted(
            {
                number
                for one in judged
                for number in standing.get(one.item.id, orders.NOTHING).numbers
            }
        ),
    }

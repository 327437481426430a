"""The contracts that a conversation may withdraw from, and what the law says to each.

Withdrawal is the statutory right to change one's mind: the EU's (S6) or Brazil's (S9), whichever
the delivery country has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.desk import deciding, orders, text
from bot.desk.context import Context
from bot.desk.models import Order, OrderItem
from bot.desk.orders import Standing
from bot.desk.time_zones import zone_of
from bot.desk.views import ContractItemView, ContractView
from bot.desk.vocabulary import Verdict
from bot.desk.withdrawal_terms import Saying
from bot.policy.decision import Decision, Route, RouteId, Status
from bot.policy.facts import Facts, Reason

RIGHTS = (RouteId.EU_WITHDRAWAL, RouteId.BR_REGRET)
_OTHER_COUNTRY = "other_country"


@dataclass(frozen=True)
class Judged:
    """One item of a contract with what was decided on it.

    Attributes:
        route: the right of the delivery country; None where none is known.
        verdict: what our dates make of a withdrawal from it today.
        last_day: the period's last day, past or to come, when known.
    """

    item: OrderItem
    facts: Facts
    decision: Decision
    route: Route | None
    verdict: Verdict
    last_day: date | None


def of_conversation(session: Session, context: Context, conversation_id: str) -> list[ContractView]:
    """All contracts that the conversation has proved, oldest proof first."""
    granted = orders.granted_orders(session, conversation_id)
    return [view(session, context, order) for order in granted]


def judge(session: Session, context: Context, order: Order, item: OrderItem) -> Judged:
    """Decides about one item today; the buyer is asked nothing more.

    Args:
        session: open session.
        context: the desk's tools.
        order: the order.
        item: one of its items.
    """
    facts, decision = deciding.decide(
        session, context, order, item, Reason.CHANGE_OF_MIND, answers={}
    )
    route = next(
        (found for found in map(decision.route, RIGHTS) if not _is_of_elsewhere(found)), None
    )
    last_day = _last_day(route) if route else None
    return Judged(item, facts, decision, route, _verdict(route, last_day, decision), last_day)


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on several items together: the best for the buyer."""
    return next(verdict for verdict in Verdict if verdict in verdicts)


def view(session: Session, context: Context, order: Order) -> ContractView:
    """The contract as a plain value."""
    standing = orders.standing(session, order)
    judged = [judge(session, context, order, item) for item in order.items]
    routes = [one.route.id for one in judged if one.route]
    days = [one.last_day for one in judged if one.last_day]
    days_received = [one.item.parcel.delivered_on for one in judged if one.item.parcel]
    return ContractView(
        order_number=order.number,
        placed_on=order.placed_on,
        delivered_on=None if None in days_received else max(days_received, default=None),
        seller=order.seller.name,
        name=order.buyer.name,
        email=order.buyer.email,
        country=order.country,
        time_zone=zone_of(order.country, order.region, context.shop_time_zone).key,
        route=routes[0] if routes else None,
        verdict=overall([one.verdict for one in judged]),
        last_day=max(days, default=None),
        cancellation_number=order.cancellation.number if order.cancellation else None,
        items=tuple(_item(one, standing) for one in judged),
    )


def _item(judged: Judged, standing: Mapping[int, Standing]) -> ContractItemView:
    stands = standing.get(judged.item.id, orders.NOTHING)
    return ContractItemView(
        id=judged.item.id,
        title=judged.item.title,
        quantity=judged.item.quantity,
        verdict=judged.verdict,
        pieces_left=stands.left_of(judged.item),
        request_number=stands.latest,
        exception=_exception(judged),
        free_return=judged.decision.route(RouteId.FREE_RETURN).status is not Status.CLOSED,
    )


def _exception(judged: Judged) -> Saying | None:
    """What the law says of goods that it may leave out; of others nothing."""
    route = judged.route
    if route is None or judged.verdict is not Verdict.EXCLUDED or not route.findings:
        return None
    finding = route.findings[0]
    sources = tuple(one for one in route.clauses if one.id == finding.clause)
    return Saying(f"{text.one_line(judged.item.title, 100)}: {finding.text}", sources)


def _is_of_elsewhere(route: Route) -> bool:
    """Whether the delivery country has another law."""
    return any(finding.code == _OTHER_COUNTRY for finding in route.findings)


def _last_day(route: Route) -> date | None:
    if route.last_day:
        return route.last_day
    named = (finding.values.get("last_day") for finding in route.findings)
    return next((date.fromisoformat(str(day)) for day in named if day), None)


def _verdict(route: Route | None, last_day: date | None, decision: Decision) -> Verdict:
    if route is None or route.status is Status.ASK_SUPPORT:
        return Verdict.EXCLUDED
    if route.status is not Status.CLOSED:
        return Verdict.IN_TIME
    is_over = last_day is not None and last_day < decision.asked_on
    return Verdict.LATE if is_over else Verdict.EXCLUDED

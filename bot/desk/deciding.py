"""A decision on what the desk knows at this moment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from bot.desk import fact_finding
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import Order, OrderItem
from bot.policy import decide as policy_decide
from bot.policy.decision import Decision, RouteId, Status
from bot.policy.facts import Facts, Reason


def item_of(order: Order, item_id: int) -> OrderItem:
    """An item of the order.

    Raises:
        BadAnswer: when the order has no such item.
    """
    found: OrderItem | None = next((item for item in order.items if item.id == item_id), None)
    if found is None:
        raise BadAnswer("items", "unknown")
    return found


def decide(
    session: Session,
    context: Context,
    order: Order,
    item: OrderItem,
    reason: Reason | None,
    answers: Mapping[str, Any],
) -> tuple[Facts, Decision]:
    """The facts of an item as they are now, and the decision they lead to.

    Args:
        session: open session.
        context: the desk's tools.
        order: the order.
        item: one of its items.
        reason: why; None when not yet known.
        answers: the buyer's answers by path of the fact.

    Raises:
        BadAnswer: for an answer that can't be used.
    """
    facts = fact_finding.facts(session, context, order, item, reason, answers)
    return facts, policy_decide(facts, context.clauses, context.today(order))


def only_for_labels(context: Context, order: Order, facts: Facts) -> bool:
    """Whether Free Return would be open if labels were left this month (F10)."""
    fresh = facts.copy(update={"labels_used_this_month": 0})
    decision = policy_decide(fresh, context.clauses, context.today(order))
    return decision.route(RouteId.FREE_RETURN).status is Status.OPEN

"""The facts of an item: what the desk has stored, and where it has nothing, the buyer's word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from pydantic import ValidationError
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from bot.desk import labels, rules, seller_messages, text
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import Order, OrderItem, ReturnRequest
from bot.policy.facts import FAULTS, ConditionFacts, Facts, Reason, ShipmentStatus
from bot.policy.rulebook import BRAZIL

CONDITIONS = frozenset(f"condition.{name}" for name in ConditionFacts.__fields__)
PAST_DAYS = frozenset({"order.delivered_on", "condition.discovered_on"})
DAYS = PAST_DAYS | {"order.guaranteed_by", "order.protection_ends_on"}
ITEM = frozenset({"item.durable", "item.oversize", "item.free_return_label"})
PLACE = frozenset({"order.region", "order.postal_code"})
PLACE_CHARS = 60
ANSWERABLE = CONDITIONS | DAYS | ITEM | PLACE
"""The facts that a buyer may speak of; each counts only where the desk has nothing stored.
The label is always stored, and heard only because a buyer may tell it before naming an order."""
_RECENT = select(func.count()).where(
    ReturnRequest.buyer_id == bindparam("buyer_id"),
    ReturnRequest.created_at >= bindparam("since"),
)
MEASURES = ("length_cm", "width_cm", "height_cm", "weight_kg")


def facts(
    session: Session,
    context: Context,
    order: Order,
    item: OrderItem,
    reason: Reason | None,
    answers: Mapping[str, Any],
) -> Facts:
    """The facts to decide on.

    Args:
        session: open session.
        context: the desk's tools.
        order: the order.
        item: one of its items.
        reason: why; None when not yet known.
        answers: the buyer's answers by path. One to a question that the desk can answer
            itself is ignored.

    Raises:
        BadAnswer: for a path that isn't the buyer's to answer, or a value that can't be.
    """
    said = _usable(order, item, answers)
    known = _stored(order, item)
    known["complaint"] = _complaint(session, context, order, item, reason)
    for path, value in said.items():
        part, name = path.split(".")
        if name not in known[part]:
            known[part][name] = _place(path, value) if path in PLACE else value
    try:
        found = Facts(
            **known,
            reason=reason,
            labels_used_this_month=labels.counted(session, context, order),
            recent_requests=_recent_requests(session, context, order),
        )
    except ValidationError as error:
        raise _bad_answer(error) from error
    _check_days(found, said, context.today(order))
    return found


def _usable(order: Order, item: OrderItem, answers: Mapping[str, Any]) -> dict[str, Any]:
    for path in answers:
        if path not in ANSWERABLE:
            raise BadAnswer(path, "not_answerable")
    said = {path: value for path, value in answers.items() if value is not None}
    if all(getattr(item, name) is not None for name in MEASURES):
        said.pop("item.oversize", None)
    if not _may_have_arrived(item):
        # The carrier's word is stored, so it wins.
        said.pop("order.delivered_on", None)
    return said


def _place(path: str, value: Any) -> str:
    """A place as it may be stored and shown: no control characters, no markup."""
    name = text.place_name(value, PLACE_CHARS) if isinstance(value, str) else ""
    if not name:
        raise BadAnswer(path, "invalid")
    return name


def _may_have_arrived(item: OrderItem) -> bool:
    parcel = item.parcel
    return parcel is not None and parcel.status in (ShipmentStatus.DELIVERED, ShipmentStatus.LOST)


def _stored(order: Order, item: OrderItem) -> dict[str, dict[str, Any]]:
    """What the desk knows, by part and name; what it doesn't know is left out."""
    parcel = item.parcel
    known = {
        "order": {
            "placed_on": order.placed_on,
            "paid": order.paid,
            "shipment": parcel.status if parcel else ShipmentStatus.NOT_SHIPPED,
            "guaranteed_by": parcel.guaranteed_by if parcel else None,
            "delivered_on": parcel.delivered_on if parcel else None,
            "protection_ends_on": order.protection_ends_on,
            "country": order.country,
            "region": order.region,
            "postal_code": order.postal_code,
            "withdrawal_informed": order.withdrawal_informed,
            "withdrawal_informed_on": order.withdrawal_informed_on,
            **_several_parcels(order, item),
        },
        "item": {
            "category": item.category,
            "traits": item.traits,
            "durable": item.durable,
            "free_return_label": item.free_return_label,
            **{name: getattr(item, name) for name in MEASURES},
        },
        "condition": {},
    }
    return {
        part: {name: value for name, value in fields.items() if value is not None}
        for part, fields in known.items()
    }


def _complaint(
    session: Session, context: Context, order: Order, item: OrderItem, reason: Reason | None
) -> dict[str, Any]:
    """The day of a complaint to the seller; looked up only where it stops a clock (Brazil)."""
    area = context.clauses.in_force(order.placed_on).area(order.country, order.postal_code)
    if reason not in FAULTS or area != BRAZIL:
        return {}
    return {"made_on": seller_messages.complained_on(session, context, order, item, reason)}


def _several_parcels(order: Order, item: OrderItem) -> dict[str, Any]:
    """What became of the other items, where they didn't all come together (art. 9(2)(b))."""
    if all(one.own_shipment is None for one in order.items):
        return {}
    others = [one.parcel for one in order.items if one.parcel is not item.parcel]
    days = [parcel.delivered_on for parcel in others if parcel and parcel.delivered_on]
    arrived = (parcel and parcel.status == ShipmentStatus.DELIVERED for parcel in others)
    return {"last_delivered_on": max(days, default=None), "more_to_come": not all(arrived)}


def _check_days(found: Facts, said: Mapping[str, Any], today: date) -> None:
    for path in DAYS & set(said):
        part, name = path.split(".")
        day = getattr(getattr(found, part), name)
        if found.order.placed_on and day < found.order.placed_on:
            raise BadAnswer(path, "before_order")
        if path in PAST_DAYS and day > today:
            raise BadAnswer(path, "in_the_future")


def _bad_answer(error: ValidationError) -> BadAnswer:
    problem = error.errors()[0]
    path = ".".join(str(part) for part in problem["loc"] if part != "__root__")
    before = "before placed_on" in problem["msg"]
    return BadAnswer(path, "before_order" if before else "invalid")


def _recent_requests(session: Session, context: Context, order: Order) -> int:
    """The buyer's recent requests, today's included (F12)."""
    now = context.local_now(order)
    first_day = now.date() - rules.recent(context.clauses, order.placed_on)
    since = datetime.combine(first_day, time(), now.tzinfo)
    asked = {"buyer_id": order.buyer_id, "since": since}
    return int(session.execute(_RECENT, asked).scalar_one())

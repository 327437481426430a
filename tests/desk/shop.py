"""Orders and answers that the desk's tests share."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import text

from bot.desk import Desk, Filing, FilingItem, Line
from bot.policy import Clauses
from bot.policy.decision import RouteId
from bot.policy.facts import Reason

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=timezone.utc)
ANA = "ana.souza@example.com"
CHAT = "chat-1"
AS_NEW = {
    "condition.used": False,
    "condition.damaged_by_buyer": False,
    "condition.seals_removed": False,
    "condition.packaging_kept": True,
    "condition.complete": True,
}
BLENDER = {
    "reference": "1",
    "title": "Glass jug blender",
    "category": "kitchen_appliances",
    "free_return_label": True,
    "length_cm": 40,
    "width_cm": 25,
    "height_cm": 25,
    "weight_kg": 3.5,
    "price_cents": 5490,
    "quantity": 2,
}
ORDER = {
    "number": "50010001",
    "placed_on": "2026-11-08",
    "currency": "EUR",
    "protection_ends_on": "2026-12-20",
    "seller": "Lumen Kitchen",
    "buyer": {"email": ANA, "name": "Ana Souza", "locale": "en_GB"},
    "address": {"country": "DE", "region": "Berlin", "postal_code": "10115"},
    "shipment": {"status": "delivered", "delivered_on": "2026-11-18"},
    "items": [BLENDER],
}
TABLES = (
    "return_requests",
    "return_request_items",
    "return_request_pieces",
    "return_labels",
    "refunds",
    "evidence",
    "outbox_messages",
    "order_cancellations",
    "hand_offs",
)


class Hands:
    """A clock whose hands a test can move."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


def order(**changes: Any) -> dict[str, Any]:
    """An order in the import format: a blender that came five days ago."""
    return deepcopy(ORDER) | deepcopy(changes)


def items(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Several items of one order."""
    return [
        BLENDER | {"reference": str(n), "title": f"Thing {n}"} | changes
        for n in range(1, count + 1)
    ]


def bring(desk: Desk, *orders: dict[str, Any]) -> None:
    """Load orders into the desk."""
    desk.import_orders([json.dumps(one) for one in orders], "tests")


def verified(desk: Desk, number: str = "50010001", email: str = ANA, chat: str = CHAT) -> list[int]:
    """Verify a conversation for an order; the ids of its items."""
    found = desk.verify(chat, number, email)
    assert found.ok
    return [item.id for item in found.order.items]


def filing(item_id: int, key: str = "key-1", number: str = "50010001", **changes: Any) -> Filing:
    """A Free Return of one piece that the buyer simply doesn't want."""
    wanted = FilingItem(item_id, 1, Reason.CHANGE_OF_MIND, AS_NEW)
    values: dict[str, Any] = {
        "key": key,
        "order_number": number,
        "items": (wanted,),
        "route": RouteId.FREE_RETURN,
        "transcript": (Line("buyer", "I changed my mind", NOW), Line("assistant", "No problem")),
    }
    return Filing(**values | changes)


def pieces(item_id: int, count: int, key: str, number: str = "50010001") -> Filing:
    """A claim for so many pieces of an item that came broken; it takes no label."""
    wanted = FilingItem(item_id, count, Reason.ARRIVED_DAMAGED, AS_NEW)
    return filing(item_id, key, number, items=(wanted,), route=RouteId.BUYER_PROTECTION)


def rows(desk: Desk, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    with desk.context.database.reading() as session:
        return [dict(row) for row in session.execute(text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608


def counts(desk: Desk) -> dict[str, int]:
    """How many rows stand in each table that a filing writes to."""
    return {table: len(rows(desk, table)) for table in TABLES}


def with_parameter(clauses: Clauses, clause_id: str, name: str, value: Any) -> Clauses:
    """The clauses with one parameter as an operator would set it."""
    versions = []
    for clause in clauses.versions:
        if clause.id == clause_id:
            parameter = replace(clause.parameters[name], values={date(2010, 1, 1): value})
            clause = replace(clause, parameters={**clause.parameters, name: parameter})
        versions.append(clause)
    return Clauses(tuple(versions), clauses.texts)


@contextmanager
def statements(desk: Desk) -> Iterator[list[str]]:
    """The SQL that the desk sends meanwhile."""
    from sqlalchemy import event

    sent: list[str] = []

    def listen(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(desk.context.database.engine, "before_cursor_execute", listen)
    try:
        yield sent
    finally:
        event.remove(desk.context.database.engine, "before_cursor_execute", listen)

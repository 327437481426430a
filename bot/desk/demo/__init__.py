"""Demo orders: one or more for every clause, with days counted back from the day of loading.

orders.jsonl is the import format of docs/desk.md with three differences: a day may be given as
`..._days_ago` or `..._in_days`, `try` says what to try in the chat, and `shows` names the clauses
that it shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.desk.desk import Desk
from bot.desk.time_zones import zone_of

FILE = Path(__file__).with_name("orders.jsonl")
PICTURES = Path(__file__).with_name("pictures")
"""A drawing for each category of goods, by its id."""

_FIELDS = {"guaranteed": "guaranteed_by"}
"""The field that a relative day fills, where its name doesn't just end in `_on`."""


@dataclass(frozen=True)
class Example:
    """A demo order to try in the chat.

    Attributes:
        order_number: its number.
        email: the e-mail on it.
        hint: what to try.
        shows: ids of the clauses that it shows.
    """

    order_number: str
    email: str
    hint: str
    shows: tuple[str, ...]

    def __str__(self) -> str:
        """One line for a terminal."""
        return f"{self.order_number}, {self.email}: {self.hint}"


def examples(limit: int | None = None) -> list[Example]:
    """Demo orders to try, the plainest first.

    Args:
        limit: how many at most; all when None.
    """
    found = [
        Example(order["number"], order["buyer"]["email"], order["try"], tuple(order["shows"]))
        for order in _orders()
    ]
    return found[:limit]


def load(desk: Desk) -> int:
    """Load the demo orders into a desk without orders.

    Args:
        desk: the desk.

    Returns:
        How many were loaded; 0 when the desk has orders already.

    Raises:
        DeskUnavailable: when the database doesn't answer.
    """
    if not desk.is_empty():
        return 0
    lines = [json.dumps(_dated(desk, order)) for order in _orders()]
    return desk.import_orders(lines, "orders demo", PICTURES).added


@lru_cache
def _orders() -> list[dict[str, Any]]:
    lines = FILE.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def _dated(desk: Desk, order: dict[str, Any]) -> dict[str, Any]:
    """The order in the import format, seen from the buyer's today."""
    address = order["address"]
    zone = zone_of(address["country"], address.get("region"), desk.context.shop_time_zone)
    kept = {name: value for name, value in order.items() if name not in ("try", "shows")}
    kept["items"] = [{**item, "picture": f"{item['category']}.png"} for item in kept["items"]]
    dated: dict[str, Any] = _with_days(kept, desk.context.now().astimezone(zone).date())
    return dated


def _with_days(value: Any, today: date) -> Any:
    if isinstance(value, list):
        return [_with_days(one, today) for one in value]
    if not isinstance(value, dict):
        return value
    return dict(_field(name, one, today) for name, one in value.items())


def _field(name: str, value: Any, today: date) -> tuple[str, Any]:
    for ending, sign in (("_days_ago", -1), ("_in_days", 1)):
        if name.endswith(ending):
            stem = name[: -len(ending)]
            day = today + sign * timedelta(days=value)
            return _FIELDS.get(stem, f"{stem}_on"), day.isoformat()
    return name, _with_days(value, today)

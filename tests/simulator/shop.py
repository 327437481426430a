"""The orders that the simulated buyers have: copies of the demo orders, fresh for each buyer."""

from __future__ import annotations

import copy
import json
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from bot.desk.demo import FILE
from tests.running import NOW

TODAY = datetime.fromisoformat(NOW).date()
"""The buyers' day. At ten in the morning UTC it is the same everywhere that the demo orders go."""

NOT_DRAWN = frozenset({"40010047", "40010048", "40010049"})
"""Orders about rights by law, two of them in several parcels: simulated buyers ask for none of it,
and a seed keeps the buyer that it had before they were there."""


@dataclass(frozen=True)
class Parcel:
    """An order as its buyer knows it, in the desk's import format (docs/desk.md).

    Attributes:
        record: one line for `Desk.import_orders`.
        others: further orders of the same buyer, which count for the month's labels (F10).
    """

    record: dict[str, Any]
    others: tuple[dict[str, Any], ...] = ()

    @property
    def number(self) -> str:
        """The order number."""
        return str(self.record["number"])

    @property
    def email(self) -> str:
        """The e-mail on it."""
        return str(self.record["buyer"]["email"])

    @property
    def items(self) -> list[dict[str, Any]]:
        """Its items."""
        return list(self.record["items"])

    @property
    def shipment(self) -> dict[str, Any]:
        """Its parcel."""
        return dict(self.record["shipment"])

    def returned(self) -> set[str]:
        """References of items that stand in a return already."""
        past = self.record.get("past_returns", [])
        return {ref for one in past for ref in one.get("items", [])}

    def labels_used(self) -> int:
        """Pre-paid labels of this month on all of the buyer's orders."""
        returns = [past for order in (self.record, *self.others) for past in _past(order)]
        this_month = [p for p in returns if p["filed_on"][:7] == TODAY.isoformat()[:7]]
        return sum(bool(past.get("prepaid_label")) for past in this_month)

    def lines(self) -> list[str]:
        """What to import."""
        return [json.dumps(order) for order in (self.record, *self.others)]


def _past(order: dict[str, Any]) -> list[dict[str, Any]]:
    return list(order.get("past_returns", []))


@lru_cache
def demo_orders() -> tuple[dict[str, Any], ...]:
    """The demo orders that buyers draw from, with their days counted back from the tests' day."""
    lines = FILE.read_text(encoding="utf-8").split("\n")
    orders = (json.loads(line) for line in lines if line)
    return tuple(_dated(order) for order in orders if order["number"] not in NOT_DRAWN)


def copy_for(seed: int, demo_number: str) -> Parcel:
    """A copy of a demo order for one buyer, with a number and an e-mail nobody else has.

    Args:
        seed: the buyer's seed.
        demo_number: number of the demo order.
    """
    demo = next(order for order in demo_orders() if order["number"] == demo_number)
    email = demo["buyer"]["email"]
    same_buyer = [order for order in demo_orders() if order["buyer"]["email"] == email]
    copies = [_renamed(order, seed, place) for place, order in enumerate(same_buyer)]
    _order_more(copies, seed)
    mine = next(c for c, order in zip(copies, same_buyer, strict=True) if order is demo)
    return Parcel(mine, tuple(c for c in copies if c is not mine))


def _order_more(copies: list[dict[str, Any]], seed: int) -> None:
    """Lets one buyer in four have several pieces of each item that wasn't returned yet."""
    rng = random.Random(f"pieces {seed}")
    pieces = rng.choice([1, 1, 1, rng.choice([2, 3])])
    for order in copies:
        for item in order["items"] if pieces > 1 and not order.get("past_returns") else []:
            item["quantity"] = pieces


def stranger(seed: int) -> dict[str, Any]:
    """An order of somebody else, whose number the buyer with this seed may type by mistake."""
    orders = demo_orders()
    order = _renamed(orders[seed % len(orders)], seed, 9)
    order["buyer"]["email"] = f"stranger{seed}@elsewhere.example.com"
    order.pop("past_returns", None)
    return order


def order_number(seed: int, place: int) -> str:
    """The number of a buyer's order: eight digits, the last one which order it is."""
    return f"5{seed:06d}{place}"


def _renamed(order: dict[str, Any], seed: int, place: int) -> dict[str, Any]:
    fresh = copy.deepcopy(order)
    fresh["number"] = order_number(seed, place)
    name, _, domain = order["buyer"]["email"].partition("@")
    fresh["buyer"]["email"] = f"{name}{seed}@{domain}"
    return fresh


def _dated(value: Any) -> Any:
    """The import format: "..._days_ago" and "..._in_days" become days."""
    if isinstance(value, list):
        return [_dated(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {name: one for name, one in value.items() if name not in ("try", "shows")}
    return dict(_field(name, one) for name, one in kept.items())


def _field(name: str, value: Any) -> tuple[str, Any]:
    for ending, sign in (("_days_ago", -1), ("_in_days", 1)):
        if name.endswith(ending):
            stem = name[: -len(ending)]
            field = "guaranteed_by" if stem == "guaranteed" else f"{stem}_on"
            return field, (TODAY + sign * timedelta(days=value)).isoformat()
    return name, _dated(value)


def day(text: str | None) -> date | None:
    """A day in ISO form as a date."""
    return date.fromisoformat(text) if text else None

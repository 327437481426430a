"""Who the buyer is: an order, a need, what is true of the item, and habits. All from one seed."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.simulator.phrases import bank
from tests.simulator.shop import TODAY, Parcel, copy_for, demo_orders

FILE, CHECK, CHECK_GENERAL = "file", "check", "check_general"
TRACK_ORDER, TRACK_REQUEST, CANCEL = "track_order", "track_request", "cancel"
RIGHTS, FREE_RETURN, SELLER, PERSON = "rights", "free_return", "contact_seller", "person"
NEEDS = {
    FILE: 50,
    CHECK: 9,
    CHECK_GENERAL: 6,
    TRACK_ORDER: 6,
    TRACK_REQUEST: 5,
    CANCEL: 10,
    RIGHTS: 4,
    FREE_RETURN: 3,
    SELLER: 3,
    PERSON: 4,
}
"""What buyers come for, and how often."""

NOT_ARRIVED = "not_arrived"
IN_HAND = (
    "arrived_damaged",
    "not_as_described",
    "shortage",
    "stopped_working",
    "change_of_mind",
)
"""Reasons that somebody has who got the parcel."""

HABITS = {
    "greets": 0.2,
    "order_early": 0.3,
    "everything_at_once": 0.2,
    "types": 0.35,
    "typos": 0.2,
    "digresses": 0.3,
    "hesitates": 0.15,
    "wrong_number_first": 0.12,
    "wrong_email_first": 0.15,
    "corrects_order": 0.1,
    "corrects_item": 0.3,
    "corrects_reason": 0.15,
    "corrects_answer": 0.2,
    "changes_refund": 0.15,
    "declines_way": 0.08,
    "declines_summary": 0.12,
    "double_taps": 0.25,
    "asks_person_at_the_end": 0.12,
    "says_goodbye": 0.4,
    "attaches_photo": 0.4,
}
"""Habits, and how many of the buyers have each."""

_SHARE_OF_RESTS = 0.6
"""How many of those who file some pieces of an item file the others afterwards."""

_GOOD = {
    "used": False,
    "damaged_by_buyer": False,
    "seals_removed": False,
    "packaging_kept": True,
    "complete": True,
    "media_unwrapped": False,
}


@dataclass(frozen=True)
class Persona:
    """A buyer.

    Attributes:
        seed: what all of it was drawn from.
        parcel: the order.
        need: one of `NEEDS`.
        item: the item it is about, from the order.
        quantity: how many pieces of it.
        files_rest: whether the other pieces are filed afterwards, in a request of their own.
        reason: what happened, as it is in the end.
        states_reason: whether the first message says it.
        truth: what the buyer would answer to a question for a fact, by its name; None where the
            buyer doesn't know.
        prefers: which of the open ways is taken, as a place in the list.
        refund: the refund method in the end.
        has_photo: whether there is a link to a photo.
        habits: names of `HABITS`.
    """

    seed: int
    parcel: Parcel
    need: str
    item: dict[str, Any]
    quantity: int
    files_rest: bool
    reason: str
    states_reason: bool
    truth: dict[str, Any]
    prefers: int
    refund: str
    has_photo: bool
    habits: frozenset[str] = field(default_factory=frozenset)

    def has(self, habit: str) -> bool:
        """Whether the buyer has a habit."""
        return habit in self.habits

    @property
    def item_name(self) -> str:
        """What the buyer calls the item."""
        title = self.item["title"]
        return str(bank()["items"].get(title, title.split(",")[0]))


def draw(seed: int) -> Persona:
    """The buyer of a seed."""
    rng = random.Random(seed)
    need = rng.choices(list(NEEDS), list(NEEDS.values()))[0]
    parcel = copy_for(seed, _draw_order(rng, need))
    item = rng.choice(parcel.items)
    reason = _draw_reason(rng, parcel)
    states_reason = rng.random() < 0.75
    truth = _draw_truth(rng, parcel, item)
    truth["discovered_on"] = _draw_discovery(seed, truth["delivered_on"], reason)
    quantity = _draw_quantity(seed, parcel, item)
    is_some = quantity < int(item.get("quantity", 1))
    return Persona(
        seed=seed,
        parcel=parcel,
        need=need,
        item=item,
        quantity=quantity,
        files_rest=is_some and random.Random(f"rest {seed}").random() < _SHARE_OF_RESTS,
        reason=reason,
        states_reason=states_reason,
        truth=truth,
        prefers=rng.choice([0, 0, 0, 1, 2]),
        refund=rng.choice(["original_payment", "original_payment", "bonus"]),
        has_photo=rng.random() < 0.5,
        habits=_draw_habits(rng, need, parcel),
    )


def _draw_order(rng: random.Random, need: str) -> str:
    orders = demo_orders()
    if need == CANCEL and rng.random() < 0.6:
        orders = tuple(o for o in orders if o["shipment"]["status"] == "not_shipped")
    elif need == TRACK_REQUEST and rng.random() < 0.6:
        orders = tuple(o for o in orders if o.get("past_returns"))
    elif need == FILE and rng.random() < 0.2:
        orders = tuple(o for o in orders if o["shipment"]["status"] != "delivered")
    return str(rng.choice(orders)["number"])


def _draw_quantity(seed: int, parcel: Parcel, item: dict[str, Any]) -> int:
    """Some of the pieces, or all; of a parcel that isn't there it is all."""
    ordered = int(item.get("quantity", 1))
    if parcel.shipment["status"] != "delivered":
        return ordered
    return random.Random(f"quantity {seed}").randint(1, ordered)


def _draw_reason(rng: random.Random, parcel: Parcel) -> str:
    if parcel.shipment["status"] == "delivered":
        return rng.choice((*IN_HAND, *IN_HAND, NOT_ARRIVED))
    if parcel.shipment["status"] == "not_shipped":
        return "change_of_mind"
    return NOT_ARRIVED


def _draw_truth(rng: random.Random, parcel: Parcel, item: dict[str, Any]) -> dict[str, Any]:
    """The item's state, and what only the buyer may know of the order."""
    truth: dict[str, Any] = dict(_GOOD)
    for name in rng.sample(sorted(_GOOD), rng.choice([0, 0, 0, 1, 1, 2])):
        truth[name] = not truth[name]
    order, shipment = parcel.record, parcel.shipment
    truth |= {
        "country": order["address"]["country"],
        "region": order["address"].get("region"),
        "postal_code": order["address"].get("postal_code"),
        "placed_on": order["placed_on"],
        "shipment": shipment["status"],
        "delivered_on": shipment.get("delivered_on"),
        "guaranteed_by": shipment.get("guaranteed_by"),
        "protection_ends_on": order.get("protection_ends_on"),
        "category": item.get("category"),
        "free_return_label": item.get("free_return_label", False),
        "oversize": rng.choice([False, False, None]),
        "durable": rng.choice([True, False, None]),
    }
    if shipment["status"] == "delivered" and truth["delivered_on"] is None:
        truth["delivered_on"] = rng.choice(["2026-11-18", "2026-11-20"])
    if truth["protection_ends_on"] is None:
        truth["protection_ends_on"] = rng.choice(["2026-12-20", None])
    return truth


def _draw_discovery(seed: int, delivered_on: str | None, reason: str) -> str | None:
    """The day the fault showed: on arrival, or later for what stopped working."""
    if delivered_on is None or reason != "stopped_working":
        return delivered_on
    first = date.fromisoformat(delivered_on)
    days = random.Random(f"fault {seed}").randint(0, (TODAY - first).days)
    return (first + timedelta(days=days)).isoformat()


def _draw_habits(rng: random.Random, need: str, parcel: Parcel) -> frozenset[str]:
    drawn = {habit for habit, share in HABITS.items() if rng.random() < share}
    if need == CHECK:
        drawn.add("order_early")
    if need == CHECK_GENERAL:
        drawn -= {"order_early", "everything_at_once"}
    if drawn & {"everything_at_once", "wrong_number_first"}:
        drawn -= {"corrects_order"}
    if len(parcel.items) == 1:
        drawn.discard("corrects_item")
    return frozenset(drawn)

"""Which answer of a buyer is which fact of `bot.policy.facts`; for the chat and the help page.

An answer is `UNKNOWN` when the buyer doesn't know: asked once, never sent on as a fact. The chat
keeps answers in slots of these names, the page in parameters of its address.
"""

from __future__ import annotations

from typing import Any

from bot.understanding.answers import UNKNOWN

PATHS: dict[str, str] = {
    "country": "order.country",
    "category": "item.category",
    "region": "order.region",
    "postal_code": "order.postal_code",
    "placed_on": "order.placed_on",
    "shipment": "order.shipment",
    "delivered_on": "order.delivered_on",
    "guaranteed_by": "order.guaranteed_by",
    "protection_ends_on": "order.protection_ends_on",
    "free_return_label": "item.free_return_label",
    "oversize": "item.oversize",
    "durable": "item.durable",
    "used": "condition.used",
    "damaged_by_buyer": "condition.damaged_by_buyer",
    "seals_removed": "condition.seals_removed",
    "packaging_kept": "condition.packaging_kept",
    "complete": "condition.complete",
    "media_unwrapped": "condition.media_unwrapped",
    "discovered_on": "condition.discovered_on",
}
"""Name of an answer to the fact's path in the JSON form of the facts."""

SLOTS: dict[str, str] = {path: slot for slot, path in PATHS.items()}

PAST_DATES = frozenset({"placed_on", "delivered_on", "discovered_on"})
DATES = PAST_DATES | {"guaranteed_by", "protection_ends_on"}
LAST_DAYS = DATES - PAST_DATES
YES_NO = (
    "free_return_label",
    "oversize",
    "durable",
    "used",
    "damaged_by_buyer",
    "seals_removed",
    "packaging_kept",
    "complete",
    "media_unwrapped",
)
CONDITIONS = tuple(slot for slot in YES_NO if PATHS[slot].startswith("condition."))
"""States of an item that its buyer tells with a yes or a no."""

OF_THE_ITEM = ("category", "discovered_on", *YES_NO)
"""Facts about one item: another item, asked anew."""

OF_THE_ORDER = tuple(slot for slot in PATHS if slot not in OF_THE_ITEM)
"""Facts about one order: another order, asked anew."""

REASONS: dict[str, str] = {
    "report_not_received": "not_arrived",
    "report_damaged": "arrived_damaged",
    "report_not_as_described": "not_as_described",
    "report_missing_items": "shortage",
    "report_stopped_working": "stopped_working",
    "change_of_mind": "change_of_mind",
}
"""Intent to the reason it states."""


def answers(slots: dict[str, Any]) -> dict[str, Any]:
    """The buyer's answers so far.

    Args:
        slots: answers by their names, such as the conversation's slots.

    Returns:
        Fact path to value; dates as ISO strings. What isn't known is left out.
    """
    known = ((path, slots.get(slot)) for slot, path in PATHS.items())
    return {path: value for path, value in known if value not in (None, UNKNOWN)}


def first_missing_slot(paths: tuple[str, ...], slots: dict[str, Any]) -> str | None:
    """The answer to ask for next, by its name.

    Args:
        paths: facts that a decision lacks, in asking order.
        slots: answers by their names.

    Returns:
        The first slot not asked yet, or None when all were.
    """
    asked = (SLOTS.get(path) for path in paths)
    return next((slot for slot in asked if slot and slots.get(slot) is None), None)

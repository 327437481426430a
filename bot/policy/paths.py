"""The facts that a decision may ask for, by path."""

from __future__ import annotations

FACT_PATHS = frozenset(
    {
        "reason",
        "order.country",
        "item.category",
        "order.shipment",
        "order.delivered_on",
        "order.guaranteed_by",
        "order.protection_ends_on",
        "item.free_return_label",
        "order.region",
        "order.postal_code",
        "item.oversize",
        "item.durable",
        "condition.damaged_by_buyer",
        "condition.packaging_kept",
        "condition.seals_removed",
        "condition.used",
        "condition.complete",
        "condition.media_unwrapped",
        "condition.discovered_on",
    }
)
"""Their labels, and the order of asking, are in clauses/routes.yml."""

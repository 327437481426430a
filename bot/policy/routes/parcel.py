"""Large parcels, which a person confirms for Free Return (F4)."""

from __future__ import annotations

from bot.policy.facts import ItemFacts
from bot.policy.routes.builder import RouteBuilder
from bot.policy.rulebook import Rulebook


def check_size(route: RouteBuilder) -> None:
    """Applies F4.

    Args:
        route: Free Return.
    """
    if not route.rules.has("F4"):
        return
    over = _is_over(route.facts.item, route.rules)
    if over is None:
        route.need("item.oversize")
    elif over:
        route.support("F4", "over")


def _is_over(item: ItemFacts, rules: Rulebook) -> bool | None:
    """Whether a parcel is over a standard; the buyer's word where measures are missing."""
    sides = (item.length_cm, item.width_cm, item.height_cm)
    known = [side for side in sides if side is not None]
    # Rounded, since 75.4 + 72.7 + 61.9 is a hair over 210 in binary.
    if max(known, default=0) > rules.param("F4", "longest_side"):
        return True
    if round(sum(known), 6) > rules.param("F4", "total"):
        return True
    if item.weight_kg is not None and item.weight_kg > rules.param("F4", "weight"):
        return True
    if len(known) == len(sides) and item.weight_kg is not None:
        return False
    return item.oversize

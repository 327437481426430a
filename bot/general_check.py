"""A decision without an order, from the buyer's answers alone: in the chat and on the help page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.desk.time_zones import zone_of
from bot.policy.decide import decide
from bot.policy.decision import Decision
from bot.policy.facts import Facts, ShipmentStatus
from bot.settings import Settings
from bot.shop import shop_clauses


def today_in(country: str | None, settings: Settings) -> date:
    """The calendar day in a country; in the shop's time zone where the country isn't known.

    Args:
        country: ISO 3166-1 alpha-2 code.
        settings: for the clock and the shop's time zone.
    """
    zone = zone_of(country or "", None, settings.shop_time_zone)
    return settings.clock().astimezone(zone).date()


def decide_in_general(
    reason: str | None, answers: Mapping[str, Any], settings: Settings
) -> Decision:
    """What the policy says to an item as its buyer describes it.

    Args:
        reason: why; None when unknown.
        answers: fact path to value, such as "order.country"; dates as ISO strings.
        settings: for the clock and what the shop tells its buyers.

    Raises:
        pydantic.ValidationError: when one answer contradicts another.
    """
    given: dict[str, Any] = {"reason": reason, "order": {}, "item": {}, "condition": {}}
    for path, value in answers.items():
        part, field = path.split(".")
        given[part][field] = value
    if "delivered_on" in given["order"]:
        given["order"].setdefault("shipment", ShipmentStatus.DELIVERED)
    today = today_in(given["order"].get("country"), settings)
    return decide(Facts(**given), shop_clauses(settings), today)

"""The buyer's rights by law in a decision: which routes they are, and for whom they hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from actions.facts import UNKNOWN
from actions.resources import get_clauses
from actions.talk import Talk
from bot import general_check
from bot.desk import ItemView, OrderView
from bot.policy.decide import decide
from bot.policy.decision import Decision, Route, RouteId
from bot.policy.facts import FAULTS, Facts, Reason, ShipmentStatus
from bot.settings import get_settings

GENERAL = "general"
"""Instead of a country or a reason: "just in general"."""
WITHDRAWAL = frozenset({RouteId.EU_WITHDRAWAL, RouteId.BR_REGRET})
CONFORMITY = frozenset({RouteId.EU_CONFORMITY, RouteId.BR_WARRANTY})
_OF_ELSEWHERE = "other_country"


def law_routes(decision: Decision, reason: Reason) -> list[Route]:
    """The rights by law of the delivery country, the one for this reason first.

    Args:
        decision: what the policy says.
        reason: why; a fault has another right than a change of mind.

    Returns:
        None for a country whose law the clauses don't hold.
    """
    kinds = (CONFORMITY, WITHDRAWAL) if reason in FAULTS else (WITHDRAWAL,)
    return [
        route
        for kind in kinds
        for route in decision.routes
        if route.id in kind and not any(f.code == _OF_ELSEWHERE for f in route.findings)
    ]


def area_of_order(order: OrderView) -> str | None:
    """Whose statutory rights hold for an order; None where the clauses hold none."""
    return get_clauses().in_force(order.placed_on).area(order.country, order.postal_code)


def is_received(order: OrderView) -> bool:
    """Whether the carrier has delivered it, or one of several parcels."""
    return any(has_arrived(item) for item in order.items)


def has_arrived(item: ItemView) -> bool:
    """Whether the carrier has delivered the item's parcel."""
    return item.shipment.status is ShipmentStatus.DELIVERED


def meant_items(talk: Talk, order: OrderView) -> list[ItemView]:
    """The chosen items of an order, else all of them."""
    chosen = [item for item in order.items if str(item.id) in (talk.get("items") or ())]
    return chosen or list(order.items)


def today_in(country: str | None) -> date:
    """The calendar day in a country, for questions without an order."""
    return general_check.today_in(country, get_settings())


def decide_without_order(
    country: str, reason: Reason | None, received: str | None, **item: Any
) -> Decision:
    """What the policy says to a question without an order.

    Args:
        country: ISO code.
        reason: why; None when unknown.
        received: the day of receipt in ISO form, `UNKNOWN` or None.
        **item: what is known of the item, such as `durable`.
    """
    day = None if received in (None, UNKNOWN) else received
    order: dict[str, Any] = {"country": country}
    if day:
        # The contract is no later than the receipt; its law is the one that counts.
        order |= {"delivered_on": day, "placed_on": day, "shipment": ShipmentStatus.DELIVERED}
    elif reason in FAULTS:
        order["shipment"] = ShipmentStatus.DELIVERED
    try:
        facts = Facts(order=order, item=item, reason=reason)
    except ValidationError:
        facts = Facts(order={"country": country}, reason=reason)
    return decide(facts, get_clauses(), today_in(country))

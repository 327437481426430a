"""What the policy says is right for a buyer, worked out beside the assistant and its desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from bot.policy import Clauses, Decision, RouteId, Status, decide, load_clauses, parse_facts
from tests.simulator.persona import CANCEL, CHECK_GENERAL, FILE, NOT_ARRIVED, SELLER, Persona
from tests.simulator.shop import TODAY

_CONDITION = (
    "used",
    "damaged_by_buyer",
    "seals_removed",
    "packaging_kept",
    "complete",
    "media_unwrapped",
    "discovered_on",
)
_ITEM = (
    "category",
    "traits",
    "durable",
    "free_return_label",
    "length_cm",
    "width_cm",
    "height_cm",
    "weight_kg",
)
_MEASURES = ("length_cm", "width_cm", "height_cm", "weight_kg")
_ORDER = ("placed_on", "delivered_on", "guaranteed_by", "protection_ends_on")
_PLACE = ("country", "region", "postal_code")


@dataclass(frozen=True)
class Outcome:
    """What the database must have afterwards for the buyer's order, and nothing else.

    Attributes:
        requests: route, reason, item, quantity, refund method and pieces standing of each new
            request, oldest first.
        cancelled: whether the order must be cancelled.
        hand_offs: tickets for a person.
        seller_messages: messages for the seller.
        withdrawals: statements of withdrawal; each opens its request.
    """

    requests: tuple[dict[str, Any], ...] = ()
    cancelled: bool = False
    hand_offs: int = 0
    seller_messages: int = 0
    withdrawals: int = 0


@lru_cache
def clauses() -> Clauses:
    """The program's clauses."""
    return load_clauses()


def decision(persona: Persona, asked: Collection[str] | None = None) -> Decision:
    """The decision on what is true of the buyer's case.

    Args:
        persona: the buyer.
        asked: names of the facts that the buyer was asked for, where the others don't count;
            a way that a person decides on is closed by a state that nobody asked for.
    """
    known = _without_order(persona) if persona.need == CHECK_GENERAL else facts(persona)
    if asked is not None:
        known["condition"] = {n: v for n, v in known["condition"].items() if n in asked}
        if persona.need == CHECK_GENERAL:
            told = {*asked, "country", "category", "shipment"}
            known |= {
                part: {n: v for n, v in known[part].items() if n in told}
                for part in ("order", "item")
            }
    return decide(parse_facts(known), clauses(), TODAY)


def open_routes(persona: Persona) -> list[RouteId]:
    """The ways that are open, best first."""
    return [r.id for r in decision(persona).routes if r.status is Status.OPEN]


def chosen_route(persona: Persona) -> RouteId | None:
    """The way that the buyer takes; None when there is none."""
    routes = open_routes(persona)
    return routes[min(persona.prefers, len(routes) - 1)] if routes else None


def is_done_already(persona: Persona) -> bool:
    """Whether the item stands in a return already, or the order was never paid."""
    returned = persona.item["reference"] in persona.parcel.returned()
    return returned or not persona.parcel.record.get("paid", True)


def needs_person(persona: Persona) -> bool:
    """Whether the carrier says delivered and the buyer has nothing: a person's turn (P3)."""
    delivered = persona.parcel.shipment["status"] == "delivered"
    return delivered and persona.need == FILE and persona.reason == NOT_ARRIVED


def can_be_cancelled(persona: Persona) -> bool:
    """Whether the order can be cancelled (S1)."""
    known = facts(persona) | {"reason": "change_of_mind"}
    found = decide(parse_facts(known), clauses(), TODAY).route(RouteId.CANCELLATION)
    return found.status is Status.OPEN


def outcome(persona: Persona, hand_offs: int) -> Outcome:
    """What must be in the database.

    Args:
        persona: the buyer.
        hand_offs: how often the buyer asked for a person; one ticket comes of it at most.
    """
    tickets = min(hand_offs, 1)
    if persona.need == CANCEL:
        wants = not persona.has("declines_summary")
        return Outcome(cancelled=wants and can_be_cancelled(persona), hand_offs=tickets)
    if persona.need == SELLER:
        wants = not persona.has("declines_summary")
        return Outcome(seller_messages=int(wants), hand_offs=tickets)
    route = chosen_route(persona)
    declined = persona.has("declines_summary") or persona.has("declines_way")
    closed = route is None or needs_person(persona) or is_done_already(persona)
    if persona.need != FILE or closed or declined:
        return Outcome(hand_offs=tickets)
    if route is RouteId.CANCELLATION:
        return Outcome(cancelled=True, hand_offs=tickets)
    quantities = [persona.quantity, pieces_left(persona)][: 1 + files_rest(persona)]
    ordered = int(persona.item.get("quantity", 1))
    # The one that leaves nothing over is a statement, where the way is a withdrawal.
    states = [is_right(route) and so_far == ordered for so_far in accumulate(quantities)]
    requests = (_request(persona, route, *one) for one in zip(quantities, states, strict=True))
    return Outcome(requests=tuple(requests), hand_offs=tickets, withdrawals=sum(states))


def pieces_left(persona: Persona) -> int:
    """How many pieces stand in no request once the buyer has filed what they came with."""
    return int(persona.item.get("quantity", 1)) - persona.quantity


def files_rest(persona: Persona) -> bool:
    """Whether the pieces left are filed too.

    Not by Free Return: what its second request needs depends on the labels that the first one took.
    """
    return persona.files_rest and chosen_route(persona) is not RouteId.FREE_RETURN


def is_right(route: RouteId) -> bool:
    """Whether the way is a withdrawal by law: with all pieces that are left it is a statement."""
    return route in (RouteId.EU_WITHDRAWAL, RouteId.BR_REGRET)


def _request(persona: Persona, route: RouteId, quantity: int, by_statement: bool) -> dict[str, Any]:
    method = refund_method(persona, route)
    return {
        "route": route.value,
        "reason": "change_of_mind" if by_statement else persona.reason,
        "item": persona.item["title"],
        "quantity": quantity,
        "refund_method": "original_payment" if by_statement else method,
        "standing": quantity,
    }


def refund_method(persona: Persona, route: RouteId) -> str:
    """How the money comes back; ways that repair or replace don't ask."""
    remedy = clauses().in_force(TODAY).texts.routes[route].remedy
    return persona.refund if "refund" in remedy else "original_payment"


def facts(persona: Persona) -> dict[str, Any]:
    """The facts: what the shop has on record, and where it has nothing, the buyer's word."""
    record, truth = persona.parcel.record, persona.truth
    order = {name: truth[name] for name in _ORDER}
    if record["shipment"]["status"] in ("in_transit", "not_shipped", "lost"):
        order["delivered_on"] = None
    order |= {name: record["address"].get(name) for name in _PLACE}
    order |= {"paid": record.get("paid", True), "shipment": record["shipment"]["status"]}
    item = {name: persona.item.get(name) for name in _ITEM}
    item["free_return_label"] = bool(item["free_return_label"])
    if item["durable"] is None and _category_is_silent(persona):
        item["durable"] = truth["durable"]
    if not all(persona.item.get(name) for name in _MEASURES):
        item["oversize"] = truth["oversize"]
    return {
        "order": _known(order),
        "item": _known(item),
        "condition": _known({name: truth[name] for name in _CONDITION}),
        "reason": persona.reason,
        "labels_used_this_month": persona.parcel.labels_used(),
    }


def _without_order(persona: Persona) -> dict[str, Any]:
    """The facts as a buyer tells them who names no order."""
    truth = persona.truth
    order = {name: truth[name] for name in (*_PLACE, "shipment", *_ORDER)}
    if truth["shipment"] != "delivered":
        order["delivered_on"] = None
    item = {name: truth[name] for name in ("category", "free_return_label", "oversize")}
    if _category_is_silent(persona):
        item["durable"] = truth["durable"]
    return {
        "order": _known(order),
        "item": _known(item),
        "condition": _known({name: truth[name] for name in _CONDITION}),
        "reason": persona.reason,
    }


def _category_is_silent(persona: Persona) -> bool:
    """Whether the category doesn't tell if the item lasts, so that the buyer is asked."""
    category = clauses().in_force(TODAY).categories.get(persona.item.get("category") or "")
    return category is None or category.durable is None


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

"""What the assistant must have told a buyer who came for an answer, worked out from the facts."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from bot.policy import RouteId, Status, decide, parse_facts
from bot.policy.wording import long_date
from tests.simulator import expected
from tests.simulator.persona import (
    CHECK,
    CHECK_GENERAL,
    FREE_RETURN,
    RIGHTS,
    TRACK_ORDER,
    TRACK_REQUEST,
    Persona,
)
from tests.simulator.shop import TODAY

if TYPE_CHECKING:
    from tests.simulator.buyer import Reply


EU_STATES = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()  # noqa: SIM905
)


def told_wrong(persona: Persona, reply: Reply, asked: Collection[str]) -> str | None:
    """How an answer differs from what the facts say; None when it doesn't.

    Args:
        persona: the buyer.
        reply: what answered the need.
        asked: what the buyer was asked for before.
    """
    checks = {
        TRACK_ORDER: _parcel,
        TRACK_REQUEST: _requests,
        FREE_RETURN: _free_return,
    }
    if persona.need in (CHECK, CHECK_GENERAL):
        return _decision(persona, reply, asked)
    if persona.need == RIGHTS:
        return _rights(persona, reply, asked)
    check = checks.get(persona.need)
    return check(persona, reply) if check else None


def _decision(persona: Persona, reply: Reply, asked: Collection[str]) -> str | None:
    """Compares every way on the decision's card with the policy's."""
    cards = [m["card"] for m in reply.messages if m.get("card", {}).get("type") == "decision"]
    if not cards:
        return None
    locale = expected.clauses().in_force(TODAY).texts.locale
    decision = expected.decision(persona, asked)
    for shown in cards[-1]["routes"]:
        route = decision.route(RouteId(shown["id"]))
        last_day = long_date(route.last_day, locale) if route.last_day else None
        if (shown["status"], shown["last_day"]) != (route.status.value, last_day):
            return (
                f"{shown['id']} is told as {shown['status']} until {shown['last_day']}; "
                f"the policy says {route.status.value} until {last_day}"
            )
    shown_ids = {shown["id"] for shown in cards[-1]["routes"]}
    hidden = {route.value for route in expected.open_routes(persona)} - shown_ids
    return f"open, but not told: {sorted(hidden)}" if hidden else None


def _parcel(persona: Persona, reply: Reply) -> str | None:
    shipment, guaranteed_by = persona.parcel.shipment, persona.truth["guaranteed_by"]
    state = shipment["status"]
    if not persona.parcel.record.get("paid", True):
        state = "unpaid"
    elif state == "delivered" and not shipment.get("delivered_on"):
        state = "delivered_undated"
    elif state in ("not_shipped", "in_transit") and guaranteed_by is None:
        state += "_undated"
    elif state in ("not_shipped", "in_transit") and guaranteed_by < TODAY.isoformat():
        state += "_late"
    wanted = f"utter_shipment_{state}"
    return None if wanted in reply.said else f"{wanted} isn't said, but {reply.said}"


def _requests(persona: Persona, reply: Reply) -> str | None:
    wanted = len(persona.parcel.record.get("past_returns", []))
    ended = [m["text"] for m in reply.messages if m.get("response") == "utter_tracking_ended"]
    told = reply.said.count("utter_tracking_request")
    # Those that are closed stand in one message, a line each below the first.
    told += sum(len(text.splitlines()) - 1 for text in ended)
    return None if told == wanted else f"{told} requests told of {wanted}"


def _rights(persona: Persona, reply: Reply, asked: Collection[str]) -> str | None:
    """A parcel that isn't there yet has an answer of its own; else the law in short is told."""
    country = persona.truth["country"]
    area, clause = "other", None
    if country in EU_STATES:
        area, clause = "eu", "EU-2011/83-9(1)"
    elif country == "BR":
        area, clause = "br", "BR-CDC-49"
    knows_order = "rights_country" not in asked
    waits = knows_order and persona.parcel.shipment["status"] != "delivered"
    wanted = "utter_rights_told" if clause and waits else f"utter_rights_{area}"
    if wanted not in reply.said:
        return f"{wanted} isn't said, but {reply.said}"
    cited = {c["id"] for message in reply.messages for c in message.get("citations", [])}
    return None if clause is None or clause in cited else f"{clause} isn't cited, but {cited}"


def _free_return(persona: Persona, reply: Reply) -> str | None:
    """Compares the mark before the item with the policy's word on Free Return."""
    if "utter_free_return_checked" not in reply.said:
        return None
    title = persona.item["title"]
    line = next((ln for ln in reply.text.splitlines() if f" {title}: " in ln), None)
    if line is None:
        return f"nothing is told of {title}"
    mark = _free_return_mark(persona)
    return None if line[0] in mark else f"{line!r}, but it should be one of {mark!r}"


def _free_return_mark(persona: Persona) -> str:
    if persona.item["reference"] in persona.parcel.returned():
        return "–"
    facts = expected.facts(persona) | {"reason": "change_of_mind", "condition": {}}
    facts["item"].pop("oversize", None)
    if persona.parcel.shipment.get("delivered_on") is None:
        facts["order"].pop("delivered_on", None)
    route = decide(parse_facts(facts), expected.clauses(), TODAY).route(RouteId.FREE_RETURN)
    if route.status is Status.CLOSED:
        return "✗○"
    if route.status is Status.ASK_SUPPORT:
        return "?"
    only_condition = all(path.startswith("condition.") for path in route.missing)
    return "✓" if only_condition else "?"

"""Tells a buyer's rights by law, as the program's page states them (S5 to S10)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rasa_sdk.events import EventType, FollowupAction

from actions.case import decide_item
from actions.identify import known_order
from actions.outcomes import SAID_ALREADY
from actions.resources import get_clauses, today
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.what_if import CHECK_AGAIN
from actions.withdraw_button import withdraw_button_of
from actions.wording import citations, route_name, told_routes
from bot.desk import ItemView, OrderView
from bot.policy import rulebook
from bot.policy.decision import Route, RouteId, Status
from bot.policy.facts import Reason
from bot.words import say

EU = "EU"
"""Any country of the European Union."""
_RESPONSES: dict[str | None, str] = {
    rulebook.EU: "utter_rights_eu",
    rulebook.BRAZIL: "utter_rights_br",
}
_CLAUSES = {
    "utter_rights_eu": ("S6", "S7", "P2"),
    "utter_rights_br": ("S9", "S8", "S10", "P2"),
    "utter_rights_other": ("S5", "P2"),
}
CHANGE_OF_MIND = Reason.CHANGE_OF_MIND
FAULT = Reason.STOPPED_WORKING
FAULTS = frozenset({RouteId.EU_CONFORMITY, RouteId.BR_WARRANTY})
"""Ways for a fault; the other legal ones are for a change of mind."""
_NOT_BY_LAW = frozenset({RouteId.CANCELLATION})
"""Has a dialogue of its own."""


class ActionTellRights(SafeAction):
    """Says the rights of one country with their citations."""

    action_name = "action_tell_rights"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the country's rights and, for an order that went there, their last days."""
        country, outcome = talk.get("rights_country"), talk.get("outcome")
        talk.clear("rights_country", "outcome", "misses")
        if outcome == CHECK_AGAIN:
            return [FollowupAction("check_form")]
        if outcome in SAID_ALREADY or not country:
            return []
        tell_rights(talk, country, known_order(talk))
        return []


def tell_rights(talk: Talk, country: str, order: OrderView | None = None) -> None:
    """Says the rights of a country.

    Args:
        talk: the turn.
        country: ISO code, or "EU" for any of its countries.
        order: an order whose last days are told too, when it went to that country.
    """
    rules = get_clauses().in_force(today())
    area = rulebook.EU if country == EU else rules.area(country)
    response = _RESPONSES.get(area, "utter_rights_other")
    talk.say(response, custom={"citations": list(_CLAUSES[response])})
    if order is not None and order.country == country:
        tell_last_days(talk, order, (CHANGE_OF_MIND, FAULT))


def tell_last_days(talk: Talk, order: OrderView, reasons: tuple[Reason, ...]) -> bool:
    """Says the last days of the legal ways for each item of an order.

    Args:
        talk: the turn.
        order: a verified order.
        reasons: what to tell them for; a change of mind and a fault have different ways.

    Returns:
        Whether the page names a way for the order's country.
    """
    routes = {item: list(_by_law(talk, order, item, reasons)) for item in _meant(talk, order)}
    lines = []
    for item, found in routes.items():
        lines += [say("utter_rights_item", item=item.title)] if found else []
        for route in found:
            lines.append(say("utter_rights_route", route=route_name(route.id), why=_why(route)))
    if lines:
        custom = {"citations": citations(route for found in routes.values() for route in found)}
        answer = "\n".join(lines)
        buttons = withdraw_button_of(route for found in routes.values() for route in found)
        talk.say(
            "utter_rights_order",
            buttons=buttons,
            custom=custom,
            order_number=order.number,
            rights=answer,
        )
    return bool(lines)


def _meant(talk: Talk, order: OrderView) -> list[ItemView]:
    chosen = [item for item in order.items if str(item.id) in (talk.get("items") or ())]
    return chosen or list(order.items)


def _by_law(
    talk: Talk, order: OrderView, item: ItemView, reasons: Iterable[Reason]
) -> Iterator[Route]:
    """The legal ways that the policy tells for these reasons."""
    texts = get_clauses().texts.routes
    for reason in reasons:
        for route in told_routes(decide_item(talk, order, item, reason)):
            is_by_law = texts[route.id].statutory and route.id not in _NOT_BY_LAW
            if is_by_law and route.findings and (route.id in FAULTS) is (reason is FAULT):
                yield route


def _why(route: Route) -> str:
    many = 1 if route.status is Status.CLOSED else 2
    return " ".join(f"{finding.text} ({finding.clause})" for finding in route.findings[:many])

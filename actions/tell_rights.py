"""Tells a country's rights by law in short, and an order's last days (S5 to S10, P2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from actions.case import decide_item
from actions.law import CONFORMITY, GENERAL, meant_items
from actions.resources import get_clauses, today
from actions.talk import Talk
from actions.wording import citations, route_name, told_routes
from bot.desk import ItemView, OrderView
from bot.policy import rulebook
from bot.policy.decision import Route, RouteId, Status
from bot.policy.facts import OrderFacts, Reason
from bot.policy.notes import local_law
from bot.words import say

EU, OTHER = "EU", "other"
"""Any country of the European Union; any country that isn't named."""
_RESPONSES: dict[str | None, str] = {
    rulebook.EU: "utter_rights_eu",
    rulebook.BRAZIL: "utter_rights_br",
}
_CLAUSES = {
    "utter_rights_eu": ("EU-2011/83-9(1)", "EU-2011/83-14(1)", "EU-2019/771-10(1)", "S6", "S7"),
    "utter_rights_br": ("BR-CDC-49", "BR-CDC-26-I", "BR-CDC-26-II", "S8", "S9", "S10"),
    "utter_rights_general": ("EU-2011/83-9(1)", "EU-2019/771-10(1)", "BR-CDC-49", "BR-CDC-26"),
}
CHANGE_OF_MIND = Reason.CHANGE_OF_MIND
FAULT = Reason.STOPPED_WORKING
_NOT_BY_LAW = frozenset({RouteId.CANCELLATION})
"""Has a dialogue of its own."""


def tell_rights(talk: Talk, country: str, order: OrderView | None = None) -> None:
    """Says the rights of a country in short.

    Args:
        talk: the turn.
        country: ISO code, "EU" for any of its countries, or `GENERAL`.
        order: an order whose last days are told too, when it went to that country.
    """
    area = law_of(country)
    if country == GENERAL:
        _say_short(talk, "utter_rights_general")
    elif area is None:
        say_elsewhere(talk, country)
    else:
        _say_short(talk, _RESPONSES[area])
    if area or country == GENERAL:
        tell_no_advice(talk)
    if order is not None and order.country == country:
        tell_last_days(talk, order, (CHANGE_OF_MIND, FAULT))


def tell_no_advice(talk: Talk) -> None:
    """Says once in a conversation that this is information and no legal advice."""
    if not talk.get("no_advice_said"):
        talk.say("utter_no_legal_advice")
        talk.set("no_advice_said", True)


def tell_last_days(talk: Talk, order: OrderView, reasons: tuple[Reason, ...]) -> bool:
    """Says the last days of the legal ways for each item of an order.

    Args:
        talk: the turn.
        order: a verified order.
        reasons: what to tell them for; a change of mind and a fault have different ways.

    Returns:
        Whether the page names a way for the order's country.
    """
    routes = {item: list(_by_law(talk, order, item, reasons)) for item in meant_items(talk, order)}
    lines = []
    for item, found in routes.items():
        lines += [say("utter_rights_item", item=item.title)] if found else []
        for route in found:
            lines.append(say("utter_rights_route", route=route_name(route.id), why=_why(route)))
    if lines:
        custom = {"citations": citations(route for found in routes.values() for route in found)}
        text = "\n".join(lines)
        talk.say("utter_rights_order", custom=custom, order_number=order.number, rights=text)
    return bool(lines)


def _say_short(talk: Talk, response: str) -> None:
    talk.say(response, custom={"citations": [*_CLAUSES[response], "P2"]})


def say_elsewhere(talk: Talk, country: str, postal_code: str | None = None) -> None:
    """Says what S5 holds for a country whose law the page doesn't tell."""
    rules = get_clauses().in_force(today())
    place = OrderFacts(country=country if country != OTHER else "ZZ", postal_code=postal_code)
    law = rules.say("S5", local_law(rules, place))
    talk.say("utter_rights_other", law=law.text, custom={"citations": ["S5", "P1", "P2"]})


def law_of(country: str) -> str | None:
    """Whose statutory rights hold in a country, or in the EU; None where the clauses hold none."""
    return rulebook.EU if country == EU else get_clauses().in_force(today()).area(country)


def _by_law(
    talk: Talk, order: OrderView, item: ItemView, reasons: Iterable[Reason]
) -> Iterator[Route]:
    """The legal ways that the policy tells for these reasons."""
    texts = get_clauses().texts.routes
    for reason in reasons:
        for route in told_routes(decide_item(talk, order, item, reason)):
            is_by_law = texts[route.id].statutory and route.id not in _NOT_BY_LAW
            if is_by_law and route.findings and (route.id in CONFORMITY) is (reason is FAULT):
                yield route


def _why(route: Route) -> str:
    many = 1 if route.status is Status.CLOSED else 2
    return " ".join(f"{finding.text} ({finding.clause})" for finding in route.findings[:many])

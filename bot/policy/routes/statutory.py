"""What the routes by law have in common: the country, the receipt and the fault."""

from __future__ import annotations

from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.receipt import IN_HANDS, Receipt, is_unrecorded, receipt
from bot.policy.rulebook import BR_SCOPE, BRAZIL, EU, EU_STATES, EU_TERRITORIES

_SCOPE = {EU: EU_STATES, BRAZIL: BR_SCOPE}


def is_elsewhere(route: RouteBuilder, area: str) -> bool:
    """Closes a route for deliveries outside its area, or asks for the country.

    Args:
        route: the route.
        area: `EU` or `BRAZIL`.

    Returns:
        Whether the country closed it, so that nothing else about it matters.
    """
    order = route.facts.order
    if order.country is None:
        route.need("order.country")
    elif route.rules.area(order.country, order.postal_code) != area:
        route.close(_SCOPE[area], "other_country")
        route.change(_SCOPE[area], "this_country")
    elif area == EU and route.rules.is_territory(order.country):
        route.cite(EU_TERRITORIES)
    return route.is_closed


def waits_for_receipt(route: RouteBuilder, clause: str) -> bool:
    """Whether a change-of-mind period has no start yet; says so, or asks for the day.

    Args:
        route: the route; any reason will do.
        clause: clause with the sentence before_delivery.
    """
    facts = route.facts
    if facts.order.delivered_on is not None:
        return False
    if receipt(facts) is Receipt.NOT_RECEIVED or is_unrecorded(facts):
        route.note(clause, "before_delivery")
    else:
        route.need("order.delivered_on")
    return True


def is_for_this_fault(route: RouteBuilder, clause: str) -> bool:
    """Whether a warranty's period can be counted; closes the route, asks or says otherwise.

    Args:
        route: the route.
        clause: clause with the sentences for reasons and receipts that don't fit.
    """
    reason = route.facts.reason
    if reason is None:
        route.need("reason")
    elif reason is Reason.NOT_ARRIVED:
        route.close(clause, "not_received")
        route.change(clause, "once_received")
        return False
    elif reason not in IN_HANDS:
        route.close(clause, "not_a_fault")
        route.change(clause, "a_fault")
        return False
    else:
        route.evidence = route.rules.texts.reasons[reason].evidence
    if is_unrecorded(route.facts):
        route.support(clause, "not_recorded")
        return False
    if route.facts.order.delivered_on is None:
        if reason is not None:
            route.need("order.delivered_on")
        return False
    return True

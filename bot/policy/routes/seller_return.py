"""A return to the seller for a change of mind, at the buyer's cost (H3, H1)."""

from __future__ import annotations

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.exceptions import ITEM_EXCEPTIONS, exclude_by_condition, exclude_by_trait
from bot.policy.routes.receipt import Receipt, receipt


def seller_return(route: RouteBuilder) -> None:
    """Decides a return agreed with the seller.

    Args:
        route: the route to fill.
    """
    route.paid_by = PaidBy.BUYER
    route.cite("H3", "H1", "H2", "H4")
    reason = route.facts.reason
    if reason is not None and reason is not Reason.CHANGE_OF_MIND:
        route.close("H3", "other_reason")
        route.close("H1", "talk_first")
        route.change("H3", "change_of_mind")
        return
    _check_receipt(route)
    _check_period(route)
    exclude_by_trait(route, ITEM_EXCEPTIONS)
    if reason is None:
        route.need("reason")
    else:
        exclude_by_condition(route)
        route.note("H3", "buyer_pays")
    route.note("H1", "talk_first")


def _check_receipt(route: RouteBuilder) -> None:
    received = receipt(route.facts)
    if received is Receipt.UNKNOWN:
        route.need("order.delivered_on")
    elif received is Receipt.NOT_RECEIVED:
        route.close("H3", "not_received")
        route.change("H3", "once_received")


def _check_period(route: RouteBuilder) -> None:
    ends_on = route.facts.order.protection_ends_on
    route.last_day = ends_on
    if ends_on is not None and route.asked_on > ends_on:
        route.close("P1", "period_over", last_day=ends_on)
        route.change("P1", "sooner", last_day=ends_on)

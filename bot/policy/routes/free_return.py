"""Free Return: labelled items, 15 days, a pre-paid label (F)."""

from __future__ import annotations

from bot.policy.decision import PaidBy
from bot.policy.facts import Reason
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.exceptions import FREE_RETURN_EXCEPTIONS, check, exclude_by_trait
from bot.policy.routes.location import check_location
from bot.policy.routes.parcel import check_size
from bot.policy.routes.receipt import Receipt, apply_deadline, is_unrecorded, later, receipt

_FAULTY = frozenset({Reason.ARRIVED_DAMAGED, Reason.SHORTAGE, Reason.STOPPED_WORKING})


def free_return(route: RouteBuilder) -> None:
    """Decides Free Return.

    Args:
        route: the route to fill.
    """
    route.paid_by = PaidBy.PLATFORM
    route.cite("F1", "F2", "F8", "F10", "F13", "F14")
    _check_label(route)
    if route.facts.reason is Reason.NOT_ARRIVED:
        route.close("F1", "not_arrived")
        route.change("F1", "once_received")
        return
    _check_days(route)
    exclude_by_trait(route, FREE_RETURN_EXCEPTIONS)
    check_location(route)
    check_size(route)
    _check_quota(route)
    if route.facts.reason is None:
        route.need("reason")
    else:
        _check_condition(route)
    route.note("F8", "rule")
    route.note("F14", "rule")


def _check_label(route: RouteBuilder) -> None:
    label = route.facts.item.free_return_label
    check(route, "item.free_return_label", label, False, ("F1", "no_label"), ("F1", "with_label"))


def _check_days(route: RouteBuilder) -> None:
    delivered_on = route.facts.order.delivered_on
    if delivered_on is not None:
        days = route.rules.param("F1", "days")
        apply_deadline(route, "F1", later(delivered_on, days=days))
    elif is_unrecorded(route.facts):
        route.support("F1", "not_recorded")
    elif receipt(route.facts) is not Receipt.NOT_RECEIVED:
        route.need("order.delivered_on")
    elif route.facts.reason is not None:
        route.close("F1", "not_received")
        route.change("F1", "once_received")


def _check_quota(route: RouteBuilder) -> None:
    if not route.rules.has("F10"):
        return
    used = route.facts.labels_used_this_month
    left = route.rules.param("F10", "labels_per_month") - used
    if left > 0:
        route.note("F10", "labels_left", left=left)
        return
    route.close("F10", "none_left", used=used)
    next_month = later(route.asked_on, months=1).replace(day=1)
    route.change("F10", "next_month", from_day=next_month)


def _check_condition(route: RouteBuilder) -> None:
    condition = route.facts.condition
    if route.facts.reason in _FAULTY:
        route.support("F2", "came_that_way")
    route.cite("F9.1")
    change = ("F2", "as_it_came")
    for path, value, bad, code in (
        ("condition.used", condition.used, True, "used"),
        ("condition.damaged_by_buyer", condition.damaged_by_buyer, True, "damaged_by_buyer"),
        ("condition.seals_removed", condition.seals_removed, True, "seals_removed"),
        ("condition.packaging_kept", condition.packaging_kept, False, "packaging_gone"),
    ):
        check(route, path, value, bad, ("F2", code), change)
        if value is bad:
            route.change("F9.1", "rule")
    if route.rules.has("F9.1"):
        complete = condition.complete
        path = "condition.complete"
        check(route, path, complete, False, ("F9.1", "incomplete"), ("F9.1", "complete"))

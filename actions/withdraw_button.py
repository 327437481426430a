"""The button "Withdraw from contract here", wherever a contract in its period is talked about.

Source: Directive 2011/83/EU art. 11a asks for it all through the period.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.policy.decision import Decision, Route, RouteId, Status
from bot.words import label

RIGHTS = frozenset({RouteId.EU_WITHDRAWAL, RouteId.BR_REGRET})


def withdraw_button(decisions: Iterable[Decision]) -> list[dict[str, str]]:
    """The button when some item is in its period, else none.

    Args:
        decisions: one per item.
    """
    return withdraw_button_of(route for decision in decisions for route in decision.routes)


def withdraw_button_of(routes: Iterable[Route]) -> list[dict[str, str]]:
    """As `withdraw_button`, from the routes themselves."""
    if any(route.id in RIGHTS and route.status is not Status.CLOSED for route in routes):
        return [{"title": label("intent", "withdraw_contract"), "payload": "/withdraw_contract"}]
    return []

"""The decision: every route, open or closed, best first for the buyer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.policy.clauses_by_day import Clauses
from bot.policy.decision import Decision, PaidBy, Route, RouteId, Status
from bot.policy.facts import Facts
from bot.policy.notes import flags, notes
from bot.policy.routes.brazil import br_regret, br_warranty
from bot.policy.routes.builder import RouteBuilder
from bot.policy.routes.buyer_protection import buyer_protection
from bot.policy.routes.cancellation import cancellation
from bot.policy.routes.eu_conformity import eu_conformity
from bot.policy.routes.eu_withdrawal import eu_withdrawal
from bot.policy.routes.free_return import free_return
from bot.policy.routes.seller_return import seller_return
from bot.policy.rulebook import Rulebook

_ROUTES: dict[RouteId, Callable[[RouteBuilder], None]] = {
    RouteId.BUYER_PROTECTION: buyer_protection,
    RouteId.FREE_RETURN: free_return,
    RouteId.EU_WITHDRAWAL: eu_withdrawal,
    RouteId.EU_CONFORMITY: eu_conformity,
    RouteId.BR_REGRET: br_regret,
    RouteId.BR_WARRANTY: br_warranty,
    RouteId.CANCELLATION: cancellation,
    RouteId.SELLER_RETURN: seller_return,
}

_STATUS_RANK = {status: rank for rank, status in enumerate(Status)}

_COST_RANK = {
    PaidBy.NOTHING_TO_RETURN: 0,
    PaidBy.PLATFORM: 0,
    PaidBy.SELLER: 1,  # after what costs nothing in any case: the seller may have to be asked
    PaidBy.NOT_STATED: 1,
    PaidBy.BUYER: 2,
}


def decide(facts: Facts, clauses: Clauses, asked_on: date) -> Decision:
    """Says which ways a buyer has, from facts and clauses alone.

    Args:
        facts: the order, the item, its condition and the reason; None where unknown.
        clauses: all clauses; those in force on the order's day are applied, or on
            `asked_on` when that day is unknown.
        asked_on: day of the question, in the buyer's calendar.

    Returns:
        Every route once, with its clauses. The same arguments give the same decision.
    """
    contract_day = facts.order.placed_on or asked_on
    rules = clauses.in_force(contract_day)
    routes = [_route(id_, facts, rules, asked_on, contract_day) for id_ in _ROUTES]
    preference = {id_: rank for rank, id_ in enumerate(rules.texts.routes)}
    routes.sort(
        key=lambda r: (_STATUS_RANK[r.status], _COST_RANK[r.return_paid_by], preference[r.id])
    )
    wanted = {path for route in routes for path in route.missing}
    return Decision(
        asked_on=asked_on,
        routes=tuple(routes),
        notes=notes(facts, rules, routes, asked_on),
        flags=flags(facts, rules),
        missing=tuple(path for path in rules.texts.facts if path in wanted),
    )


def _route(
    id_: RouteId, facts: Facts, rules: Rulebook, asked_on: date, contract_day: date
) -> Route:
    builder = RouteBuilder(id_, facts, rules, asked_on)
    absent = [c for c in rules.texts.routes[id_].rests_on if not rules.has(c)]
    for clause in absent:
        builder.close_not_in_force(clause, contract_day)
    if not absent:
        _ROUTES[id_](builder)
    return builder.build()

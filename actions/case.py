"""What a buyer's case is so far: the order, the chosen items and their decisions."""

from __future__ import annotations

from dataclasses import dataclass

from actions.facts import PATHS, SLOTS, answers
from actions.identify import known_order
from actions.resources import get_desk
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import BadAnswer, ItemView, OrderView
from bot.policy.decision import Decision, Route, RouteId, Status

STORED_ONLY = frozenset({"order.country", "order.placed_on", "order.shipment", "item.category"})
"""Facts that the desk takes from no buyer; answers to them are for questions without an order."""


@dataclass(frozen=True)
class Case:
    """A verified order, the chosen items, and what the policy says to each.

    Attributes:
        order: the order.
        items: the chosen items.
        decisions: one per item.
    """

    order: OrderView
    items: tuple[ItemView, ...]
    decisions: tuple[Decision, ...]

    @property
    def title(self) -> str:
        """The chosen items' titles."""
        return words_list(item.title for item in self.items)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that some decision still lacks, in asking order."""
        return tuple(dict.fromkeys(path for d in self.decisions for path in d.missing))

    @property
    def open_routes(self) -> tuple[RouteId, ...]:
        """Routes open for every chosen item, in the first item's order."""
        first, *others = self.decisions
        return tuple(
            route.id
            for route in first.routes
            if route.status is Status.OPEN
            and all(other.route(route.id).status is Status.OPEN for other in others)
        )

    @property
    def any_open(self) -> bool:
        """Whether some item has an open route, be it another one than its neighbours'."""
        return any(decision.best for decision in self.decisions)

    def route(self, route_id: str) -> Route:
        """The first item's route with this id."""
        return self.decisions[0].route(RouteId(route_id))


def order_answers(talk: Talk) -> dict[str, object]:
    """The buyer's answers, without what the order itself brings."""
    return {path: v for path, v in answers(talk.slots).items() if path not in STORED_ONLY}


def current_case(talk: Talk) -> Case | None:
    """The case, once the order is verified and items and reason are known."""
    order = known_order(talk)
    if not order or not talk.get("items") or not talk.get("reason"):
        return None
    chosen = set(talk.get("items"))
    items = tuple(item for item in order.items if str(item.id) in chosen)
    if not items:
        return None
    return Case(order, items, tuple(_decide(talk, order, item) for item in items))


def _decide(talk: Talk, order: OrderView, item: ItemView) -> Decision:
    """Decides; an answer that the desk can't use is dropped, so that it is asked again."""
    for _ in PATHS:
        given = order_answers(talk)
        reason = talk.get("reason")
        asked = (order.number, item.id, reason, *sorted(given.items()))
        try:
            if asked not in talk.looked_up:
                talk.looked_up[asked] = get_desk().decide(
                    talk.conversation_id, order.number, item.id, reason, given
                )
            decision: Decision = talk.looked_up[asked]
            return decision
        except BadAnswer as error:
            if error.path not in SLOTS:
                raise
            talk.clear(SLOTS[error.path])
    raise RuntimeError("every answer was dropped and the desk still refuses one")

"""What a buyer's case is so far: the order, the chosen items and their decisions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from actions.cases import note, slots_of
from actions.facts import PATHS, SLOTS, answers
from actions.identify import known_order
from actions.resources import get_desk
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import BadAnswer, ItemView, OrderView
from bot.policy.decision import Decision, Route, RouteId, Status
from bot.policy.facts import Reason
from bot.words import say

STORED_ONLY = frozenset({"order.country", "order.placed_on", "order.shipment", "item.category"})
"""Facts that the desk takes from no buyer; answers to them are for questions without an order."""


@dataclass(frozen=True)
class Part:
    """One chosen item of a case.

    Attributes:
        item: the item.
        reason: why it is sent back or reported.
        quantity: how many pieces.
        answers: the buyer's answers, fact path to value.
        decision: what the policy says.
        route: the way that was chosen for it, or None.
        evidence: links; empty for "later"; None when not asked.
    """

    item: ItemView
    reason: str
    quantity: int
    answers: dict[str, Any]
    decision: Decision
    route: str | None
    evidence: tuple[str, ...] | None

    @property
    def id(self) -> str:
        """The item's id as slots hold it."""
        return str(self.item.id)

    @property
    def open_routes(self) -> tuple[RouteId, ...]:
        """Routes open for it, best first."""
        return tuple(r.id for r in self.decision.routes if r.status is Status.OPEN)

    @property
    def chosen(self) -> Route | None:
        """The route that was chosen, if it is open."""
        ids = {route.value for route in self.open_routes}
        return self.decision.route(RouteId(self.route)) if self.route in ids else None


@dataclass(frozen=True)
class Case:
    """A verified order, the chosen items, and what the policy says to each.

    Attributes:
        order: the order.
        parts: the chosen items, each with its own reason, answers and decision.
    """

    order: OrderView
    parts: tuple[Part, ...]

    @property
    def items(self) -> tuple[ItemView, ...]:
        """The chosen items."""
        return tuple(part.item for part in self.parts)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What was decided, one per item."""
        return tuple(part.decision for part in self.parts)

    @property
    def title(self) -> str:
        """The chosen items' names, with pieces where several were ordered."""
        return words_list(self.name_of(part) for part in self.parts)

    @property
    def names(self) -> str:
        """The chosen items' names."""
        return names_of(self.order, self.items)

    def name_of(self, part: Part) -> str:
        """An item's name, with the number of pieces when it isn't the only one."""
        name = names_of(self.order, (part.item,)) if len(self.parts) > 1 else part.item.title
        if part.item.quantity == 1:
            return name
        return say("utter_label_pieces", item=name, quantity=part.quantity, of=part.item.quantity)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that some decision still lacks, in asking order."""
        return tuple(dict.fromkeys(path for d in self.decisions for path in d.missing))

    @property
    def open_routes(self) -> tuple[RouteId, ...]:
        """Routes open for every chosen item, in the first item's order."""
        first, *others = self.parts
        return tuple(
            route for route in first.open_routes if all(route in o.open_routes for o in others)
        )

    @property
    def any_open(self) -> bool:
        """Whether some item has an open route, be it another one than its neighbours'."""
        return any(decision.best for decision in self.decisions)

    def route(self, route_id: str) -> Route:
        """The first item's route with this id."""
        return self.decisions[0].route(RouteId(route_id))

    def by_ways(self) -> tuple[Case, ...]:
        """The items in groups that have the same open routes; one question settles a group."""
        return self._grouped(lambda part: frozenset(part.open_routes))

    def requests(self) -> tuple[Case, ...]:
        """The items in groups that go the same chosen way; each becomes one request."""
        return self._grouped(lambda part: part.route)

    def _grouped(self, key: Callable[[Part], Hashable]) -> tuple[Case, ...]:
        groups: dict[Hashable, list[Part]] = {}
        for part in self.parts:
            groups.setdefault(key(part), []).append(part)
        return tuple(Case(self.order, tuple(parts)) for parts in groups.values())


def names_of(order: OrderView, items: Iterable[ItemView]) -> str:
    """Items of an order in few words: what stands before the comma, where that is enough."""
    short = [item.title.split(",")[0] for item in order.items]
    return words_list(
        item.title.split(",")[0] if short.count(item.title.split(",")[0]) == 1 else item.title
        for item in items
    )


def order_answers(slots: dict[str, Any]) -> dict[str, object]:
    """The buyer's answers, without what the order itself brings."""
    return {path: v for path, v in answers(slots).items() if path not in STORED_ONLY}


def answers_about(talk: Talk, order: OrderView, item: ItemView) -> dict[str, object]:
    """The buyer's answers about an item, in a filing and outside of one.

    While no item is in work, the plain slots can only be about an order's one item.
    """
    is_the_one = len(order.items) == 1 and not talk.get("item_in_work")
    return order_answers(talk.slots if is_the_one else slots_of(talk, str(item.id)))


def current_case(talk: Talk) -> Case | None:
    """The case, once the order is verified and items and reason are known."""
    order = known_order(talk)
    if not order or not talk.get("items"):
        return None
    chosen = (item for item in order.items if str(item.id) in talk.get("items"))
    parts = tuple(
        part_of(talk, order, item) for item in chosen if slots_of(talk, str(item.id)).get("reason")
    )
    return Case(order, parts) if parts else None


def part_of(talk: Talk, order: OrderView, item: ItemView) -> Part:
    """What is known and decided of an item whose reason is known."""
    slots = slots_of(talk, str(item.id))
    decision = decide_item(talk, order, item, slots["reason"])
    evidence = slots.get("evidence")
    return Part(
        item,
        slots["reason"],
        _pieces(item, slots.get("quantity")),
        order_answers(slots),
        decision,
        slots.get("route"),
        None if evidence is None else tuple(evidence),
    )


def _pieces(item: ItemView, said: int | None) -> int:
    """How many pieces it is about: as said, else all that are in no request yet."""
    left = item.pieces_left or item.quantity
    return min(said or left, left)


def request_in_hand(talk: Talk) -> Case | None:
    """The part of the case that is filed next: the first items that go one way."""
    case = current_case(talk)
    return case.requests()[0] if case else None


def ways_in_hand(talk: Talk) -> Case | None:
    """The items that the question for the way is about: those like the one in work."""
    case = current_case(talk)
    if case is None:
        return None
    groups = case.by_ways()
    mine = (g for g in groups if any(part.id == talk.get("item_in_work") for part in g.parts))
    return next(mine, groups[0])


def remember_told(talk: Talk, case: Case) -> None:
    """Keeps what was said of items whose answers are forgotten, for what is told of them later."""
    told = {
        part.id: {p: v for p, v in part.answers.items() if p.startswith("condition.")}
        for part in case.parts
    }
    known = (talk.get("told_of_items") or {}).get(case.order.number, {})
    talk.set("told_of_items", {case.order.number: known | told})


def decide_as_told(talk: Talk, order: OrderView, item: ItemView, reason: Reason) -> Decision:
    """As `decide_item`, with what was said of the item in a filing that ended in a no."""
    told = (talk.get("told_of_items") or {}).get(order.number, {}).get(str(item.id), {})
    given = told | order_answers(slots_of(talk, str(item.id)))
    if given.keys() == order_answers(slots_of(talk, str(item.id))).keys():
        return decide_item(talk, order, item, reason)
    try:
        return get_desk().decide(talk.conversation_id, order.number, item.id, reason, given)
    except BadAnswer:
        return decide_item(talk, order, item, reason)


def decide_item(talk: Talk, order: OrderView, item: ItemView, reason: Reason) -> Decision:
    """What the policy says to one item.

    Args:
        talk: the turn; an answer that the desk can't use is dropped, so that it is asked again.
        order: a verified order.
        item: one of its items.
        reason: why; may be another one than the buyer's, to tell what that would open.
    """
    for _ in PATHS:
        given = answers_about(talk, order, item)
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
            _drop_answer(talk, str(item.id), SLOTS[error.path])
    raise RuntimeError("every answer was dropped and the desk still refuses one")


def _drop_answer(talk: Talk, item_id: str, slot: str) -> None:
    if item_id in (talk.get("cases") or {}) and slot in talk.get("cases")[item_id]:
        note(talk, item_id, **{slot: None})
    else:
        talk.clear(slot)

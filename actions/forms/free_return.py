"""The Free Return check: explains it, or checks every item of an order (F1 to F14)."""

from __future__ import annotations

from collections.abc import Callable

from actions import identify, reading
from actions.case import decide_as_told
from actions.cases import choose, slots_of
from actions.facts import PATHS, first_missing_slot
from actions.forms.answering import fact_readers
from actions.forms.base import Form
from actions.talk import Talk
from bot.desk import ItemView, OrderView
from bot.policy.decision import Route, RouteId
from bot.policy.facts import Reason
from bot.understanding.answers import says

GENERAL = "general"
CHECK = "check"
_WITH_REASON = frozenset({"file_return_form", "check_form"})


class ValidateFreeReturnForm(Form):
    """Finds the order and what its Free Return still depends on; asks for no state of the item."""

    form = "free_return_form"
    triggers = frozenset({"ask_free_return"})
    need = "ask_free_return"

    def start(self, talk: Talk) -> None:
        """A question about the rules is answered without an order; a wish to check needs one."""
        super().start(talk)
        identify.take_only_known_order(talk)
        order = identify.known_order(talk)
        if order and not talk.get("items") and not talk.is_tap:
            choose(talk, reading.items_named(talk.text, order.items) or ())
        if not talk.get("order_number") and not wants_check(talk):
            talk.set("outcome", GENERAL)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Readers of number, e-mail and the facts that an order may lack."""
        own = {"order_number": identify.read_order_number, "email": identify.read_email}
        return {**{slot: fact_readers()[slot] for slot in PATHS}, **own}

    def next_step(self, talk: Talk) -> str | None:
        """Number, e-mail, then what the order and its only item don't tell."""
        if talk.get("outcome"):
            return None
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        order = identify.verified_order(talk)
        items = items_to_check(talk, order)
        if len(items) == 1:
            # The answers belong to the item in work.
            choose(talk, [str(items[0].id)])
        lacking = [
            path
            for item in items
            for path in free_return_route(talk, order, item).missing
            if path.startswith("order.") or (path.startswith("item.") and len(items) == 1)
        ]
        return first_missing_slot(tuple(dict.fromkeys(lacking)), talk.slots)


def wants_check(talk: Talk) -> bool:
    """Whether the buyer asks about an own item rather than about the rules."""
    if talk.is_tap:
        return reading.choice(talk, CHECK) is not None
    return talk.intent == "affirm" or says(talk.text, "own_item")


def items_to_check(talk: Talk, order: OrderView) -> list[ItemView]:
    """The items that are meant: the chosen ones, else all of which a piece stands in no request."""
    pending = [item for item in order.items if item.pieces_left]
    chosen = [item for item in pending if str(item.id) in (talk.get("items") or ())]
    return chosen or pending


def free_return_route(talk: Talk, order: OrderView, item: ItemView) -> Route:
    """What the policy says to sending this item back.

    Free Return needs no reason; one that was given in the dialogue that this one interrupts counts.
    """
    given = slots_of(talk, str(item.id)).get("reason") if talk.form in _WITH_REASON else None
    says_more = given not in (None, Reason.NOT_ARRIVED.value)
    reason = Reason(given) if says_more else Reason.CHANGE_OF_MIND
    return decide_as_told(talk, order, item, reason).route(RouteId.FREE_RETURN)

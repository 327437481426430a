"""Which items of the order, and what is known of each: reason, pieces, and what a decision lacks.

The filing and the checking dialogue share these steps. Source: H2 (choose items, give a reason).
"""

from __future__ import annotations

from actions import identify, reading
from actions.case import current_case, names_of, part_of
from actions.cases import choose, drop, note, slots_of, take_up
from actions.facts import CONDITIONS, first_missing_slot
from actions.forms.base import states_other_reason
from actions.item_answers import ask_for_fewer, note_said, pieces_said, reasons_said
from actions.outcomes import ALREADY_DONE, NOTHING_CHOSEN
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import ItemView, OrderView
from bot.policy.facts import ShipmentStatus
from bot.understanding.answers import says
from bot.understanding.item_words import has_words, pieces, reason_in

SAME, DIFFERENT = "yes", "no"


def next_item_step(talk: Talk, order: OrderView, *, count: bool = True) -> str | None:
    """The next thing to ask of the chosen items, one item after the other.

    Args:
        talk: the turn.
        order: the verified order.
        count: whether the number of pieces matters.

    Returns:
        The slot to ask for; None when every decision is complete, or `outcome` is set.
    """
    take_items_at_hand(talk, order)
    if tell_if_filed(talk, order) and talk.get("outcome"):
        return None
    if not talk.get("items"):
        return "items"
    for item in chosen_items(talk, order):
        step = _lacking(talk, order, item, count)
        if step:
            _begin_with(talk, order, item)
            return step
    return None


def chosen_items(talk: Talk, order: OrderView) -> list[ItemView]:
    """The chosen items, in the order of choosing."""
    found = (order.item(int(key)) for key in talk.get("items") or ())
    return [item for item in found if item]


def items_left(talk: Talk, order: OrderView) -> list[ItemView]:
    """Items that aren't chosen, and of which a piece is in no request yet."""
    chosen = talk.get("items") or ()
    return [i for i in order.items if i.pieces_left and str(i.id) not in chosen]


def take_items_at_hand(talk: Talk, order: OrderView) -> None:
    """Takes the only item, the ones that the first message named, or all of a lost parcel."""
    if talk.get("items"):
        return
    words = talk.get("first_words") or ""
    talk.clear("first_words")
    if len(order.items) == 1:
        named = [str(order.items[0].id)]
    else:
        named = reading.items_named(words, order.items) or _whole_parcel(talk, order)
    if named:
        take_items(talk, order, named, words)


def take_items(talk: Talk, order: OrderView, keys: list[str], words: str) -> None:
    """Chooses items; the reason that is known counts for all of them unless words differ.

    Args:
        talk: the turn.
        order: the order.
        keys: the items' ids.
        words: what was said of them.
    """
    reason, conditions = talk.get("reason"), {slot: talk.get(slot) for slot in CONDITIONS}
    is_first = not talk.get("items")
    choose(talk, keys)
    if is_first:
        for key in keys[1:]:
            note(talk, key, reason=reason, **conditions)
    note_said(talk, words, [i for i in order.items if str(i.id) in keys], order.items)


def _whole_parcel(talk: Talk, order: OrderView) -> list[str]:
    """Every item when the parcel as a whole hasn't come."""
    delivered = order.shipment.status is ShipmentStatus.DELIVERED
    if talk.get("reason") != "not_arrived" or delivered:
        return []
    return [str(item.id) for item in order.items]


def tell_if_closed(talk: Talk, order: OrderView) -> bool:
    """Tells when the order was cancelled or never paid, so that nothing can be filed."""
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
    elif not order.paid:
        talk.say("utter_not_cancelled_unpaid", order_number=order.number)
    else:
        return False
    identify.forget_items(talk)
    talk.set("outcome", ALREADY_DONE)
    return True


def tell_if_filed(talk: Talk, order: OrderView) -> bool:
    """Tells the request that all of a chosen item stands in, and leaves the item out.

    The order's other items are offered; when there are none, `outcome` says so.
    """
    filed = [item for item in chosen_items(talk, order) if not item.pieces_left]
    for item in filed:
        numbers = words_list(item.request_numbers)
        talk.say("utter_item_already_filed", item=item.title, request_number=numbers)
    if not filed:
        return False
    if len(filed) < len(talk.get("items")):
        drop(talk, [str(item.id) for item in filed])
        return True
    identify.forget_items(talk)
    if items_left(talk, order):
        # What was said is of the filed item; the other one has a story of its own.
        talk.clear("reason")
    else:
        talk.set("outcome", ALREADY_DONE)
    return True


def _lacking(talk: Talk, order: OrderView, item: ItemView, count: bool) -> str | None:
    """What is still to be asked of one item."""
    slots = slots_of(talk, str(item.id))
    if not slots.get("reason"):
        return "reason"
    delivered = order.shipment.status is ShipmentStatus.DELIVERED
    if count and item.pieces_left > 1 and delivered and not _none_came(talk):
        if (slots.get("quantity") or 0) > item.pieces_left:
            # Another tab has filed some meanwhile.
            note(talk, str(item.id), quantity=None)
            return "quantity"
        if not slots.get("quantity"):
            return "quantity"
    part = part_of(talk, order, item)
    step = first_missing_slot(part.decision.missing, slots_of(talk, str(item.id)))
    source = donor(talk, item) if step in CONDITIONS and not slots.get("same_answers") else None
    if step and source and isinstance(slots_of(talk, source).get(step), bool):
        return "same_answers"
    return step


def _none_came(talk: Talk) -> bool:
    """Whether nothing of what is chosen has come: a person's turn, whatever the number."""
    return all(slots_of(talk, key).get("reason") == "not_arrived" for key in talk.get("items"))


def _begin_with(talk: Talk, order: OrderView, item: ItemView) -> None:
    """Puts an item in work and, among several, says which one it is about."""
    before = talk.tracker.slots.get("item_in_work")
    was_alone = len(talk.tracker.slots.get("items") or ()) == 1
    take_up(talk, str(item.id))
    if len(talk.get("items")) > 1 and (was_alone or str(item.id) != before):
        talk.say("utter_about_item", item=names_of(order, [item]))


def donor(talk: Talk, item: ItemView) -> str | None:
    """An item chosen before this one whose states are known; this one's may be the same."""
    for key in talk.get("items"):
        if key == str(item.id):
            return None
        if _tells_states(talk, key):
            return str(key)
    return None


def alike(talk: Talk, order: OrderView) -> list[ItemView]:
    """The items that the question "is it the same with these?" is about: all still unknown."""
    items = chosen_items(talk, order)
    start = [str(item.id) for item in items].index(talk.get("item_in_work"))
    return [
        item
        for item in items[start:]
        if str(item.id) == talk.get("item_in_work")
        or (slots_of(talk, str(item.id)).get("reason") and _is_unasked(talk, str(item.id)))
    ]


def _is_unasked(talk: Talk, key: str) -> bool:
    return slots_of(talk, key).get("same_answers") is None and not _tells_states(talk, key)


def _tells_states(talk: Talk, key: str) -> bool:
    slots = slots_of(talk, key)
    return any(isinstance(slots.get(slot), bool) for slot in CONDITIONS)


def read_items(talk: Talk) -> None:
    """Reads which items it is about, with what the answer says of each."""
    order = identify.known_order(talk)
    if order is None:
        return
    chosen = reading.items(talk, order.items)
    reason = None if talk.get("reason") else reading.reason_beside(talk)
    if reason:
        # "The frying pan, changed my mind", or the reason alone: it isn't asked again.
        talk.set("reason", reason)
        if not chosen:
            talk.say("utter_noted")
    if chosen:
        take_items(talk, order, chosen, "" if talk.is_tap else talk.text)
    elif _wants_no_more(talk):
        talk.set("outcome", NOTHING_CHOSEN)
    elif not reason and talk.intent in ("inform", "affirm") and not states_other_reason(talk):
        talk.ask_again("utter_item_unclear")


def read_more_items(talk: Talk) -> None:
    """Reads the answer to "anything else from this order?"."""
    order = identify.known_order(talk)
    if order is None:
        return
    left = items_left(talk, order)
    chosen = reading.items(talk, left) if left else None
    if chosen and len(chosen) > 1 and says(talk.text, "all") and _wants_no_more(talk):
        # The "all" of "no, that's all" names no items.
        chosen = None
    if chosen:
        _take_more(talk, order, chosen)
    elif _wants_no_more(talk) or has_words(talk.text, "resume"):
        talk.set("more_items", "no")
    elif talk.intent in ("inform", "affirm") and not talk.is_tap:
        talk.ask_again("utter_item_unclear")


def _take_more(talk: Talk, order: OrderView, keys: list[str]) -> None:
    words = "" if talk.is_tap else talk.text
    # What the words say of this item counts before the sense of the whole message.
    reason = (reason_in(words) if words else None) or reading.reason(talk)
    choose(talk, keys)
    for key in keys:
        note(talk, key, reason=reason)
    note_said(talk, words, [i for i in order.items if str(i.id) in keys], order.items)


def _wants_no_more(talk: Talk) -> bool:
    if talk.is_tap:
        return talk.entity("choice") == "no"
    if "?" in talk.text:
        return False
    return reading.yes_or_no_first(talk) is False or has_words(talk.text, "no_more")


def read_quantity(talk: Talk) -> None:
    """Reads how many pieces of the item in work it is about."""
    order = identify.known_order(talk)
    item = order.item(int(talk.get("item_in_work"))) if order else None
    if item is None or talk.intent in reading.QUESTIONS:
        return
    numbers = [str(n) for n in range(1, item.pieces_left + 1)]
    tapped = reading.choice(talk, *numbers)
    number = int(tapped) if tapped else None
    if number is None and not talk.is_tap and "?" not in talk.text:
        number = pieces_said(talk.text, item, alone=True) or pieces(talk.text, item.pieces_left)
    if number is None and not talk.is_tap and item.pieces_filed and has_words(talk.text, "rest"):
        number = item.pieces_left
    if number is None:
        return
    if 0 < number <= item.pieces_left:
        talk.set("quantity", number)
    else:
        ask_for_fewer(talk, item)


def read_same_answers(talk: Talk) -> None:
    """Reads whether the item before and these are in the same state."""
    order = identify.known_order(talk)
    answer = reading.yes_or_no_first(talk)
    if order is None:
        return
    if answer is None and not talk.is_tap and has_words(talk.text, "same_for_all"):
        answer = "?" not in talk.text and not says(talk.text, "no")
    if answer not in (True, False):
        return
    items = alike(talk, order)
    source = donor(talk, items[0])
    states = slots_of(talk, source) if source else {}
    for item in items:
        mine = slots_of(talk, str(item.id))
        values = {s: states.get(s) for s in CONDITIONS if answer and mine.get(s) is None}
        note(talk, str(item.id), same_answers=SAME if answer else DIFFERENT, **values)


def spread_reason(talk: Talk) -> None:
    """After "what happened?": gives items without a reason the same, when the buyer said so."""
    order = identify.known_order(talk)
    if order is None or talk.is_tap or not talk.get("items"):
        return
    different = reasons_said(talk.text, order.items)
    for key in talk.get("items"):
        if key in different:
            note(talk, key, reason=different[key])
        elif not slots_of(talk, key).get("reason") and has_words(talk.text, "same_for_all"):
            note(talk, key, reason=talk.get("reason"))


def drop_closed(talk: Talk) -> None:
    """Forgets the items for which no way is open; what was told of them stays told."""
    case = current_case(talk)
    if case:
        drop(talk, [part.id for part in case.parts if not part.open_routes])

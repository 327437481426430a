"""What a buyer may say at any question of a filing, whatever was asked.

They keep it all, it came after all, it worked at first, it is another number of pieces, or another
item of the order has a story too. None of that may end up as an answer about the item in work.
"""

from __future__ import annotations

from actions import identify, reading
from actions.case import names_of
from actions.cases import choose, note, slots_of
from actions.forms.base import REQUESTED_SLOT
from actions.forms.choosing import chosen_items
from actions.item_answers import (
    ask_for_fewer,
    change_items,
    note_said,
    pieces_said,
    reasons_said,
    replaces_item,
)
from actions.outcomes import DECLINED
from actions.talk import Talk
from bot.desk import ItemView, OrderView
from bot.understanding.item_words import clauses_of, has_words, pieces, pieces_instead, reason_in
from bot.words import label

_OWN_NAMING = frozenset({"order_number", "email", "items", "more_items", "confirm"})
"""Questions whose own readers take names of items."""
_OTHER_NUMBERS = frozenset({"order_number", "email", "quantity"})
_FAULTS = frozenset({"arrived_damaged", "stopped_working"})


def turn_around(talk: Talk) -> bool:
    """Takes what overrides the question that was asked.

    Returns:
        Whether the message was that, so that it is no answer to the question.
    """
    asked = talk.tracker.slots.get(REQUESTED_SLOT) or ""
    order = identify.known_order(talk)
    if talk.is_tap or "?" in talk.text or order is None or not talk.get("items"):
        return False
    return (
        _keeps_all(talk)
        or _came_after_all(talk, order)
        or _worked_at_first(talk)
        or _other_number(talk, order, asked)
        or _other_item(talk, order, asked)
        or _drops(talk, order, asked)
    )


def worked_at_first(talk: Talk) -> bool:
    """Whether a message says that the item worked for a while, so that it didn't come broken."""
    return has_words(talk.text, "worked_at_first") and not has_words(talk.text, "on_arrival")


def _keeps_all(talk: Talk) -> bool:
    if not has_words(talk.text, "keep_all"):
        return False
    talk.set("outcome", DECLINED)
    return True


def _came_after_all(talk: Talk, order: OrderView) -> bool:
    """A parcel that has come isn't filed as lost; what is wrong with it, if anything, is asked."""
    if not has_words(talk.text, "came_after_all"):
        return False
    named = reading.items_named(talk.text, order.items, whole=False)
    lost = [key for key in talk.get("items") if slots_of(talk, key).get("reason") == "not_arrived"]
    came = [key for key in lost if not named or key in named]
    if not came:
        return False
    told = reason_in(talk.text)
    new = None if told == "not_arrived" else told
    for key in came:
        note(talk, key, reason=new, route=None, evidence=None)
    talk.clear("told", "confirm", "filing_key", "summed_up")
    talk.say("utter_came_after_all")
    return True


def _worked_at_first(talk: Talk) -> bool:
    if talk.get("reason") not in _FAULTS or not worked_at_first(talk):
        return False
    if talk.get("reason") == "stopped_working":
        # Known; the "2" of "it worked 2 days" is no choice of the second way either.
        talk.set("misses", talk.get("misses") or 0)
        return True
    note(talk, talk.get("item_in_work"), reason="stopped_working", route=None, evidence=None)
    talk.clear("told", "confirm", "filing_key", "summed_up")
    talk.say("utter_reason_changed", reason=label("reason", "stopped_working"))
    return True


def _other_number(talk: Talk, order: OrderView, asked: str) -> bool:
    """Takes "it was three glasses, not two", long after the question for it."""
    if asked in _OTHER_NUMBERS or asked.endswith("_on"):
        return False
    several = [
        item
        for item in order.items
        if item.pieces_left > 1
        and str(item.id) in talk.get("items")
        and slots_of(talk, str(item.id)).get("quantity")
    ]
    for item in several:
        number = _number_instead(talk, item) if len(several) == 1 else None
        if number is None and reading.items_named(talk.text, [item], whole=False):
            corrects = reading.is_correction(talk) or has_words(talk.text, "number_again")
            number = pieces_said(talk.text, item, alone=False) if corrects else None
        if number is None or number == slots_of(talk, str(item.id)).get("quantity"):
            continue
        if not 0 < number <= item.pieces_left:
            ask_for_fewer(talk, item)
            return True
        note(talk, str(item.id), quantity=number)
        talk.say("utter_pieces_changed", item=item.title, number=number, quantity=item.quantity)
        return True
    return False


def _number_instead(talk: Talk, item: ItemView) -> int | None:
    """The number of "three, not two" and, as a correction, of "actually only one of them"."""
    number = pieces_instead(talk.text)
    if number is None and talk.intent == "correct_item":
        number = pieces(talk.text, item.pieces_left)
    return number


def _other_item(talk: Talk, order: OrderView, asked: str) -> bool:
    """Another item's story goes to that item: it is added, or its reason noted."""
    if asked in _OWN_NAMING or has_words(talk.text, "drop") or reading.is_correction(talk):
        return False
    in_work, chosen = talk.get("item_in_work"), talk.get("items")
    named = reading.items_named(talk.text, order.items, whole=False) or []
    new = [item for item in order.items if str(item.id) in named and str(item.id) not in chosen]
    states = bool(reason_in(talk.text) and reading.reason(talk))
    adds = bool(new) and (states or has_words(talk.text, "add"))
    told = _told_of(talk, order, named)
    if not adds and not (
        asked == "reason" and named and in_work not in named and any(told.values())
    ):
        return False
    choose(talk, [str(item.id) for item in new])
    for key in named:
        if told.get(key) and (key != in_work or asked == "reason"):
            note(talk, key, reason=told[key])
    shared = told.get(named[0]) if asked == "reason" and in_work not in named else None
    if shared and _is_of_all(talk, order):
        note(talk, in_work, reason=shared)
    note_said(talk, talk.text, new, order.items)
    for item in new:
        _say_added(talk, item)
    return True


def _told_of(talk: Talk, order: OrderView, named: list[str]) -> dict[str, str | None]:
    """The reason told of each named item; none where its words and the message's sense differ."""
    each = reasons_said(talk.text, order.items)
    words, sense = reason_in(talk.text), reading.reason(talk)
    is_unclear = words in _FAULTS and sense in _FAULTS and words != sense
    one = None if is_unclear else words or sense
    return {key: each.get(key) or one for key in named}


def _is_of_all(talk: Talk, order: OrderView) -> bool:
    """Whether "the board too, I changed my mind" gives the reason for the item in work as well."""
    naming = [c for c in clauses_of(talk.text) if reading.items_named(c, order.items, whole=False)]
    return has_words(talk.text, "add") and not any(reason_in(clause) for clause in naming)


def _say_added(talk: Talk, item: ItemView) -> None:
    reason = slots_of(talk, str(item.id)).get("reason")
    if reason:
        talk.say("utter_item_added_for", item=item.title, reason=label("reason", reason))
    else:
        talk.say("utter_item_added", item=item.title)


def _drops(talk: Talk, order: OrderView, asked: str) -> bool:
    """Takes "remove the gloves" at any question; without any item left there is nothing to file."""
    if asked in _OWN_NAMING or not has_words(talk.text, "take_out"):
        return False
    if replaces_item(talk, order.items):
        talk.say("utter_item_changed", items=names_of(order, chosen_items(talk, order)))
        return True
    if not change_items(talk, order.items):
        return False
    if not talk.get("items"):
        talk.set("outcome", DECLINED)
    else:
        talk.say("utter_correction_taken")
    return True

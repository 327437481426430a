"""What a message says of each item of an order, by the words that only this item has."""

from __future__ import annotations

from collections.abc import Sequence

from actions import reading
from actions.cases import choose, drop, note
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import ItemView
from bot.understanding.item_words import clauses_of, has_words, pieces, reason_in


def reasons_said(text: str, offered: Sequence[ItemView]) -> dict[str, str]:
    """Item id to reason, where a message says something else of one item than of another.

    "The mug is broken and the shirt is the wrong size" says two; "the mug and the shirt are
    broken" one, which is left to the message's intent.
    """
    said: dict[str, str] = {}
    waiting: list[str] = []
    for clause in clauses_of(text):
        named = reading.items_named(clause, offered, whole=False) or []
        reason = reason_in(clause)
        waiting += [key for key in named if key not in said]
        if reason and waiting:
            said |= dict.fromkeys(waiting, reason)
            waiting = []
    return said if len(set(said.values())) > 1 else {}


def pieces_said(text: str, item: ItemView, *, alone: bool) -> int | None:
    """How many pieces of an item a message speaks of, or None.

    Args:
        text: the message.
        item: the item.
        alone: whether the message can speak of no other item.
    """
    if item.pieces_left == 1:
        return None
    names = reading.words_of(item.title)
    for clause in clauses_of(text):
        if reading.items_named(clause, [item], whole=False):
            found = pieces(clause, item.pieces_left, _forms(names))
            if found:
                return found
    return pieces(text, item.pieces_left, _forms(names)) if alone else None


def note_said(
    talk: Talk, text: str, items: Sequence[ItemView], offered: Sequence[ItemView]
) -> None:
    """Notes the reason and the number of pieces that a message gives for each of these items.

    They are chosen just now, so this also tells of which of them some pieces are filed already.
    """
    reasons = reasons_said(text, offered)
    for item in items:
        key = str(item.id)
        if key in reasons:
            note(talk, key, reason=reasons[key])
        number = pieces_said(text, item, alone=len(items) == 1)
        if number and number <= item.pieces_left:
            note(talk, key, quantity=number)
        _tell_pieces_filed(talk, item)


def ask_for_fewer(talk: Talk, item: ItemView) -> None:
    """Asks again for the number of pieces when it is more than are left to file."""
    name = "utter_quantity_more_than_left" if item.pieces_filed else "utter_quantity_too_many"
    talk.ask_again(name, quantity=item.quantity, filed=item.pieces_filed, left=item.pieces_left)


def _tell_pieces_filed(talk: Talk, item: ItemView) -> None:
    """Says how many pieces stand in requests and how many are left, when both are some."""
    if item.pieces_filed and item.pieces_left:
        talk.say(
            "utter_pieces_already_filed",
            item=item.title,
            filed=item.pieces_filed,
            quantity=item.quantity,
            left=item.pieces_left,
            requests=words_list(item.request_numbers),
        )


def change_items(talk: Talk, offered: Sequence[ItemView]) -> bool:
    """Drops, adds or replaces items as the message says ("without the gloves", "only the pan").

    Returns:
        Whether the chosen items are others now.
    """
    chosen = list(talk.get("items") or ())
    named = reading.items_named(talk.text, offered, whole=False)
    if not chosen or not named or talk.is_tap or talk.text.rstrip().endswith("?"):
        return False
    old, new = [i for i in named if i in chosen], [i for i in named if i not in chosen]
    instead = bool(new) and (reading.is_correction(talk) or talk.intent == "correct_item")
    if new and replaces_item(talk, offered):
        return True
    if old and not new and has_words(talk.text, "drop"):
        drop(talk, old)
    elif new and has_words(talk.text, "add"):
        _add(talk, new, offered)
    elif instead or (has_words(talk.text, "only") and named != chosen):
        _replace(talk, named, offered)
    return list(talk.get("items") or ()) != chosen


def replaces_item(talk: Talk, offered: Sequence[ItemView]) -> bool:
    """Takes another item for a chosen one: "drop the frying pan, it's the scale".

    Returns:
        Whether it did.
    """
    chosen = list(talk.get("items") or ())
    if not chosen or talk.is_tap or "?" in talk.text:
        return False
    named = reading.items_named(talk.text, offered, whole=False) or []
    new = [key for key in named if key not in chosen]
    gone = [
        key
        for clause in clauses_of(talk.text)
        if has_words(clause, "drop")
        for key in reading.items_named(clause, offered, whole=False) or []
        if key in chosen
    ]
    if not new or not (gone or talk.intent == "correct_item"):
        return False
    kept = [key for key in chosen if key not in (gone or chosen)]
    _replace(talk, [*kept, *new], offered)
    return True


def _add(talk: Talk, new: Sequence[str], offered: Sequence[ItemView]) -> None:
    choose(talk, new)
    reason = reason_in(talk.text) or reading.reason(talk)
    for key in new if reason else ():
        note(talk, key, reason=reason)
    note_said(talk, talk.text, [i for i in offered if str(i.id) in new], offered)


def _replace(talk: Talk, named: Sequence[str], offered: Sequence[ItemView]) -> None:
    """Keeps only these items; one that comes in for the only one keeps its reason."""
    chosen = list(talk.get("items") or ())
    reason = talk.get("reason") if len(chosen) == 1 else None
    new = [key for key in named if key not in chosen]
    choose(talk, new)
    drop(talk, [key for key in chosen if key not in named])
    for key in new if reason else ():
        note(talk, key, reason=reason)
    note_said(talk, talk.text, [i for i in offered if str(i.id) in named], offered)


def _forms(names: set[str]) -> set[str]:
    """Title words in singular and plural, as a buyer may write them."""
    singular = {name[:-2] for name in names if name.endswith("es")}
    singular |= {name[:-1] for name in names if name.endswith("s")}
    plural = {name + ending for name in names for ending in ("s", "es")}
    return names | {name for name in singular if len(name) > 2} | plural

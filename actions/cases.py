"""What is known of each chosen item: its reason, how many pieces, answers, way and evidence.

The plain slots (`reason`, `used`, `route`, ...) are those of the item in work, whose id is in the
slot `item`: that is what readers fill and what responses look at. The other items' values rest in
`cases`, and change places with the plain slots when another item is taken up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from actions.facts import OF_THE_ITEM
from actions.talk import Talk

OF_THE_CASE = ("reason", "quantity", *OF_THE_ITEM, "same_answers", "route", "evidence")
"""Slots that each chosen item has of its own."""


def slots_of(talk: Talk, item_id: str) -> dict[str, Any]:
    """All slots as they would be with this item in work."""
    if item_id == talk.get("item_in_work"):
        return talk.slots
    mine: dict[str, Any] = (talk.get("cases") or {}).get(item_id, {})
    return talk.slots | dict.fromkeys(OF_THE_CASE) | mine


def note(talk: Talk, item_id: str, **values: Any) -> None:
    """Notes something of an item, whether it is in work or not; None forgets it."""
    if item_id == talk.get("item_in_work"):
        for slot, value in values.items():
            talk.clear(slot) if value is None else talk.set(slot, value)
        return
    cases = dict(talk.get("cases") or {})
    mine = cases.get(item_id, {}) | values
    cases[item_id] = {slot: value for slot, value in mine.items() if value is not None}
    talk.set("cases", cases)


def take_up(talk: Talk, item_id: str) -> None:
    """Puts an item in work; the one before rests."""
    before = talk.get("item_in_work")
    if before == item_id:
        return
    cases = dict(talk.get("cases") or {})
    if before:
        cases[before] = {s: talk.get(s) for s in OF_THE_CASE if talk.get(s) is not None}
    mine = cases.pop(item_id, {})
    for slot in OF_THE_CASE:
        note_plain(talk, slot, mine.get(slot))
    talk.set("cases", cases or None)
    talk.set("item_in_work", item_id)


def note_plain(talk: Talk, slot: str, value: Any) -> None:
    """Sets a slot, or empties it; no change where it holds that already."""
    if talk.get(slot) != value:
        talk.set(slot, value)


def choose(talk: Talk, item_ids: Iterable[str]) -> None:
    """Adds items to the chosen ones; what was said before any item belongs to the first."""
    chosen = list(talk.get("items") or ())
    new = [item_id for item_id in item_ids if item_id not in chosen]
    if not new:
        return
    if not chosen:
        talk.set("item_in_work", new[0])
    talk.set("items", chosen + new)


def drop(talk: Talk, item_ids: Iterable[str]) -> None:
    """Takes items out of the chosen ones, with all that is known of them."""
    gone = set(item_ids)
    left = [item_id for item_id in talk.get("items") or () if item_id not in gone]
    cases = {key: value for key, value in (talk.get("cases") or {}).items() if key not in gone}
    if talk.get("item_in_work") in gone:
        if left:
            take_up(talk, left[0])
            cases = {k: v for k, v in (talk.get("cases") or {}).items() if k not in gone}
        else:
            talk.clear("item_in_work", *OF_THE_CASE)
    note_plain(talk, "cases", cases or None)
    talk.set("items", left or None)

"""A message to the seller that asks for an exchange: the item and the buyer's own words (S2)."""

from __future__ import annotations

import re

from actions import reading
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import OrderView
from bot.words import say

MESSAGE_CHARS = 1500
"""Longest message; a chat message has 2000 characters, see the setting `message_max_chars`."""
_IDENTITY = re.compile(
    r"[,;.]?\s*(?:\b(?:my |the )?(?:order|e-?mail)(?: number| address| no\.?)?(?: is|:)?\s*)?"
    r"(?:\S+@\S+|#?\b\d{6,20}\b)",
    re.I,
)
_NO_DETAIL = re.compile(
    r"a|an|and|can|could|do|exchang(?:e|ed|ing)|for|i|d|it|item|like|my|of|one|or|order|please|"
    r"replace|swap|that|the|them|these|this|those|to|want|wanna|we|would|you",
    re.I,
)
"""Words that say no more of an exchange than that it is one."""


def without_identity(text: str) -> str:
    """A text without order number and e-mail address, which the seller has anyway."""
    return _IDENTITY.sub("", text).strip(" ,;-\n")


def begin_exchange(talk: Talk) -> None:
    """From here on the message to the seller asks for an exchange."""
    talk.set("exchange", {"about": "", "lines": [], **(talk.get("exchange") or {}), "begun": True})


def is_exchange(talk: Talk) -> bool:
    """Whether the message that is being written asks for an exchange."""
    return bool((talk.get("exchange") or {}).get("begun"))


def note_exchange(talk: Talk, words: str, *, is_line: bool = True) -> None:
    """Keeps what the buyer says of an exchange: which item, what instead.

    Args:
        talk: the turn.
        words: as they were typed, without number and e-mail.
        is_line: whether the seller is to read them.
    """
    known = talk.get("exchange") or {"about": "", "lines": []}
    lines = [*known["lines"], words] if is_line and words else known["lines"]
    about = f"{known['about']}\n{words}".strip()
    talk.set("exchange", {**known, "about": about, "lines": lines})


def draft_of_exchange(talk: Talk, order: OrderView) -> str:
    """A message that asks for an exchange: the item's name and the buyer's own words.

    Args:
        talk: the turn.
        order: the verified order.

    Returns:
        The words for the seller. A line that only names the item isn't repeated.
    """
    said = talk.get("exchange") or {"about": "", "lines": []}
    titles = exchanged_titles(said["about"], order)
    lines = [line for line in said["lines"] if not _only_names(line, titles)]
    if not titles:
        wish = say("utter_draft_exchange")
    else:
        item = words_list(titles)
        wish = say("utter_draft_exchange_item", item=item)
    if lines:
        return "\n".join([wish, *lines])[:MESSAGE_CHARS]
    return " ".join([wish, say("utter_draft_exchange_how")])


def exchanged_titles(about: str, order: OrderView) -> list[str]:
    """The titles of the items that an exchange is about; the only item of an order needs no name.

    Args:
        about: what the buyer said of it.
        order: the verified order.
    """
    if len(order.items) == 1:
        return [order.items[0].title]
    named = reading.items_named(about, order.items, whole=False) or []
    return [item.title for item in order.items if str(item.id) in named]


def _only_names(line: str, titles: list[str]) -> bool:
    """Whether a line says no more than "exchange the jacket"."""
    words = {word.lower() for word in re.findall(r"\w+", line)}
    of_titles = {word.lower() for title in titles for word in re.findall(r"\w+", title)}
    return all(_NO_DETAIL.fullmatch(word) for word in words - of_titles)

"""The rating at the end: 1 to 5, then a word on it. Asked once; anything else goes first."""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import reading
from actions.forms.base import Form
from actions.resources import get_desk
from actions.talk import Talk
from actions.threads import SKIPPED
from bot.understanding.feelings import stars

_WITH_COMMENT = re.compile(
    r"^\W*(?:[1-5]|one|two|three|four|five)\b\s*(?:(?:/|out of|of) ?(?:5|five)|stars?|points?)?"
    r"\W+\w+\W+\w+",
    re.I,
)
"""A rating with a word on it: the number first, then two words or more."""
_STARS = ("1", "2", "3", "4", "5")
_ENDS_IT = frozenset({"deny", "stop", "goodbye", "defer", "thanks"})
_MAY_BE_COMMENT = frozenset(
    {"inform", "nlu_fallback", "out_of_scope", "rate", "affirm", "complaint", "plead", "small_talk"}
)
_SURE = 0.8
"""How sure understanding must be that a message is a need, and not a word on the rating."""


class ValidateRatingForm(Form):
    """Takes stars and a comment; any need or question ends it without a word."""

    form = "rating_form"
    triggers = frozenset({"rate"})
    free_text = frozenset({"rating_comment"})

    def begin(self, talk: Talk) -> None:
        """Reads a rating that came unasked; the need and what was left stay as they are."""
        talk.clear("rating", "rating_comment", "outcome", "misses", "offered")
        talk.set("rating_asked", True)
        if talk.intent == "rate" and not talk.is_tap:
            _read_rating(talk)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Readers of the stars and of the comment."""
        return {"rating": _read_rating, "rating_comment": _read_comment}

    def next_step(self, talk: Talk) -> str | None:
        """Stars, then the comment, unless the buyer skips."""
        if talk.get("rating") is None:
            return "rating"
        if talk.get("rating") == SKIPPED or talk.get("rating_comment") is not None:
            return None
        return "rating_comment"

    def in_between(self, talk: Talk) -> bool:
        """Leaves every need and question to its rule; the rating isn't asked for again."""
        return False


def _read_rating(talk: Talk) -> None:
    tapped = reading.choice(talk, *_STARS, SKIPPED)
    given = None if talk.is_tap else stars(talk.text)
    if tapped or given:
        _keep(talk, int(tapped) if tapped in _STARS else given or SKIPPED)
        if given and _WITH_COMMENT.search(talk.text):
            talk.set("rating_comment", talk.text)
    elif talk.is_tap or talk.intent not in _ENDS_IT | _MAY_BE_COMMENT:
        return
    elif talk.intent in _ENDS_IT or talk.get("misses"):
        talk.set("rating", SKIPPED)
    else:
        talk.set("misses", 1)
        talk.say("utter_rating_unclear")


def _keep(talk: Talk, given: int | str) -> None:
    talk.set("rating", given)
    if given != SKIPPED:
        # At once, as many leave without a comment; the desk keeps the latest.
        get_desk().rate(talk.conversation_id, int(given))


def _read_comment(talk: Talk) -> None:
    if reading.choice(talk, SKIPPED):
        talk.set("rating_comment", SKIPPED)
    elif talk.is_tap:
        return
    elif reading.yes_no(talk) is False or talk.intent in _ENDS_IT - {"thanks"}:
        talk.set("rating_comment", SKIPPED)
    elif not _is_need(talk):
        talk.set("rating_comment", talk.text)


def _is_need(talk: Talk) -> bool:
    """Whether the message asks for something, rather than saying how the talk was."""
    if talk.entity("order_number") or talk.text.rstrip().endswith("?"):
        return True
    sure = (talk.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0
    return talk.intent not in _MAY_BE_COMMENT | {"thanks"} and sure >= _SURE

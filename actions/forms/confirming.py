"""The last step before anything is written: an explicit yes, a change of mind, or a pause."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from datetime import datetime, timedelta

from actions import evidence, identify, reading
from actions.case import Case, request_in_hand
from actions.cases import note
from actions.item_answers import ask_for_fewer, change_items, pieces_said
from actions.resources import now
from actions.talk import Talk
from actions.wording import named_route
from bot.desk import RefundMethod
from bot.understanding.answers import first_saying
from bot.understanding.item_words import has_words, pieces
from bot.words import label

ORIGINAL = RefundMethod.ORIGINAL_PAYMENT.value
BONUS = RefundMethod.BONUS.value
FRESH = timedelta(hours=1)
"""How long a yes may follow its summary; after that the summary is shown once more."""
JUST_PAUSED, PAUSED = "just", "yes"

_OF_THE_WHOLE = (
    "whole|return|returns|refund|request|claim|case|complaint|order|thing|idea|matter|lot|filing"
)
_TAKES_OUT = re.compile(
    r"\b(?:drop|remove|exclude|leave out|take out|take off|without) (?:the|my|that|those|these) "
    rf"(?!(?:{_OF_THE_WHOLE})\b)\w+",
    re.I,
)
"""Takes a thing out by its name, where "drop it" and "drop the whole thing" stop."""


def is_confirmed(talk: Talk, request: Case) -> bool:
    """Whether the buyer's yes is to this very summary, seen lately.

    Whatever would change a line of the summary (an answer, the day, a label that is gone) makes it
    another one, with a key of its own, so that no earlier yes or button confirms it.
    """
    content, seen = _content(talk, request), talk.get("summed_up") or {}
    same = seen.get("of") == content
    fresh = same and now() - datetime.fromisoformat(seen["at"]) <= FRESH
    if talk.get("confirm") and fresh:
        return True
    if talk.get("confirm"):
        talk.clear("confirm")
        talk.say("utter_summary_again")
    elif same and talk.get("filing_key"):
        return False
    talk.set("filing_key", uuid.uuid4().hex)
    talk.set("summed_up", {"of": content, "at": now().isoformat()})
    return False


def read_confirm(talk: Talk) -> None:
    """Only an explicit yes confirms; a tapped yes must carry this summary's own key."""
    if talk.is_tap:
        _read_tap(talk)
    elif identify.names_other_order(talk):
        identify.take_entities(talk)
    elif read_pause(talk):
        return
    elif reading.consents(talk):
        talk.set("confirm", True)
    elif change_of_mind(talk):
        talk.clear("is_paused")
        talk.say("utter_correction_taken")
    elif _takes_out_something_else(talk):
        request = request_in_hand(talk)
        talk.ask_again("utter_not_in_request", items=request.names if request else "")
    elif reading.yes_no(talk) is False:
        offer_change(talk)
    elif talk.intent == "affirm":
        talk.ask_again("utter_confirm_unclear")


def _takes_out_something_else(talk: Talk) -> bool:
    """Whether the message takes out a thing by its name, and none in hand has that name."""
    return talk.intent == "stop" and bool(_TAKES_OUT.search(talk.text))


def _read_tap(talk: Talk) -> None:
    if talk.intent == "affirm" and talk.entity("confirm") == talk.get("filing_key"):
        talk.set("confirm", True)
        talk.clear("is_paused")
    elif talk.intent == "affirm" and talk.entity("confirm"):
        # A button of an earlier summary, or of another tab.
        filed = talk.get("last_filed") or {}
        if talk.entity("confirm") == filed.get("key"):
            talk.say("utter_already_filed", request_number=filed["request_number"])
        else:
            talk.say("utter_summary_again")
        talk.set("summed_up", None)
    elif talk.entity("choice") == "resume":
        _resume(talk)
    elif talk.intent == "deny":
        offer_change(talk)


def read_pause(talk: Talk) -> bool:
    """Reads "let me think", and what takes the thread up again.

    While the dialogue rests, a plain yes brings the question back; it doesn't answer it.
    """
    if talk.is_tap and talk.entity("choice") == "resume":
        _resume(talk)
        return True
    if talk.is_tap or "?" in talk.text:
        return False
    if talk.get("is_paused") and (reading.consents(talk) or has_words(talk.text, "resume")):
        _resume(talk)
        return True
    # "Your request waits. Shall we go on with it?" "No."
    stays = talk.get("is_paused") == PAUSED and reading.yes_no(talk) is False
    wants_time = stays or talk.intent == "defer" or has_words(talk.text, "pause")
    if wants_time and not reading.consents(talk):
        talk.say("utter_paused")
        talk.set("is_paused", JUST_PAUSED)
        return True
    return False


def _resume(talk: Talk) -> None:
    talk.clear("is_paused", "told")
    # A new summary with a new key.
    talk.set("summed_up", None)


def change_of_mind(talk: Talk) -> bool:
    """Takes another item, way, refund method or number of pieces at the summary.

    Returns:
        Whether the message changed one.
    """
    order, request = identify.known_order(talk), request_in_hand(talk)
    if order is None or request is None or "?" in talk.text:
        return False
    if change_items(talk, order.items):
        # Who takes something out or puts something in has thought of the others.
        talk.set("more_items", "no")
        return True
    if _change_pieces(talk, request):
        return True
    if talk.get("refund_method") and first_saying(talk.text, "refund_method"):
        read_refund_method(talk)
        return True
    return _change_route(talk, request)


def _change_pieces(talk: Talk, request: Case) -> bool:
    several = [part for part in request.parts if part.item.pieces_left > 1]
    for part in several:
        number = pieces_said(talk.text, part.item, alone=False)
        if number is None and len(several) == 1:
            number = pieces(talk.text, part.item.pieces_left)
        if number and number != part.quantity:
            if number > part.item.pieces_left:
                ask_for_fewer(talk, part.item)
            else:
                note(talk, part.id, quantity=number)
            return True
    return False


def _change_route(talk: Talk, request: Case) -> bool:
    offered = [route.value for route in request.open_routes]
    other = named_route(talk.text, offered, by_place=False)
    if not other or other == request.parts[0].route:
        return False
    for part in request.parts:
        note(talk, part.id, route=other, evidence=None)
    return True


def read_refund_method(talk: Talk) -> None:
    """Reads where the money shall go (H4)."""
    typed = None if talk.is_tap or "?" in talk.text else first_saying(talk.text, "refund_method")
    method = reading.choice(talk, ORIGINAL, BONUS) or typed
    if method and method != talk.get("refund_method"):
        talk.set("refund_method", method)


def change_reason(talk: Talk) -> bool:
    """Takes another reason for the items that the message names, or for those in hand."""
    order, request = identify.known_order(talk), request_in_hand(talk)
    reason = reading.reason(talk)
    if order is None or request is None or not reason or talk.get("requested_slot") != "confirm":
        return False
    named = reading.items_named(talk.text, order.items, whole=False) or []
    chosen = talk.get("items") or ()
    targets = [key for key in named if key in chosen] or [part.id for part in request.parts]
    for key in targets:
        note(talk, key, reason=reason, route=None, evidence=None)
    talk.clear("told", "is_paused")
    talk.say("utter_reason_changed", reason=label("reason", reason))
    return True


def offer_change(talk: Talk) -> None:
    """Asks what to change; the summary isn't repeated right below."""
    talk.say("utter_ask_change")
    talk.set("misses", talk.get("misses") or 0)
    talk.set("is_changing", True)


def _content(talk: Talk, request: Case) -> str:
    """Names what a summary says: its fingerprint."""
    lines = [
        [p.id, p.quantity, p.reason, p.answers, p.evidence, str(p.chosen)] for p in request.parts
    ]
    files = [file.id for file in evidence.given(talk)]
    content = [request.order.number, lines, talk.get("refund_method"), files]
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()

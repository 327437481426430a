"""A letter to the seller about a fault: the item, what is wrong, what is asked for, a preview.

Nothing is sent before an explicit yes to the letter as it stands.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from actions import identify, reading
from actions.case import answers_about, decide_item
from actions.forms.base import Form
from actions.forms.seller import says_send
from actions.law import FAULTS, area_of_order, has_arrived, is_received
from actions.outcomes import DECLINED
from actions.talk import Talk
from bot.desk import OrderView, Writing
from bot.desk.letters import WORDS_CHARS, claim, remedies
from bot.policy.decision import Route
from bot.policy.facts import Reason
from bot.understanding.answers import says
from bot.understanding.item_words import reason_in

OWN = (
    "letter_items",
    "letter_reason",
    "letter_words",
    "letter_stage",
    "letter_remedy",
    "letter_key",
    "letter_choice",
    "letter_asks",
)
CHANGEABLE = ("letter_words", "letter_remedy")
NO_CLAIM = "no_claim"
SEND, PDF = "send", "pdf"
NOTHING_MORE = ""
FIRST, SECOND = "first", "second"
NO_WORDS = "no_words"
_PDF_ONLY = re.compile(r"\W*(?:only |just )?(?:give me )?(?:the |a )?pdf(?: please)?\W*", re.I)
_FEW = 3
"""So many words may be a "no"; more are what the seller is to read."""
_REMEDIES = {
    "repair": r"\brepair|\bfix|\bmend",
    "replacement": r"\breplac|\bnew one\b|\banother one\b|\bexchange",
    "money_back": r"\bmoney\b|\brefund|\bend the contract",
    "price_reduction": r"\bprice\b|\bdiscount|\bcheaper|\breduc",
    "put_right": r"\bput it right|\brepair|\bfix|\bmend",
}
_SECOND_STAGE = re.compile(
    r"\brefus|\bfailed|\bdidn'?t (?:help|work|answer|do)|\bbroke again|\bdays are over|\bignored",
    re.I,
)


class ValidateLetterForm(Form):
    """Collects what a letter needs, up to the buyer's choice to send it or to keep it."""

    form = "letter_form"
    triggers = frozenset({"write_letter"})
    need = "write_letter"
    free_text = frozenset({"letter_words"})
    resets = OWN

    def start(self, talk: Talk) -> None:
        """Takes the reason that was told just before, or that the message has."""
        known = talk.get("reason") or talk.get("told_reason")
        super().start(talk)
        said = None if talk.is_tap else reason_in(talk.text)
        _take_reason(talk, said or known)

    def correct(self, talk: Talk) -> None:
        """Another order, other words, another remedy."""
        named = reading.choice(talk, *CHANGEABLE)
        if talk.intent == "correct_order":
            identify.take_other_order(talk)
            talk.clear(*OWN)
        elif named:
            talk.clear(named, "letter_key")
            talk.set("letter_asks", named)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        return {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "letter_items": _read_items,
            "letter_reason": _read_reason,
            "letter_words": _read_words,
            "letter_remedy": _read_remedy,
            "letter_choice": _read_choice,
        }

    def next_step(self, talk: Talk) -> str | None:
        """Identity, item, reason, words, remedy, then the letter itself."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        order = identify.verified_order(talk)
        if area_of_order(order) is None or not is_received(order):
            talk.set("outcome", NO_CLAIM)
            return None
        _take_item(talk, order)
        for slot in ("letter_items", "letter_reason"):
            if talk.get(slot) is None:
                return slot
        if claim_of(talk, order) is None:
            talk.set("outcome", NO_CLAIM)
            return None
        for slot in ("letter_words", "letter_remedy"):
            if talk.get(slot) is None:
                return slot
        if talk.get("letter_choice"):
            return None
        if talk.get("letter_key") is None:
            talk.set("letter_key", uuid.uuid4().hex)
        return "letter_choice"


def claim_of(talk: Talk, order: OrderView) -> Route | None:
    """The right by law that the letter rests on; None where there is none open."""
    item = order.item(int(talk.get("letter_items")[0]))
    if item is None or not has_arrived(item):
        return None
    return claim(decide_item(talk, order, item, Reason(talk.get("letter_reason"))))


def writing(talk: Talk) -> Writing:
    """What the letter would say now."""
    items = talk.get("letter_items")
    return Writing(
        order_number=talk.get("order_number"),
        items=tuple(int(item) for item in items),
        reason=Reason(talk.get("letter_reason")),
        remedy=talk.get("letter_remedy"),
        is_second_stage=is_second_stage(talk),
        words=talk.get("letter_words") or "",
        answers=_answers(talk, items[0]),
    )


def _answers(talk: Talk, item_id: str) -> dict[str, object]:
    order = identify.verified_order(talk)
    item = order.item(int(item_id))
    return answers_about(talk, order, item) if item else {}


def is_second_stage(talk: Talk) -> bool:
    """Whether the buyer says that the seller had its chance."""
    return bool(talk.get("letter_stage") == SECOND)


def offered_remedies(talk: Talk) -> tuple[str, ...]:
    """What the buyer may ask for now."""
    route = claim_of(talk, identify.verified_order(talk))
    return remedies(route.id, second=is_second_stage(talk)) if route else ()


def _take_item(talk: Talk, order: OrderView) -> None:
    if talk.get("letter_items") is None:
        chosen = [str(item.id) for item in order.items if str(item.id) in (talk.get("items") or ())]
        if len(order.items) == 1:
            chosen = [str(order.items[0].id)]
        if len(chosen) == 1:
            talk.set("letter_items", chosen)


def _take_reason(talk: Talk, reason: str | None) -> None:
    if reason in {fault.value for fault in FAULTS}:
        talk.set("letter_reason", reason)


def _read_items(talk: Talk) -> None:
    chosen = reading.items(talk, identify.verified_order(talk).items)
    if chosen and len(chosen) == 1:
        talk.set("letter_items", chosen)
    elif chosen or talk.intent == "inform":
        talk.ask_again("utter_letter_one_item")


def _read_reason(talk: Talk) -> None:
    said = reading.reason(talk) or (None if talk.is_tap else reason_in(talk.text))
    _take_reason(talk, said)
    if said and not talk.get("letter_reason"):
        talk.set("outcome", NO_CLAIM)


def _read_words(talk: Talk) -> None:
    if reading.choice(talk, NO_WORDS):
        talk.set("letter_words", NOTHING_MORE)
        return
    short = len(talk.text.split()) <= _FEW
    if talk.is_tap or talk.intent in ("stop", "ask_human", "ask_why") or "?" in talk.text:
        return
    if short and (reading.yes_no(talk) is False or talk.intent in ("deny", "defer")):
        talk.set("letter_words", NOTHING_MORE)
    elif len(talk.text) > WORDS_CHARS:
        talk.ask_again("utter_letter_words_too_long", max_chars=WORDS_CHARS)
    elif any(character.isalnum() for character in talk.text):
        talk.set("letter_words", talk.text.strip())
        talk.clear("letter_asks")


def _read_remedy(talk: Talk) -> None:
    offered = offered_remedies(talk)
    tapped = reading.choice(talk, *offered, FIRST, SECOND)
    if tapped in (FIRST, SECOND):
        talk.set("letter_stage", tapped)
    elif tapped:
        _set_remedy(talk, tapped)
    elif not talk.is_tap and "?" not in talk.text:
        _read_typed_remedy(talk, offered)


def _read_typed_remedy(talk: Talk, offered: tuple[str, ...]) -> None:
    if not is_second_stage(talk) and _SECOND_STAGE.search(talk.text):
        talk.set("letter_stage", SECOND)
        offered = offered_remedies(talk)
    text = talk.text
    named = [key for key, words in _REMEDIES.items() if re.search(words, text, re.I)]
    fitting = [key for key in named if key in offered]
    if len(fitting) == 1:
        _set_remedy(talk, fitting[0])
    elif named and not fitting:
        talk.ask_again("utter_letter_comes_second")
    elif talk.intent in ("inform", "affirm") and not talk.has_changed:
        talk.ask_again("utter_letter_remedy_unclear")


def _set_remedy(talk: Talk, remedy: str) -> None:
    talk.set("letter_remedy", remedy)
    talk.clear("letter_asks")


def _read_choice(talk: Talk) -> None:
    """Only an explicit yes sends; a tapped one must carry this letter's own key."""
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("letter_key"):
            talk.set("letter_choice", SEND)
        elif reading.choice(talk, PDF):
            talk.set("letter_choice", PDF)
        elif talk.intent == "deny":
            talk.set("outcome", DECLINED)
    elif identify.names_other_order(talk):
        identify.take_entities(talk)
        talk.clear(*OWN)
    elif _PDF_ONLY.fullmatch(talk.text):
        talk.set("letter_choice", PDF)
    elif reading.consents(talk) or says_send(talk):
        talk.set("letter_choice", SEND)
    elif reading.yes_no(talk) is False:
        talk.set("outcome", DECLINED)
    elif "?" not in talk.text and says(talk.text, "rewrite"):
        talk.clear("letter_words", "letter_key")
        talk.set("letter_asks", "letter_words")
    elif talk.intent in ("affirm", "inform"):
        talk.ask_again("utter_letter_confirm_unclear")

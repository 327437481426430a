"""Writing to the seller of an order (H1): the order, the words, a preview, an explicit yes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from actions import identify, reading
from actions.answers import answer
from actions.exchange import (
    MESSAGE_CHARS,
    begin_exchange,
    draft_of_exchange,
    is_exchange,
    note_exchange,
    without_identity,
)
from actions.forms.base import Form
from actions.not_understood import asks_what_now
from actions.talk import Talk
from bot.understanding.answers import says
from bot.words import label

CHANGE = "change"
EXCHANGE = "exchange"
WISH = "wish"
"""Of a button: what the buyer wished for, told beside the reason of a return."""
_TELL = re.compile(
    r"\b(?:tell|ask|message|write(?: to)?|contact|let)\s+"
    r"(?:the |my )?(?:seller|shop|store|vendor)\b"
    r"(?:\s+know)?\s*(?::|,|-)?\s*(?:that\s+|to say\s+|saying\s+)?(?P<words>.+)",
    re.I | re.S,
)
_ABOUT_ORDER = re.compile(r"^(?:about|for|on|regarding|of|to)\b|^(?:order|#)\b|^please\W*$", re.I)
"""How words begin that don't stand on their own: "ask the seller to take it"."""
_MIN_WORDS = 3
_DETAILS = frozenset(
    {
        *("inform", "ask_exchange", "modify_order", "nlu_fallback", "out_of_scope"),
        *("correct_item", "correct_answer", *reading.REASONS),
    }
)
"""Intents that a detail may have, such as "size L", "the blue one" or "it's too small"."""
_YES_FIRST = re.compile(r"^\W*(?:yes|yeah|yep|ok|okay)\b(?:\W*(?:but|and|please)\b)?\W*", re.I)
_COMMAND_WORDS = 8
"""A command such as "stop" is short; in more words it may be what the seller is to read."""
_COMMANDS = frozenset(
    {
        "stop",
        "ask_human",
        "ask_why",
        "bot_challenge",
        "ask_capabilities",
        "greet",
        "thanks",
        "goodbye",
        "small_talk",
        "other_language",
    }
)
_NOT_ANSWERED_HERE = frozenset(
    {"modify_order", "payment_problem", "account_problem", "contact_seller", "ask_exchange"}
)
"""Needs that we don't serve ourselves: there is no answer to offer instead of the message."""
_ANSWERS = frozenset({"affirm", "deny", "defer", "inform", "nlu_fallback", "out_of_scope"})


class ValidateSellerForm(Form):
    """Collects a message for a seller up to the buyer's explicit yes."""

    form = "seller_form"
    triggers = frozenset({"contact_seller"})
    need = "contact_seller"
    free_text = frozenset({"seller_message"})
    resets = ("seller_message", "seller_need", "confirm_seller", "seller_key")

    def start(self, talk: Talk) -> None:
        """Takes the order and the words that the first message has, or drafts an exchange."""
        super().start(talk)
        if reading.choice(talk, EXCHANGE):
            begin_exchange(talk)
        elif reading.choice(talk, WISH):
            talk.set("seller_message", talk.get("unsent_words"))
        if talk.is_tap or is_exchange(talk):
            # The draft is made once the order's items are known.
            return
        words = words_for_seller(talk.text) or talk.get("unsent_words")
        if words:
            talk.set("seller_message", words)
        else:
            talk.say("utter_contact_seller")

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Readers of number, e-mail, the words and the yes."""
        return {
            "order_number": identify.read_order_number,
            "email": identify.read_email,
            "seller_message": _read_message,
            "confirm_seller": _read_confirm,
        }

    def next_step(self, talk: Talk) -> str | None:
        """Number, e-mail, the words, then the yes."""
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        if is_exchange(talk) and not talk.get("seller_message"):
            talk.set("seller_message", draft_of_exchange(talk, identify.verified_order(talk)))
        if not talk.get("seller_message"):
            # A "no" here means that there is nothing to tell.
            return None if talk.get("confirm_seller") is False else "seller_message"
        if talk.get("confirm_seller") is not None:
            return None
        if talk.get("seller_key") is None:
            talk.set("seller_key", uuid.uuid4().hex)
        return "confirm_seller"


def words_for_seller(text: str) -> str | None:
    """What a first message already wants the seller to read.

    Args:
        text: such as "tell the seller that the zip is broken, order 40010001".

    Returns:
        "the zip is broken"; None when it only asks for the seller.
    """
    found = _TELL.search(text)
    if not found:
        return None
    words = without_identity(found["words"])
    if len(words.split()) < _MIN_WORDS or _ABOUT_ORDER.search(words):
        return None
    return words[:MESSAGE_CHARS]


def _read_message(talk: Talk) -> None:
    """Keeps the words as they are; a short command stays one."""
    identify_other = identify.names_other_order(talk) and len(talk.text.split()) < _MIN_WORDS
    if identify_other:
        identify.take_entities(talk)
        return
    if talk.is_tap:
        if reading.choice(talk, EXCHANGE):
            begin_exchange(talk)
        elif talk.intent == "deny":
            talk.set("confirm_seller", False)
        return
    is_short = len(talk.text.split()) <= _COMMAND_WORDS
    if asks_what_now(talk) or (is_short and talk.intent in _COMMANDS):
        return
    if is_short and reading.yes_no(talk) is False:
        talk.set("confirm_seller", False)
        return
    if is_short and (talk.intent == "defer" or reading.yes_no(talk) is not None):
        talk.ask_again("utter_seller_message_help")
        return
    if len(talk.text) > MESSAGE_CHARS:
        talk.ask_again("utter_seller_message_too_long", max_chars=MESSAGE_CHARS)
        return
    _take_words(talk)


def _take_words(talk: Talk) -> None:
    words = talk.text.strip()
    if not any(character.isalnum() for character in words):
        talk.ask_again("utter_seller_message_help")
        return
    talk.set("seller_message", words)
    # A question such as "where is my order?" may be for us: the preview offers to answer it.
    others = _ANSWERS | _COMMANDS | _NOT_ANSWERED_HERE
    needs_us = talk.intent not in others and bool(label("intent", talk.intent))
    talk.set("seller_need", talk.intent if needs_us else None)


def _read_confirm(talk: Talk) -> None:
    """Only an explicit yes sends; a tapped one must be this message's."""
    if talk.is_tap:
        if talk.intent == "affirm" and talk.entity("confirm") == talk.get("seller_key"):
            talk.set("confirm_seller", True)
        elif talk.intent == talk.get("seller_need"):
            # What was typed was for us; the seller isn't to read it.
            if answer(talk):
                _write_anew(talk)
        elif reading.choice(talk, CHANGE):
            _write_anew(talk)
        elif talk.intent == "deny":
            talk.set("confirm_seller", False)
    elif identify.names_other_order(talk):
        identify.take_entities(talk)
        talk.clear("seller_key")
    elif reading.consents(talk) or says_send(talk):
        talk.set("confirm_seller", True)
    elif _adds_to_exchange(talk):
        note_exchange(talk, _YES_FIRST.sub("", talk.text.strip()))
        talk.clear("seller_message", "seller_key")
        talk.say("utter_exchange_added")
    elif "?" not in talk.text and (talk.intent == "correct_answer" or says(talk.text, "rewrite")):
        _write_anew(talk)
    elif reading.yes_no(talk) is False:
        talk.set("confirm_seller", False)
    elif talk.intent in ("affirm", "inform"):
        talk.ask_again("utter_seller_confirm_unclear")


def _adds_to_exchange(talk: Talk) -> bool:
    """Whether what was typed at the preview tells what the exchange is to be."""
    if not is_exchange(talk) or talk.text.rstrip().endswith("?") or says(talk.text, "rewrite"):
        return False
    if talk.intent == "affirm":
        # "Yes, but size L": a bare yes was taken before.
        return len(_YES_FIRST.sub("", talk.text).split()) > 1
    return talk.intent in _DETAILS and reading.yes_no(talk) is None


def says_send(talk: Talk) -> bool:
    """Whether a typed message says to send it, and nothing else."""
    return bool(
        re.fullmatch(
            r"(?:yes\W+|ok\W+|please\W+)*send(?: it)?(?: please| now)?\W*", talk.text, re.I
        )
    )


def _write_anew(talk: Talk) -> None:
    """Forgets the words; a new key, so that the old preview's yes sends nothing."""
    talk.clear("seller_message", "seller_need", "seller_key", "exchange")

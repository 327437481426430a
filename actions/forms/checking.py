"""Checks what a buyer may do, with an order or without, and files nothing."""

from __future__ import annotations

from collections.abc import Callable

from actions import identify, reading
from actions.facts import PATHS, first_missing_slot
from actions.forms import choosing
from actions.forms.answering import read_reason, take_stated
from actions.forms.base import Form
from actions.forms.filing import ValidateFileReturnForm, correct_case, wants_rules_only
from actions.general_question import decide_in_general
from actions.talk import Talk
from actions.what_if import facts_said, is_what_if, take_what_if

WITH_ORDER, WITHOUT_ORDER = "yes", "no"


class ValidateCheckForm(Form):
    """Collects what a decision needs; asks for no e-mail unless there is an order."""

    form = "check_form"
    triggers = frozenset({"check_eligibility", *reading.REASONS})
    need = "check_eligibility"
    resets = ("order_known",)

    def start(self, talk: Talk) -> None:
        """Takes everything the question already says, and answers without an order if it can."""
        if is_what_if(talk):
            talk.clear("outcome", "misses")
            take_what_if(talk)
            return
        super().start(talk)
        read_reason(talk)
        if not talk.is_tap:
            talk.set("first_words", talk.text)
            take_stated(talk)
        if wants_rules_only(talk):
            # Offered to who has no order number at hand.
            talk.set("order_known", WITHOUT_ORDER)
            return
        if identify.says_no_number(talk):
            talk.say("utter_without_number")
            talk.set("order_known", WITHOUT_ORDER)
            self._take_general_facts(talk)
            return
        if talk.get("order_number") or identify.known_order(talk):
            talk.set("order_known", WITH_ORDER)
            return
        self._take_general_facts(talk)

    def correct(self, talk: Talk) -> None:
        """As in the filing dialogue."""
        correct_case(talk)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        filing = ValidateFileReturnForm().readers()
        steps = ("order_number", "email", "items", "reason", "same_answers", *PATHS)
        own = {"order_known": _read_order_known, "order_number": _read_order_number}
        return {**{slot: _or_facts(filing[slot]) for slot in steps}, **own}

    def next_step(self, talk: Talk) -> str | None:
        """The next slot to ask for; None when the decision is complete."""
        if not talk.get("order_known") and identify.own_orders(talk):
            talk.set("order_known", WITH_ORDER)
        if not talk.get("order_known"):
            return "order_known"
        if talk.get("order_known") == WITHOUT_ORDER:
            if not talk.get("reason"):
                return "reason"
            return first_missing_slot(decide_in_general(talk).missing, talk.slots)
        return self._next_with_order(talk)

    def _next_with_order(self, talk: Talk) -> str | None:
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        return choosing.next_item_step(talk, identify.verified_order(talk), count=False)

    def _take_general_facts(self, talk: Talk) -> None:
        said = {} if talk.is_tap else facts_said(talk)
        for slot, value in said.items():
            talk.set(slot, value)
        if said:
            talk.set("order_known", WITHOUT_ORDER)


def _or_facts(read: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """Reads the answer or, in a check without an order, what is told instead.

    That may be a fact ("its 5 days") or the order's number after all.
    """

    def reader(talk: Talk) -> None:
        is_general = talk.get("order_known") == WITHOUT_ORDER and not talk.is_tap
        if is_general and talk.entity("order_number"):
            identify.take_entities(talk)
            if talk.get("order_number"):
                talk.set("order_known", WITH_ORDER)
                return
        read(talk)
        if talk.has_changed or not is_general or "?" in talk.text:
            return
        said = facts_said(talk)
        for slot, value in said.items():
            if talk.get(slot) is None:
                talk.set(slot, value)
        if said:
            talk.set("misses", 0)
            talk.say("utter_noted")

    return reader


def _read_order_known(talk: Talk) -> None:
    identify.take_entities(talk)
    if talk.get("order_number"):
        talk.set("order_known", WITH_ORDER)
        return
    answer = reading.yes_or_no_first(talk)
    if answer is not None:
        talk.set("order_known", WITH_ORDER if answer is True else WITHOUT_ORDER)


def _read_order_number(talk: Talk) -> None:
    if wants_rules_only(talk):
        talk.set("order_known", WITHOUT_ORDER)
    else:
        identify.read_order_number(talk)

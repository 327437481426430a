"""The filing dialogue: order, items, reasons, what the decision lacks, the way, the summary, yes.

Source: H2 (choose items, give a reason, upload information, submit), H4 (refund method).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from actions import evidence, identify, reading
from actions.case import Case, current_case, names_of, request_in_hand, ways_in_hand
from actions.cases import drop, note, take_up
from actions.exchange import MESSAGE_CHARS, without_identity
from actions.facts import CONDITIONS
from actions.forms import choosing, confirming
from actions.forms.answering import (
    fact_readers,
    read_reason,
    take_came_empty,
    take_stated,
)
from actions.forms.base import Form, states_other_reason
from actions.forms.turning import turn_around, worked_at_first
from actions.item_answers import change_items, replaces_item
from actions.outcomes import DECLINED, NO_ROUTE, NOT_HERE, WITHDRAW
from actions.talk import Talk
from actions.tell_decision import tell_case
from actions.what_if import CHECK_AGAIN, is_what_if
from actions.withdraw_button import RIGHTS
from actions.wording import named_route
from bot.policy.decision import RouteId
from bot.policy.facts import Reason, ShipmentStatus
from bot.understanding.answers import says
from bot.understanding.item_words import has_words, reason_in, reason_told
from bot.words import label

_RULES_ONLY = re.compile(
    r"\btell me the rules\b|^\W*(?:the )?rules\W*$"
    r"|\bwithout (?:it|one|an order|a number|(?:an |the |my )?order number)\b",
    re.I,
)
_WHY_PHOTOS = re.compile(
    r"\bwhy\b.{0,40}\b(?:photos?|pictures?|pics?|evidence|proof)\b[^?]{0,30}\?", re.I
)
LATER, CHANGE, ENOUGH = "later", "change", "enough"
_ENOUGH = re.compile(
    r"^\W*(?:that.?s (?:all|it|everything)|that is (?:all|it|everything)|done|finished|no more"
    r"|nothing (?:else|more)|go on|continue|next)\b",
    re.I,
)
"""Says that no more photos come."""
_MOST_WORDS = 2000
REFUNDS = frozenset({"refund", "full_refund"})
_OWN_REASONS = frozenset({"reason", "items", "more_items"})
"""Questions whose answer may tell a reason without taking one back."""
_AFTER_THE_DECISION = frozenset({"route", "refund_method", "evidence"})
_PARTS_MAY_COME = frozenset({"shortage", "arrived_damaged", "not_as_described"})
"""Reasons for which the seller may send a part, or another item, instead of money."""
_NO_FAULT = frozenset({"change_of_mind", "not_arrived"})
_OF_AN_ITEM = frozenset({"reason", "quantity", "same_answers", "discovered_on", *CONDITIONS})
CHANGEABLE = frozenset({"reason", "route", "refund_method", "evidence"})


class ValidateFileReturnForm(Form):
    """Collects a return request up to the buyer's explicit yes."""

    form = "file_return_form"
    triggers = frozenset({"file_return", "check_eligibility", *reading.REASONS})
    need = "file_return"
    resets = ("confirm",)
    supersedes = frozenset({"check_form"})

    def start(self, talk: Talk) -> None:
        """Takes order number, e-mail, reason and states of the item out of the first message."""
        if is_what_if(talk) or identify.says_no_number(talk):
            talk.set("outcome", CHECK_AGAIN)
            return
        super().start(talk)
        talk.clear("last_check")
        if reading.choice(talk, CHANGE):
            # "Change my answers", after a no: the reason is what a no hangs on most.
            talk.clear("reason", "first_words")
        read_reason(talk)
        if talk.get("reason") == "arrived_damaged" and not talk.is_tap and worked_at_first(talk):
            talk.set("reason", "stopped_working")
        self.correct(talk)
        if not talk.is_tap and not reading.consents(talk):
            talk.set("first_words", talk.text)
            take_stated(talk)
            take_came_empty(talk)
            _tell_beside(talk)
            if _WHY_PHOTOS.search(talk.text):
                talk.say("utter_why_evidence")
            elif evidence.says_attached(talk) and not evidence.given(talk):
                talk.say("utter_how_to_attach")

    def correct(self, talk: Talk) -> None:
        """Another order, another item, or back to an earlier question."""
        correct_case(talk)

    def _read(self, talk: Talk, requested: str) -> None:
        if not turn_around(talk):
            super()._read(talk, requested)

    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """A reader for each slot that the form may ask for."""
        own = {
            "order_number": _read_order_number,
            "email": identify.read_email,
            "items": choosing.read_items,
            "reason": _read_reasons,
            "quantity": choosing.read_quantity,
            "same_answers": choosing.read_same_answers,
            "route": _read_route,
            "evidence": _read_evidence,
            "refund_method": _read_refund_method,
            "more_items": choosing.read_more_items,
            "confirm": confirming.read_confirm,
        }
        readers = {**fact_readers(), **own}
        return {slot: or_other_reason(slot, read) for slot, read in readers.items()}

    def next_step(self, talk: Talk) -> str | None:
        """The next slot to ask for; None once confirmed, declined, or without a way."""
        if talk.get("outcome") == CHECK_AGAIN:
            return None
        step = identify.next_identity_step(talk)
        if step or talk.get("outcome"):
            return step
        order = identify.verified_order(talk)
        if choosing.tell_if_closed(talk, order):
            return None
        step = choosing.next_item_step(talk, order)
        if step or talk.get("outcome"):
            return step
        case = current_case(talk)
        return self._after_decision(talk, case) if case else "items"

    def _after_decision(self, talk: Talk, case: Case) -> str | None:
        if _says_not_here(case):
            talk.set("outcome", NOT_HERE)
            return None
        if not case.any_open:
            talk.set("outcome", NO_ROUTE)
            return None
        closed = tuple(part for part in case.parts if not part.open_routes)
        if closed:
            tell_case(talk, Case(case.order, closed))
            drop(talk, [part.id for part in closed])
            talk.say("utter_goes_on_without")
        for group in case.by_ways():
            if not group.open_routes:
                continue
            if any(part.chosen is None for part in group.parts):
                take_up(talk, group.parts[0].id)
                return "route"
        request = request_in_hand(talk)
        return self._before_confirmation(talk, request) if request else "items"

    def _before_confirmation(self, talk: Talk, request: Case) -> str | None:
        if is_withdrawal(request):
            return self._before_withdrawal(talk, request)
        cancels = request.parts[0].route == RouteId.CANCELLATION.value
        step = None if cancels else self._lacks(talk, request)
        if step:
            return step
        return None if confirming.is_confirmed(talk, request) else "confirm"

    def _before_withdrawal(self, talk: Talk, request: Case) -> str | None:
        """More goods may go into the statement; the rest is the withdrawing dialogue's."""
        take_up(talk, request.parts[0].id)
        if talk.get("more_items") is None and choosing.items_left(talk, request.order):
            return "more_items"
        talk.set("outcome", WITHDRAW)
        return None

    def _lacks(self, talk: Talk, request: Case) -> str | None:
        take_up(talk, request.parts[0].id)
        chosen = [part.chosen for part in request.parts]
        if any(way and way.evidence for way in chosen) and talk.get("evidence") is None:
            # Who has given photos unasked isn't asked for them.
            if talk.tracker.slots.get("requested_slot") == "evidence" or not evidence.given(talk):
                return "evidence"
            talk.set("evidence", [])
        pays = any(way and way.remedy in REFUNDS for way in chosen)
        if pays and talk.get("refund_method") is None:
            return "refund_method"
        if talk.get("more_items") is None and choosing.items_left(talk, request.order):
            return "more_items"
        return None


def is_withdrawal(request: Case) -> bool:
    """Whether the chosen way is a withdrawal by law of whole items.

    A statement names goods, not pieces of them: some of several pieces are filed as a request.
    """
    by_law = request.parts[0].route in {way.value for way in RIGHTS}
    return by_law and all(p.quantity == p.item.pieces_left for p in request.parts)


def _wants_part(text: str) -> bool:
    """Whether the missing part, or another item, is wanted and no money."""
    return has_words(text, "wants_part") and not has_words(text, "wants_money")


def _tell_beside(talk: Talk) -> None:
    """Answers what the first message asks or wants beside its reason."""
    if says(talk.text, "rules_asked", "repair_cost"):
        talk.say("utter_repair_cost_in_between")
    elif talk.get("reason") in _PARTS_MAY_COME and _wants_part(talk.text):
        talk.set("unsent_words", without_identity(talk.text)[:MESSAGE_CHARS])
        talk.say("utter_wants_part")


def _says_not_here(case: Case) -> bool:
    """Whether the carrier says delivered and the buyer has nothing of what is asked for (P3)."""
    delivered = case.order.shipment.status is ShipmentStatus.DELIVERED
    return delivered and all(part.reason == Reason.NOT_ARRIVED for part in case.parts)


def wants_rules_only(talk: Talk) -> bool:
    """Whether "Tell me the rules" was tapped or typed, for who has no order number."""
    if talk.is_tap:
        return talk.intent == "check_eligibility" and bool(reading.choice(talk, "no"))
    return bool(_RULES_ONLY.search(talk.text))


def _read_order_number(talk: Talk) -> None:
    if wants_rules_only(talk):
        talk.set("outcome", CHECK_AGAIN)
        return
    identify.read_order_number(talk)
    if talk.has_changed and talk.get("first_words") and not talk.is_tap:
        # "The scale is broken too, order 40010022": what it says of the item counts as well.
        talk.set("first_words", f"{talk.get('first_words')}. {talk.text}"[:_MOST_WORDS])
    if talk.has_changed and talk.get("reason") is None:
        read_reason(talk)


def correct_case(talk: Talk) -> None:
    """Takes back the order, the item, or the answer to an earlier question."""
    if talk.intent == "correct_order":
        identify.take_other_order(talk)
    elif talk.intent == "correct_item":
        order = identify.known_order(talk)
        if not (order and change_items(talk, order.items)):
            identify.forget_items(talk)
    elif talk.intent == "correct_answer":
        _step_back(talk)


def _step_back(talk: Talk) -> None:
    at_summary = talk.get("requested_slot") == "confirm" and not talk.is_tap
    talk.clear("is_paused")
    if at_summary and confirming.change_of_mind(talk):
        return
    named = reading.choice(talk, *CHANGEABLE)
    target = named or talk.tracker.slots.get("last_step")
    if target == "reason":
        identify.forget_filing(talk)
    if target in ("order_number", "email"):
        identify.forget_order(talk)
    elif target == "items":
        identify.forget_items(talk)
    elif target:
        # A new key: the yes of the summary before doesn't confirm the one after.
        talk.clear(target, "confirm", "filing_key", "summed_up")


def or_other_reason(slot: str, read: Callable[[Talk], None]) -> Callable[[Talk], None]:
    """Reads the answer, or the reason that the message states instead.

    A known reason changes only with a word of correction ("actually it arrived broken"): "it fell
    and cracked" answers the question for damage.
    """

    def reader(talk: Talk) -> None:
        if slot == "order_number" and not talk.get("reason") and identify.takes_own_order(talk):
            # The bare name of an item is easily taken for a reason, so only its words count.
            if told := reason_told(talk.text):
                talk.set("reason", told)
            return
        other = None if slot in _OWN_REASONS else states_other_reason(talk)
        known = talk.get("reason")
        if not other or not (known is None or reading.is_correction(talk) or _is_new(talk, slot)):
            _read_or_change_items(talk, slot, read)
        elif not confirming.change_reason(talk):
            was_known = talk.get("reason") is not None
            read_reason(talk)
            if was_known:
                talk.say("utter_reason_changed", reason=label("reason", other))

    return reader


def _is_new(talk: Talk, slot: str) -> bool:
    """Whether the reason that is said once the way was told makes the case another one.

    "But I don't want it anymore", of a late parcel, does. One fault for another doesn't: "it's
    broken" is said of what stopped working, too. Nor does a no to the question.
    """
    told = slot in _AFTER_THE_DECISION and not talk.is_tap and "?" not in talk.text
    reasons = {talk.get("reason"), reading.reason(talk)}
    return told and bool(reasons & _NO_FAULT) and reading.yes_or_no_first(talk) is not False


def _read_or_change_items(talk: Talk, slot: str, read: Callable[[Talk], None]) -> None:
    """Reads the answer, or another item instead ("drop the pan, it's the scale")."""
    order = identify.known_order(talk) if slot in _OF_AN_ITEM else None
    if order and replaces_item(talk, order.items):
        talk.say("utter_item_changed", items=names_of(order, choosing.chosen_items(talk, order)))
    else:
        read(talk)


def _read_reasons(talk: Talk) -> None:
    """Reads what happened to the item in work, and to the others where the answer says so."""
    same = reading.choice(talk, "same")
    if same:
        _take_same_reason(talk)
        return
    known = talk.get("reason")
    read_reason(talk)
    said = None if talk.is_tap or "?" in talk.text else reason_in(talk.text)
    if talk.get("reason") is None and said:
        talk.set("reason", said)
    if talk.get("reason") != known:
        take_stated(talk)
        choosing.spread_reason(talk)
    elif not talk.is_tap and has_words(talk.text, "same_for_all"):
        _take_same_reason(talk)


def _take_same_reason(talk: Talk) -> None:
    case = current_case(talk)
    if case:
        talk.set("reason", case.parts[0].reason)


def _read_route(talk: Talk) -> None:
    case = ways_in_hand(talk)
    if case is None or confirming.read_pause(talk):
        return
    offered = [route.value for route in case.open_routes]
    tapped = reading.choice(talk, *offered, DECLINED)
    if tapped:
        _take_route(talk, case, tapped)
    if talk.is_tap:
        return
    named = named_route(talk.text, offered)
    if named:
        _take_route(talk, case, named)
    elif reading.consents(talk) and len(offered) == 1:
        _take_route(talk, case, offered[0])
    elif change_items(talk, case.order.items):
        talk.say("utter_correction_taken")
    elif reading.yes_no(talk) is False:
        _take_route(talk, case, DECLINED)
    elif talk.intent in ("affirm", "inform"):
        talk.ask_again("utter_route_unclear")


def _take_route(talk: Talk, case: Case, route: str) -> None:
    """Takes the way for all items that the question was about; who chooses has thought it over."""
    talk.clear("is_paused")
    if route != DECLINED:
        for part in case.parts:
            note(talk, part.id, route=route)
        return
    if len(case.parts) == len(talk.get("items")):
        talk.set("outcome", DECLINED)
        return
    drop(talk, [part.id for part in case.parts])
    talk.say("utter_left_out", items=case.title)


def _read_evidence(talk: Talk) -> None:
    links = reading.links(talk)
    if not links and not talk.is_tap and evidence.explains(talk):
        talk.set("misses", talk.get("misses") or 0)
        return
    enough = reading.choice(talk, ENOUGH) or (not talk.is_tap and _ENOUGH.search(talk.text))
    later = reading.choice(talk, LATER) or reading.does_not_know(talk) or talk.intent == "deny"
    has_none = not talk.is_tap and says(talk.text, "no") and says(talk.text, "no_evidence")
    if links:
        talk.set("evidence", links)
    elif later or enough or has_none or (not talk.is_tap and reading.yes_no(talk) is False):
        talk.set("evidence", [])
    elif talk.intent in ("inform", "affirm"):
        talk.ask_again("utter_evidence_unclear")


def _read_refund_method(talk: Talk) -> None:
    confirming.read_refund_method(talk)
    if not talk.has_changed and not talk.is_tap:
        order = identify.known_order(talk)
        if order and change_items(talk, order.items):
            talk.say("utter_correction_taken")

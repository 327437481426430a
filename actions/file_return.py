"""Ends the filing dialogue: files the request, cancels the order, or says why not."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import identify
from actions.case import Case, current_case, order_answers
from actions.forms.base import FAILED
from actions.forms.filing import ALREADY_DONE, DECLINED, NO_ROUTE, ROUTES_DIFFER
from actions.identify import LOCKED
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_decision import tell_case, tell_decision
from bot.desk import (
    AlreadyCancelled,
    AlreadyFiled,
    AlreadyShipped,
    Filing,
    FilingItem,
    NotEligible,
    QuotaExhausted,
    RefundMethod,
    RequestView,
)
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from bot.words import say

SAID_ALREADY = frozenset({FAILED, LOCKED, ALREADY_DONE})


class ActionFileReturn(SafeAction):
    """Files with the desk, which decides again and writes once."""

    action_name = "action_file_return"

    def act(self, talk: Talk) -> list[EventType]:
        """Says the request number, or what happened instead."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        if outcome in SAID_ALREADY:
            return []
        if outcome == DECLINED:
            identify.forget_filing(talk)
            talk.say("utter_stopped")
            return []
        case = current_case(talk)
        if case is None:
            talk.say("utter_nothing_to_confirm")
        elif outcome == ROUTES_DIFFER:
            identify.forget_items(talk)
            talk.say("utter_routes_differ")
        elif outcome == NO_ROUTE or not talk.get("confirm"):
            tell_no_route(talk, case)
        else:
            _file(talk, case)
        return []


def tell_no_route(talk: Talk, case: Case) -> None:
    """Explains a "no" with every route and clause, and what can still be done."""
    tell_case(talk, case)
    talk.say("utter_no_route_next")
    # Other answers may change it, so they are asked anew next time.
    identify.forget_items(talk)


def _file(talk: Talk, case: Case) -> None:
    try:
        if talk.get("route") == RouteId.CANCELLATION.value:
            cancel(talk, case.order.number)
        else:
            request = get_desk().file(talk.conversation_id, _filing(talk, case))
            talk.set(
                "last_filed", {"key": talk.get("filing_key"), "request_number": request.number}
            )
            _tell_filed(talk, request)
    except AlreadyFiled as error:
        talk.say("utter_already_filed", request_number=error.request_number)
    except QuotaExhausted as error:
        talk.say("utter_quota_exhausted", limit=error.limit)
        talk.clear("route", "confirm", "filing_key")
        return
    except NotEligible as error:
        talk.say("utter_decision_changed")
        tell_decision(talk, error.decision, case.title)
        talk.say("utter_no_route_next")
    talk.clear("reason")
    identify.forget_items(talk)


def cancel(talk: Talk, order_number: str) -> None:
    """Cancels the order, once, and tells the buyer."""
    desk, conversation_id = get_desk(), talk.conversation_id
    try:
        desk.cancel(conversation_id, order_number, f"{conversation_id}:{order_number}")
    except AlreadyShipped:
        talk.say("utter_already_shipped", order_number=order_number)
    except AlreadyCancelled:
        talk.say("utter_already_cancelled", order_number=order_number)
    except AlreadyFiled as error:
        talk.say("utter_not_cancelled_filed", request_number=error.request_number)
    except NotEligible:
        talk.say("utter_not_cancelled_unpaid", order_number=order_number)
    else:
        talk.say("utter_cancelled", order_number=order_number)


def _filing(talk: Talk, case: Case) -> Filing:
    given = order_answers(talk)
    return Filing(
        key=talk.get("filing_key"),
        order_number=case.order.number,
        items=tuple(
            FilingItem(item.id, item.quantity, Reason(talk.get("reason")), given)
            for item in case.items
        ),
        route=RouteId(talk.get("route")),
        refund_method=RefundMethod(talk.get("refund_method") or RefundMethod.ORIGINAL_PAYMENT),
        evidence=tuple(talk.get("evidence") or ()),
        transcript=talk.transcript(of_this_order=True),
    )


def _tell_filed(talk: Talk, request: RequestView) -> None:
    if not request.label:
        next_steps = say("utter_filed_next_default")
    elif request.label.shared:
        next_steps = say("utter_filed_next_shared_label", label=request.label.number)
    else:
        next_steps = say("utter_filed_next_label", label=request.label.number)
    if talk.get("evidence") == []:
        next_steps += " " + say("utter_filed_add_later")
    card = {"type": "receipt", "request_number": request.number}
    talk.say(
        "utter_filed",
        custom={"card": card},
        request_number=request.number,
        next_steps=next_steps,
    )

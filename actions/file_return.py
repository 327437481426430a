"""Ends the filing dialogue: files the request, cancels the order, or says why not."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction

from actions import evidence, identify
from actions.ask_confirm import say_plan
from actions.case import Case, current_case, remember_told, request_in_hand
from actions.cases import drop, note
from actions.offers import offer
from actions.outcomes import (
    DECLINED,
    NO_ROUTE,
    NOT_HERE,
    NOTHING_CHOSEN,
    SAID_ALREADY,
    WITHDRAW,
)
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_decision import tell_case, tell_decision
from actions.what_if import CHECK_AGAIN
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
    TooManyFiles,
)
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from bot.request_links import PATH, address, request_links
from bot.settings import get_settings
from bot.words import say


class ActionFileReturn(SafeAction):
    """Files with the desk, which decides again and writes once."""

    action_name = "action_file_return"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the request number, or what happened instead; goes on with what is left."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        if outcome in SAID_ALREADY:
            return []
        if outcome == CHECK_AGAIN:
            return [FollowupAction("check_form")]
        if outcome in (DECLINED, NOTHING_CHOSEN):
            identify.forget_filing(talk)
            talk.say("utter_stopped")
            return []
        case = request_in_hand(talk)
        if outcome == WITHDRAW and case is not None:
            return _hand_over(talk, case)
        if outcome == NOT_HERE and case is not None:
            tell_not_here(talk, current_case(talk) or case)
        elif case is None:
            talk.say("utter_nothing_to_confirm")
        elif outcome == NO_ROUTE or not talk.get("confirm"):
            tell_no_route(talk, current_case(talk) or case)
        elif _file(talk, case):
            return _go_on(talk, case)
        return []


def _hand_over(talk: Talk, case: Case) -> list[EventType]:
    """A right by law is used with a statement, in the withdrawing dialogue."""
    whole = current_case(talk) or case
    if len(whole.requests()) > 1:
        say_plan(talk, whole)
    talk.set("withdraw_handed", [part.id for part in case.parts])
    # Whoever comes back from there chooses the way anew.
    for part in case.parts:
        note(talk, part.id, route=None)
    talk.say("utter_withdraw_handed")
    return [FollowupAction("withdraw_form")]


def tell_no_route(talk: Talk, case: Case) -> None:
    """Explains a "no" with every route and clause, and what can still be done."""
    tell_case(talk, case)
    talk.say("utter_no_route_next")
    remember_told(talk, case)
    # Other answers may change it, so they are asked anew next time.
    identify.forget_items(talk)


def tell_not_here(talk: Talk, case: Case) -> None:
    """The carrier says delivered, the buyer has nothing: a person's turn, not a withdrawal's."""
    talk.say("utter_not_here", items=case.names)
    offer(talk, "utter_not_here_next", "action_hand_off")
    identify.forget_items(talk)


def _file(talk: Talk, case: Case) -> bool:
    """Files a request, or cancels the order; says how it went.

    Returns:
        Whether this request is done with, so that the next one is due.
    """
    try:
        if case.parts[0].route == RouteId.CANCELLATION.value:
            cancel(talk, case.order.number)
            talk.clear("items")
        else:
            request = get_desk().file(talk.conversation_id, _filing(talk, case))
            talk.set(
                "last_filed", {"key": talk.get("filing_key"), "request_number": request.number}
            )
            _tell_filed(talk, case, request)
            evidence.note_filed(talk, request.number)
    except AlreadyFiled as error:
        number, left = error.request_number, error.pieces_left
        name = "utter_fewer_pieces_left" if left else "utter_already_filed"
        talk.say(name, request_number=number, left=left)
    except QuotaExhausted as error:
        talk.say("utter_quota_exhausted", limit=error.limit)
        talk.clear("confirm", "filing_key", "summed_up")
        for part in case.parts:
            note(talk, part.id, route=None)
        return False
    except TooManyFiles as error:
        talk.say("utter_files_too_many", limit=error.limit)
        talk.clear("confirm", "filing_key", "summed_up")
        return False
    except NotEligible as error:
        talk.say("utter_decision_changed")
        tell_decision(talk, error.decision, case.title)
        talk.say("utter_no_route_next")
    return True


def _go_on(talk: Talk, done: Case) -> list[EventType]:
    """Forgets what is done; a plan's next request gets its own summary and its own yes."""
    return go_on_without(talk, [part.id for part in done.parts])


def go_on_without(talk: Talk, item_ids: list[str]) -> list[EventType]:
    """Takes items out of the filing; goes on with the others, if there are any."""
    if talk.get("items"):
        drop(talk, item_ids)
    if not talk.get("items"):
        talk.clear("reason")
        identify.forget_items(talk)
        return []
    talk.clear("confirm", "filing_key", "summed_up", "told")
    return [FollowupAction("file_return_form")]


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
    return Filing(
        key=talk.get("filing_key"),
        order_number=case.order.number,
        items=tuple(
            FilingItem(part.item.id, part.quantity, Reason(part.reason), part.answers)
            for part in case.parts
        ),
        route=RouteId(case.parts[0].route),
        refund_method=RefundMethod(talk.get("refund_method") or RefundMethod.ORIGINAL_PAYMENT),
        evidence=tuple(dict.fromkeys(link for p in case.parts for link in p.evidence or ())),
        files=tuple(file.id for file in evidence.given(talk)),
        transcript=talk.transcript(of_this_order=True),
    )


def _tell_filed(talk: Talk, case: Case, request: RequestView) -> None:
    if not request.label:
        next_steps = say("utter_filed_next_default")
    elif request.label.shared:
        next_steps = say("utter_filed_next_shared_label", label=request.label.number)
    else:
        next_steps = say("utter_filed_next_label", label=request.label.number)
        if _could_send_more(case):
            next_steps += " " + say("utter_filed_more_later")
    files = evidence.given(talk)
    if files:
        next_steps = say("utter_filed_files", files=evidence.told(files)) + " " + next_steps
    elif any(part.evidence == () for part in case.parts):
        next_steps += " " + say("utter_filed_add_later")
    page = say("utter_filed_page", page=get_settings().public_url + PATH)
    card = {
        "type": "receipt",
        "request_number": request.number,
        "line": page,
        "links": _links(request),
    }
    talk.say(
        "utter_filed",
        custom={"card": card},
        request_number=request.number,
        next_steps=next_steps,
        page=page,
    )


def _links(request: RequestView) -> list[dict[str, str]]:
    """The request's page and its files, opened by keys that the proved order is reason for."""
    key = request_links(get_settings()).key(request.number)
    steps = {"": "utter_link_request", "/receipt": "utter_link_receipt"}
    if request.label is not None:
        steps["/label"] = "utter_link_label"
    return [
        {"label": say(words), "url": address(request.number, key, step)}
        for step, words in steps.items()
    ]


def _could_send_more(case: Case) -> bool:
    filed = {part.item.id: part.quantity for part in case.parts}
    return any(item.pieces_left > filed.get(item.id, 0) for item in case.order.items)

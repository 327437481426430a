"""Sums up what will be filed and asks for an explicit yes."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk.events import EventType

from actions import evidence
from actions.case import Case, current_case, names_of, request_in_hand
from actions.resources import get_clauses
from actions.resting import rests
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date, route_name
from bot.policy.decision import RouteId
from bot.words import label, say


class ActionAskConfirm(SafeAction):
    """Shows the summary; the yes button carries this filing's own key."""

    action_name = "action_ask_confirm"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_summary`, or nothing while the buyer picks what to change."""
        if talk.get("is_changing"):
            talk.set("is_changing", None)
            return []
        case, request = current_case(talk), request_in_hand(talk)
        if case is None or request is None or rests(talk):
            return []
        is_cancellation = request.parts[0].route == RouteId.CANCELLATION.value
        if len(case.requests()) > 1:
            say_plan(talk, case)
        elif _shares_order(request):
            talk.say("utter_second_request", custom={"citations": ["F11"]})
        name = "utter_summary_cancellation" if is_cancellation else "utter_summary"
        yes = "utter_confirm_cancel_button" if is_cancellation else "utter_confirm_button"
        confirm = json.dumps({"confirm": talk.get("filing_key")})
        buttons = [
            {"title": say(yes), "payload": f"/affirm{confirm}"},
            {"title": say("utter_change_button"), "payload": '/deny{"choice": "change"}'},
            {"title": say("utter_stop_button"), "payload": "/stop"},
        ]
        values = summary_values(talk, request)
        card: dict[str, Any] = {"type": "summary"}
        if not is_cancellation and evidence.given(talk):
            card["files"] = evidence.cards_of(evidence.given(talk))
        talk.say(name, buttons=buttons, custom={"card": card}, **values)
        return []


def summary_values(talk: Talk, request: Case) -> dict[str, Any]:
    """What fills the summary's placeholders.

    Args:
        talk: the turn.
        request: the items that go into this one request.
    """
    ways = [part.chosen or part.decision.routes[0] for part in request.parts]
    days = [way.last_day for way in ways if way.last_day]
    cancels = ways[0].id is RouteId.CANCELLATION
    # An order is cancelled as a whole.
    return {
        "order_number": request.order.number,
        "items": names_of(request.order, request.order.items) if cancels else request.title,
        "reason": _reasons(request),
        "route": route_name(ways[0].id),
        "last_day": long_date(min(days)) if days else say("utter_label_no_last_day"),
        "paid_by": get_clauses().texts.paid_by[ways[0].return_paid_by.value],
        "evidence": _evidence(talk, request),
        "refund_method": label("refund", talk.get("refund_method") or "seller"),
    }


def say_plan(talk: Talk, case: Case) -> None:
    """Says that the items need several requests, and which one is asked about now."""
    lines = [
        say(
            "utter_label_plan_line",
            number=number,
            items=request.title,
            route=route_name(request.parts[0].route or ""),
        )
        for number, request in enumerate(case.requests(), 1)
    ]
    talk.say("utter_plan", count=len(lines), lines="\n".join(lines))


def _shares_order(request: Case) -> bool:
    """Whether a label was given out under this order before, so that F11 matters."""
    free = request.parts[0].route == RouteId.FREE_RETURN.value
    return free and any(item.request_number for item in request.order.items)


def _reasons(request: Case) -> str:
    reasons = {part.reason for part in request.parts}
    if len(reasons) == 1:
        return label("reason", reasons.pop())
    return "; ".join(
        say(
            "utter_label_of_item",
            item=names_of(request.order, [part.item]),
            words=label("reason", part.reason),
        )
        for part in request.parts
    )


def _evidence(talk: Talk, request: Case) -> str:
    given = [part.evidence for part in request.parts if part.evidence is not None]
    files = evidence.given(talk)
    told = [evidence.told(files)] if files else []
    told += [link for links in given for link in links]
    if told:
        return ", ".join(told)
    return say("utter_label_evidence_later" if given else "utter_label_evidence_none")

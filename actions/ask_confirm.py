"""Sums up what will be filed and asks for an explicit yes."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk.events import EventType

from actions.case import Case, current_case
from actions.resources import get_clauses
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
        case = current_case(talk)
        if case is None:
            return []
        is_cancellation = talk.get("route") == RouteId.CANCELLATION.value
        values = summary_values(talk, case)
        name = "utter_summary_cancellation" if is_cancellation else "utter_summary"
        yes = "utter_confirm_cancel_button" if is_cancellation else "utter_confirm_button"
        confirm = json.dumps({"confirm": talk.get("filing_key")})
        buttons = [
            {"title": say(yes), "payload": f"/affirm{confirm}"},
            {"title": say("utter_change_button"), "payload": '/deny{"choice": "change"}'},
            {"title": say("utter_stop_button"), "payload": "/stop"},
        ]
        talk.say(name, buttons=buttons, custom={"card": {"type": "summary"}}, **values)
        return []


def summary_values(talk: Talk, case: Case) -> dict[str, Any]:
    """What fills the summary's placeholders."""
    route = case.route(talk.get("route"))
    last_day = long_date(route.last_day) if route.last_day else say("utter_label_no_last_day")
    method = talk.get("refund_method") or "seller"
    return {
        "order_number": case.order.number,
        "items": case.title,
        "reason": label("reason", talk.get("reason")),
        "route": route_name(route.id),
        "last_day": last_day,
        "paid_by": get_clauses().texts.paid_by[route.return_paid_by.value],
        "evidence": _evidence(talk),
        "refund_method": label("refund", method),
    }


def _evidence(talk: Talk) -> str:
    links = talk.get("evidence")
    if links is None:
        return say("utter_label_evidence_none")
    return ", ".join(links) or say("utter_label_evidence_later")

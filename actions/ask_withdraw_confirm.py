"""Shows a statement of withdrawal in full and asks for an explicit confirmation."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from rasa_sdk.events import EventType

from actions.case import current_case
from actions.forms.withdrawing import submission
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import StatementView
from bot.policy.decision import RouteId, Status
from bot.withdrawal_words import has_free_return, period_note
from bot.words import say


class ActionAskWithdrawConfirm(SafeAction):
    """Tells the period, shows the statement; the button carries this statement's own key."""

    action_name = "action_ask_withdraw_confirm"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_withdraw_statement`."""
        stated = _as_told(talk, get_desk().statement(talk.conversation_id, submission(talk)))
        confirm = json.dumps({"confirm": talk.get("withdraw_key")})
        buttons = [{"title": say("utter_withdraw_confirm_button"), "payload": f"/affirm{confirm}"}]
        if len(stated.contract.items) > 1:
            buttons.append(_change("utter_withdraw_items_button", "withdraw_items"))
        buttons += [
            _change("utter_withdraw_name_button", "withdraw_name"),
            _change("utter_withdraw_email_button", "withdraw_email"),
        ]
        if has_free_return(stated):
            title = say("utter_withdraw_free_return_button")
            buttons.append({"title": title, "payload": "/change_of_mind"})
        no = json.dumps({"choice": "no"})
        buttons.append({"title": say("utter_withdraw_not_now_button"), "payload": f"/deny{no}"})
        citations = [asdict(one) for one in stated.terms.basis]
        talk.say(
            "utter_withdraw_statement",
            buttons=buttons,
            custom={"card": {"type": "summary"}, "citations": citations},
            note=period_note(stated),
            statement=stated.text,
        )
        return []


def _as_told(talk: Talk, stated: StatementView) -> StatementView:
    """Without Free Return for an item that it is closed for by what the buyer said of it."""
    case = current_case(talk)
    closed = {
        part.item.id
        for part in (case.parts if case else ())
        if part.decision.route(RouteId.FREE_RETURN).status is Status.CLOSED
    }
    items = (replace(i, free_return=i.free_return and i.id not in closed) for i in stated.items)
    return replace(stated, items=tuple(items))


def _change(title: str, slot: str) -> dict[str, str]:
    return {"title": say(title), "payload": f"/correct_answer{json.dumps({'choice': slot})}"}

"""Shows a statement of withdrawal in full and asks for an explicit confirmation."""

from __future__ import annotations

import json
from dataclasses import asdict

from rasa_sdk.events import EventType

from actions.forms.withdrawing import submission
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.withdrawal_words import has_free_return, period_note
from bot.words import say


class ActionAskWithdrawConfirm(SafeAction):
    """Tells the period, shows the statement; the button carries this statement's own key."""

    action_name = "action_ask_withdraw_confirm"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_withdraw_statement`."""
        stated = get_desk().statement(talk.conversation_id, submission(talk))
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


def _change(title: str, slot: str) -> dict[str, str]:
    return {"title": say(title), "payload": f"/correct_answer{json.dumps({'choice': slot})}"}

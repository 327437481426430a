"""Asks for an explicit yes before an order is cancelled."""

from __future__ import annotations

import json

from rasa_sdk.events import EventType

from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import words_list
from bot.words import say


class ActionAskConfirmCancel(SafeAction):
    """Sums up the order; the yes button carries its number."""

    action_name = "action_ask_confirm_cancel"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_summary_cancellation`."""
        order = known_order(talk)
        if order is None:
            return []
        confirm = json.dumps({"confirm": order.number})
        buttons = [
            {"title": say("utter_confirm_cancel_button"), "payload": f"/affirm{confirm}"},
            {"title": say("utter_keep_button"), "payload": '/deny{"choice": "no"}'},
        ]
        items = words_list(item.title for item in order.items)
        values = {"order_number": order.number, "items": items}
        card = {"card": {"type": "summary"}}
        talk.say("utter_summary_cancellation", buttons=buttons, custom=card, **values)
        return []

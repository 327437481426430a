"""Shows the message for the seller and asks for an explicit yes."""

from __future__ import annotations

import json

from rasa_sdk.events import EventType

from actions.forms.seller import CHANGE
from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import label, say


class ActionAskConfirmSeller(SafeAction):
    """Previews the words as they will be sent; the yes button carries this message's own key."""

    action_name = "action_ask_confirm_seller"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_seller_preview`."""
        order = known_order(talk)
        if order is None:
            return []
        confirm = json.dumps({"confirm": talk.get("seller_key")})
        buttons = [
            {"title": say("utter_send_button"), "payload": f"/affirm{confirm}"},
            {
                "title": say("utter_rewrite_button"),
                "payload": f"/deny{json.dumps({'choice': CHANGE})}",
            },
            {"title": say("utter_not_send_button"), "payload": '/deny{"choice": "no"}'},
        ]
        need = talk.get("seller_need")
        if need:
            title = say("utter_answer_here_button", need=label("intent", need))
            buttons.append({"title": title, "payload": f"/{need}"})
        talk.say(
            "utter_seller_preview",
            buttons=buttons,
            custom={"card": {"type": "summary"}},
            seller=order.seller,
            order_number=order.number,
            words=talk.get("seller_message"),
        )
        return []

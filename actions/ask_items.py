"""Asks which item it is about, one button per item."""

from __future__ import annotations

import json

from rasa_sdk.events import EventType

from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import route_name
from bot.policy.decision import RouteId
from bot.words import say


class ActionAskItems(SafeAction):
    """Offers the order's items as buttons, and all of them where there are several."""

    action_name = "action_ask_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_items`."""
        order = known_order(talk)
        if order is None:
            return []
        buttons = [choice_button(item.title, str(item.id)) for item in order.items]
        if len(buttons) > 1:
            buttons.append(choice_button(say("utter_label_all_items"), "all"))
        badge = route_name(RouteId.FREE_RETURN)
        card = {
            "type": "items",
            "items": [
                {"title": item.title, "badge": badge if item.free_return_label else None}
                for item in order.items
            ],
        }
        talk.say("utter_ask_items", buttons=buttons, custom={"card": card})
        return []


def choice_button(title: str, choice: str, intent: str = "inform") -> dict[str, str]:
    """A button that answers a question.

    Args:
        title: what it shows.
        choice: the answer it carries.
        intent: the intent it stands for.
    """
    return {"title": title, "payload": f"/{intent}{json.dumps({'choice': choice})}"}

"""Asks which item it is about, one button per item."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk.events import EventType

from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import route_name
from bot.desk import ItemView
from bot.policy.decision import RouteId
from bot.words import say


class ActionAskItems(SafeAction):
    """Offers the order's items as buttons, and all of them where there are several."""

    action_name = "action_ask_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_items`; items all filed already aren't offered."""
        order = known_order(talk)
        if order is None:
            return []
        offered = [item for item in order.items if item.pieces_left] or order.items
        buttons = item_buttons(offered)
        if len(buttons) > 1:
            buttons.append(choice_button(say("utter_label_all_items"), "all"))
        if len(offered) < len(order.items):
            buttons.append(choice_button(say("utter_label_no_more_items"), "no", "deny"))
        talk.say("utter_ask_items", buttons=buttons, custom=items_card(offered))
        return []


def items_card(items: Sequence[ItemView]) -> dict[str, Any]:
    """The card that shows items with their Free Return badge."""
    badge = route_name(RouteId.FREE_RETURN)
    return {
        "card": {
            "type": "items",
            "items": [
                {"title": item.title, "badge": badge if item.free_return_label else None}
                for item in items
            ],
        }
    }


def item_buttons(items: Sequence[ItemView]) -> list[dict[str, str]]:
    """One button per item."""
    return [choice_button(item.title, str(item.id)) for item in items]


def choice_button(title: str, choice: str, intent: str = "inform") -> dict[str, str]:
    """A button that answers a question.

    Args:
        title: what it shows.
        choice: the answer it carries.
        intent: the intent it stands for.
    """
    return {"title": title, "payload": f"/{intent}{json.dumps({'choice': choice})}"}

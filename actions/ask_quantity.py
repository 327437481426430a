"""Asks how many pieces of an item it is about."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import say

_BUTTONS = 6
"""So many numbers fit on a phone; a larger one is typed."""


class ActionAskQuantity(SafeAction):
    """Offers all pieces first, then the smaller numbers."""

    action_name = "action_ask_quantity"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_quantity`, or `utter_ask_quantity_left` when some are filed already."""
        order = known_order(talk)
        item = order.item(int(talk.get("item_in_work"))) if order else None
        if item is None:
            return []
        left = item.pieces_left
        buttons = [choice_button(say("utter_label_all_pieces", quantity=left), str(left))]
        buttons += [choice_button(str(n), str(n)) for n in range(1, min(left, _BUTTONS))]
        name = "utter_ask_quantity_left" if item.pieces_filed else "utter_ask_quantity"
        talk.say(name, buttons=buttons, item=item.title, quantity=item.quantity, left=left)
        return []

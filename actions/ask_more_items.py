"""Asks whether the request is about something else of the same order too."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button, item_buttons, items_card
from actions.forms.choosing import items_left
from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import say


class ActionAskMoreItems(SafeAction):
    """Offers the items that aren't chosen yet, and "that's all"."""

    action_name = "action_ask_more_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_more_items`."""
        order = known_order(talk)
        if order is None:
            return []
        left = items_left(talk, order)
        buttons = [choice_button(say("utter_label_no_more_items"), "no", "deny")]
        buttons += item_buttons(left)
        card = items_card(left)
        lines = "\n".join(row["line"] for row in card["card"]["items"])
        talk.say("utter_ask_more_items", items=lines, buttons=buttons, custom=card)
        return []

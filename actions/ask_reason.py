"""Asks what happened, of one item at a time."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.case import current_case, names_of
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import say


class ActionAskReason(SafeAction):
    """Offers the reasons, and "the same" when another item has one already."""

    action_name = "action_ask_reason"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_reason`."""
        case = current_case(talk)
        buttons = []
        if case and talk.get("item_in_work"):
            title = say("utter_label_same_reason", item=names_of(case.order, case.items[:1]))
            buttons.append(choice_button(title, "same"))
        talk.say("utter_ask_reason", buttons=buttons)
        return []

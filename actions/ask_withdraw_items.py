"""Asks which goods of an order the buyer withdraws from."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.forms.withdrawing import contract_of
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import say


class ActionAskWithdrawItems(SafeAction):
    """One button for each item, and one for all of them."""

    action_name = "action_ask_withdraw_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_withdraw_which`."""
        buttons = [choice_button(say("utter_label_all_items"), "all")]
        buttons += [choice_button(item.title, str(item.id)) for item in contract_of(talk).items]
        talk.say("utter_ask_withdraw_which", buttons=buttons)
        return []

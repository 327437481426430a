"""Explains exchanges (S2) and offers to write to the seller."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.forms.seller import draft_of_exchange, words_for_seller
from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk

_OWN_WORDS = 5
"""From so many words on, what the buyer said tells the seller more than our draft."""


class ActionTellExchange(SafeAction):
    """Says how exchanges go, and keeps the buyer's words for a message to the seller."""

    action_name = "action_tell_exchange"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_exchange`, with the order's seller when the order is known."""
        if not talk.is_tap:
            words = words_for_seller(talk.text) or talk.text.strip()
            is_telling = len(words.split()) >= _OWN_WORDS and not words.endswith("?")
            talk.set("exchange_words", words if is_telling else None)
        order = order_at_hand(talk)
        if order is None:
            talk.say("utter_exchange")
        else:
            talk.say("utter_exchange_known", seller=order.seller, order_number=order.number)
        draft = draft_of_exchange(talk)
        offer(talk, "utter_shall_message_seller", "seller_form", unsent_words=draft)
        return []

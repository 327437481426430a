"""Ends the dialogue with the seller: the message is recorded once (H1)."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.identify import known_order
from actions.outcomes import FAILED, SAID_ALREADY
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionMessageSeller(SafeAction):
    """Records the message after the explicit yes, and says what happens next."""

    action_name = "action_message_seller"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the message's number, or that nothing was sent."""
        outcome, words = talk.get("outcome"), talk.get("seller_message")
        confirmed, key = talk.get("confirm_seller"), talk.get("seller_key")
        talk.clear("outcome", "misses", "seller_need", "confirm_seller", "seller_key")
        if outcome == FAILED:
            # Kept, so that they needn't be written again.
            talk.set("unsent_words", words)
            return []
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if confirmed and words and key:
            sent = get_desk().message_seller(talk.conversation_id, order.number, words, key)
            talk.set("last_sent", {"key": key, "number": sent.number})
            talk.say("utter_seller_messaged", number=sent.number, seller=sent.seller)
        else:
            talk.say("utter_seller_not_messaged")
        talk.clear("seller_message", "exchange_words", "unsent_words")
        return []

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Keeps the words for the next try."""
        return [SlotSet("unsent_words", talk.tracker.slots.get("seller_message"))]

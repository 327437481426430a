"""Ends the dialogue with the seller: the message is recorded once (H1)."""

from __future__ import annotations

from rasa_sdk.events import EventType, SlotSet

from actions.identify import known_order
from actions.outcomes import FAILED, SAID_ALREADY
from actions.reading import items_named
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import Complaint, OrderView
from bot.policy.facts import FAULTS, Reason
from bot.understanding.item_words import reason_in


def complaint_in(words: str, order: OrderView) -> Complaint | None:
    """What is wrong by the words of a message; None for one that is no complaint.

    Args:
        words: what the seller gets to read.
        order: the order; items that the words don't name may all be meant.
    """
    said = reason_in(words)
    if said is None or Reason(said) not in FAULTS:
        return None
    return Complaint(Reason(said), tuple(map(int, items_named(words, order.items) or ())))


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
            talk.clear("exchange")
            return []
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        if confirmed and words and key:
            sent = get_desk().message_seller(
                talk.conversation_id, order.number, words, key, complaint_in(words, order)
            )
            talk.set("last_sent", {"key": key, "number": sent.number})
            talk.say("utter_seller_messaged", number=sent.number, seller=sent.seller)
        else:
            talk.say("utter_seller_not_messaged")
        talk.clear("seller_message", "exchange", "unsent_words")
        return []

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Keeps the words for the next try."""
        return [SlotSet("unsent_words", talk.tracker.slots.get("seller_message"))]

"""Explains exchanges (S2) and offers to write to the seller."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.exchange import note_exchange, without_identity
from actions.forms.seller import words_for_seller
from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionTellExchange(SafeAction):
    """Says how exchanges go, and keeps the buyer's words for a message to the seller."""

    action_name = "action_tell_exchange"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_exchange`, with the order's seller when the order is known."""
        if not talk.is_tap:
            talk.clear("exchange")
            words = words_for_seller(talk.text) or without_identity(talk.text)
            # A question is for us; it may still name the item.
            note_exchange(talk, words, is_line=not words.endswith("?"))
        order = order_at_hand(talk)
        if order is None:
            talk.say("utter_exchange")
        else:
            talk.say("utter_exchange_known", seller=order.seller, order_number=order.number)
        known = talk.get("exchange") or {"about": "", "lines": []}
        begun = {**known, "begun": True}
        offer(talk, "utter_shall_message_seller", "seller_form", exchange=begun)
        return []

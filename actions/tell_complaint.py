"""Takes a complaint (S3): to a person with the words said, or to the filing."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction

from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.understanding.item_words import reason_told

_MONEY = re.compile(r"\b(?:refund\w*|money back|(?:my|the) money|every (?:cent|penny))\b", re.I)
_TOLD = frozenset({"utter_complaint", "utter_complaint_noted"})


class ActionTellComplaint(SafeAction):
    """Offers the person who takes complaints; a plain yes brings them in."""

    action_name = "action_tell_complaint"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_complaint`; a fault that somebody wants the money back for is filed."""
        reason = None if talk.is_tap or talk.form else reason_told(talk.text)
        if reason and _MONEY.search(talk.text):
            talk.set("reason", reason)
            return [FollowupAction("file_return_form")]
        order_at_hand(talk)
        told = any(name in _TOLD for name, _ in talk.last_replies)
        if not talk.form:
            talk.set("need", "complaint")
        # What follows the first words is part of the same complaint.
        talk.say("utter_complaint_noted" if told and not talk.form else "utter_complaint")
        offer(talk, "utter_shall_hand_over", "action_hand_off")
        return []

"""Takes a complaint (S3): to a person with the words said, or to the filing."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.identify import order_at_hand
from actions.offers import offer
from actions.safe_action import SafeAction
from actions.talk import Talk

_TOLD = frozenset({"utter_complaint", "utter_complaint_noted"})


class ActionTellComplaint(SafeAction):
    """Offers the person who takes complaints; a plain yes brings them in."""

    action_name = "action_tell_complaint"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_complaint`."""
        order_at_hand(talk)
        told = any(name in _TOLD for name, _ in talk.last_replies)
        if not talk.form:
            talk.set("need", "complaint")
        # What follows the first words is part of the same complaint.
        talk.say("utter_complaint_noted" if told and not talk.form else "utter_complaint")
        offer(talk, "utter_shall_hand_over", "action_hand_off")
        return []

"""Ends a talk: keeps what is unfinished, asks once for a rating, says goodbye."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions import threads
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionGoodbye(SafeAction):
    """Answers a goodbye."""

    action_name = "action_goodbye"

    def act(self, talk: Talk) -> list[EventType]:
        """Says goodbye, or asks for the rating first."""
        talk.clear("offered", "misses")
        if talk.form and talk.form != threads.RATING_FORM:
            threads.remember_left(talk, talk.form)
            talk.say("utter_goodbye_unfinished")
            return [ActiveLoop(None), SlotSet("requested_slot", None)]
        return ask_rating(talk)


def ask_rating(talk: Talk) -> list[EventType]:
    """Asks for a rating when something was served and none was asked for yet; else goodbye."""
    if talk.get("served") and not talk.get("rating_asked"):
        return [FollowupAction(threads.RATING_FORM)]
    talk.say("utter_goodbye")
    return []

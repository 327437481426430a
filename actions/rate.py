"""Ends the rating: keeps the comment and thanks."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.threads import SKIPPED

_LOW = 2


class ActionRate(SafeAction):
    """Keeps the comment with the conversation; a low rating is offered a person."""

    action_name = "action_rate"

    def act(self, talk: Talk) -> list[EventType]:
        """Says thanks, or goodbye when the rating was skipped."""
        given, comment = talk.get("rating"), talk.get("rating_comment")
        talk.clear("rating", "rating_comment", "misses", "outcome")
        if given in (None, SKIPPED):
            talk.say("utter_goodbye")
            return []
        if comment not in (None, SKIPPED):
            get_desk().rate(talk.conversation_id, given, comment)
        talk.say("utter_rated_low" if given <= _LOW else "utter_rated")
        return []

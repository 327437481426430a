"""Answers "why do you need that?" for the question that was just asked."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.facts import PATHS
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionExplainWhy(SafeAction):
    """Says what the answer is needed for."""

    action_name = "action_explain_why"

    def act(self, talk: Talk) -> list[EventType]:
        """Says one of the `utter_why_...` responses."""
        requested = talk.get("requested_slot")
        if requested in ("order_number", "email"):
            talk.say("utter_why_order")
        elif requested in PATHS or requested == "reason":
            talk.say("utter_why_fact")
        else:
            talk.say("utter_why_nothing")
        return []

"""Stops whatever is in progress; nothing was written before the explicit yes."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import threads
from actions.identify import forget_items
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionStop(SafeAction):
    """Leaves the form and forgets the case; the verified order stays known."""

    action_name = "action_stop"

    def act(self, talk: Talk) -> list[EventType]:
        """Says that nothing was filed."""
        if not talk.form:
            talk.say("utter_nothing_to_stop")
            return []
        talk.clear("reason", "outcome", "misses", "need", "order_known")
        forget_items(talk)
        talk.say("utter_stopped")
        if not threads.pick_up(talk):
            threads.anything_else(talk)
        return [ActiveLoop(None), SlotSet("requested_slot", None)]

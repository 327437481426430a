"""Hands the conversation to a person, with a summary, so that nothing need be repeated."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions.identify import known_order
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.settings import get_settings

_TOLD = ("order_number", "items", "reason", "route")


class ActionHandOff(SafeAction):
    """Opens one ticket per conversation and leaves any form."""

    action_name = "action_hand_off"

    def act(self, talk: Talk) -> list[EventType]:
        """Says the ticket's number."""
        order = known_order(talk)
        summary = {slot: talk.get(slot) for slot in _TOLD if talk.get(slot)}
        summary["verified"] = order is not None
        view = get_desk().hand_off(
            talk.conversation_id,
            need=talk.form or talk.get("need") or "question",
            summary="; ".join(f"{name}: {value}" for name, value in summary.items()),
            transcript=talk.transcript(),
            key=f"{talk.conversation_id}:hand-off",
        )
        talk.say("utter_handed_off", ticket=view.ticket, support_url=get_settings().support_url)
        return [ActiveLoop(None), SlotSet("requested_slot", None)]

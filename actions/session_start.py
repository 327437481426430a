"""Begins a session of a conversation; after a long silence it keeps what was in progress."""

from __future__ import annotations

from rasa_sdk.events import ActionExecuted, ActiveLoop, EventType, SessionStarted, SlotSet

from actions.safe_action import SafeAction
from actions.talk import Talk

_NOT_KEPT = frozenset(
    {
        *("confirm", "confirm_cancel", "confirm_seller", "filing_key", "seller_key", "summed_up"),
        *("withdraw_confirm", "withdraw_key"),
        *("offered", "outcome", "misses", "is_changing", "is_paused"),
    }
)
"""Slots that hold for the moment they were asked in: a yes must be said to a fresh summary."""


class ActionSessionStart(SafeAction):
    """Rasa's action of that name: it would drop the dialogue and keep its stale question."""

    action_name = "action_session_start"

    def act(self, talk: Talk) -> list[EventType]:
        """Carries over slots and the dialogue, and says nothing."""
        events: list[EventType] = [SessionStarted()]
        kept = {k: v for k, v in talk.slots.items() if v is not None and k not in _NOT_KEPT}
        requested = kept.pop("requested_slot", None)
        events += [SlotSet(slot, value) for slot, value in kept.items()]
        if talk.form:
            events += [ActiveLoop(talk.form), SlotSet("requested_slot", requested)]
            events.append(SlotSet("returning", True))
        return [*events, ActionExecuted("action_listen")]

    def on_failure(self, talk: Talk) -> list[EventType]:
        """A session begins whatever happened."""
        return [SessionStarted(), ActionExecuted("action_listen")]

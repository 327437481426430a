"""Takes files that the buyer added while no dialogue was in progress."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import evidence
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionGiveEvidence(SafeAction):
    """Attaches them to the request filed here, asks which one, or keeps them for the next."""

    action_name = "action_give_evidence"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says what became of them."""
        evidence.receive(talk)
        return []

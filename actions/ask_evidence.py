"""Asks for photos, videos, documents or links, and whether there are more."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import evidence
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionAskEvidence(SafeAction):
    """Asks once; when something has come, whether that is all."""

    action_name = "action_ask_evidence"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_evidence`, or `utter_ask_evidence_more`."""
        if evidence.just_said(talk, "utter_upload_trouble"):
            return []
        files = evidence.given(talk)
        if files:
            talk.say("utter_ask_evidence_more", files=evidence.told(files))
        else:
            talk.say("utter_ask_evidence")
        return []

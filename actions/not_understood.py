"""What to say when a message wasn't understood: ask, offer the nearest needs, then a way out."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.words import label

TRIES = 2
OFFERED = 2
WORTH_OFFERING = 0.05
"""Probability below which a need isn't worth a button."""


class ActionNotUnderstood(SafeAction):
    """Inside a form it says so and the form asks again; outside it offers the nearest needs."""

    action_name = "action_not_understood"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_not_understood...`, `utter_did_you_mean` or, after two misses, a way out."""
        misses = (talk.get("misses") or 0) + 1
        talk.set("misses", misses)
        if misses > TRIES:
            talk.set("misses", 0)
            talk.say("utter_way_out")
        elif (talk.tracker.active_loop or {}).get("name"):
            talk.say("utter_not_understood_form")
        else:
            nearest = _nearest_needs(talk)
            if nearest:
                talk.say("utter_did_you_mean", buttons=nearest)
            else:
                talk.say("utter_not_understood")
        return []


def _nearest_needs(talk: Talk) -> list[dict[str, str]]:
    """Buttons for the needs that the message may have meant."""
    ranking = talk.tracker.latest_message.get("intent_ranking") or []
    named = [(label("intent", entry["name"]), entry["name"]) for entry in ranking]
    return [{"title": title, "payload": f"/{intent}"} for title, intent in named if title][:OFFERED]

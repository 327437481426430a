"""What to say when a message wasn't understood: ask, offer the nearest needs, then a way out."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction

from actions.identify import TRIES, take_entities
from actions.reading import request_number
from actions.resting import wants_to_resume
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.what_if import is_what_if
from bot.words import label

OFFERED = 2


class ActionNotUnderstood(SafeAction):
    """Inside a form it says so and the form asks again; outside it offers the nearest needs."""

    action_name = "action_not_understood"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what fits: out of scope, did you mean, in other words, or a way out."""
        if talk.form:
            say_not_understood(talk)
            return []
        # What it named is kept, so that it needn't be said again.
        take_entities(talk)
        if request_number(talk):
            return [FollowupAction("track_form")]
        if is_what_if(talk):
            return [FollowupAction("check_form")]
        if wants_to_resume(talk):
            return [FollowupAction("file_return_form")]
        if talk.intent == "inform" and talk.entity("order_number"):
            # An order without a word on what happened: the filing dialogue asks.
            return [FollowupAction("file_return_form")]
        if talk.intent == "out_of_scope":
            talk.say("utter_out_of_scope")
        else:
            say_not_understood(talk)
        return []


def say_not_understood(talk: Talk) -> None:
    """Counts a miss and asks again; the third in a row shows the way out."""
    misses = (talk.get("misses") or 0) + 1
    talk.set("misses", misses if misses <= TRIES else 0)
    nearest = [] if talk.form else _nearest_needs(talk)
    if misses > TRIES:
        talk.say("utter_way_out")
    elif talk.intent == "defer":
        talk.say("utter_take_your_time")
    elif talk.form:
        talk.say("utter_not_understood_form")
    elif nearest:
        talk.say("utter_did_you_mean", buttons=nearest)
    else:
        talk.say("utter_not_understood")


def _nearest_needs(talk: Talk) -> list[dict[str, str]]:
    """Buttons for the needs that the message may have meant."""
    ranking = talk.tracker.latest_message.get("intent_ranking") or []
    named = [(label("intent", entry["name"]), entry["name"]) for entry in ranking]
    return [{"title": title, "payload": f"/{intent}"} for title, intent in named if title][:OFFERED]

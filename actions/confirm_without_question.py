"""Answers a yes or a no that no question waits for, such as a button tapped twice."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction

from actions.not_understood import say_not_understood
from actions.offers import accept
from actions.resting import wants_to_resume
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionConfirmWithoutQuestion(SafeAction):
    """Tells the request number when this very yes was already taken."""

    action_name = "action_confirm_without_question"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_already_filed`, does what was offered, or asks back."""
        offered, filed = talk.get("offered"), talk.get("last_filed") or {}
        sent = talk.get("last_sent") or {}
        talk.clear("offered")
        is_same = talk.entity("confirm") and talk.entity("confirm") == filed.get("key")
        if is_same and filed.get("withdrawal_number"):
            talk.say("utter_already_withdrawn", number=filed["withdrawal_number"])
        elif is_same:
            talk.say("utter_already_filed", request_number=filed["request_number"])
        elif talk.entity("confirm") and talk.entity("confirm") == sent.get("key"):
            talk.say("utter_seller_already_messaged", number=sent["number"])
        elif offered and talk.intent == "affirm" and not talk.is_tap:
            return accept(talk, offered)
        elif talk.intent == "affirm" and wants_to_resume(talk):
            return [FollowupAction("file_return_form")]
        elif talk.form:
            say_not_understood(talk)
        else:
            talk.say("utter_nothing_to_confirm")
        return []

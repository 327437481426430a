"""Takes a yes or a no outside a dialogue: to what was offered, or of a button tapped twice."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction

from actions import threads
from actions.goodbye import ask_rating
from actions.not_understood import asks_something, say_not_understood, tell_what_comes_next
from actions.offers import accept
from actions.resting import wants_to_resume
from actions.safe_action import SafeAction
from actions.talk import Talk


class ActionConfirmWithoutQuestion(SafeAction):
    """Goes on with what was offered, or drops it; tells what an old yes already did."""

    action_name = "action_confirm_without_question"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what fits, or starts what was offered."""
        offered, filed = talk.get("offered"), talk.get("last_filed") or {}
        sent = talk.get("last_sent") or {}
        tapped = talk.entity("choice") if talk.is_tap else None
        is_same = talk.entity("confirm") and talk.entity("confirm") == filed.get("key")
        if is_same and filed.get("withdrawal_number"):
            talk.say("utter_already_withdrawn", number=filed["withdrawal_number"])
            return []
        if is_same:
            talk.say("utter_already_filed", request_number=filed["request_number"])
            return []
        if talk.entity("confirm") and talk.entity("confirm") == sent.get("key"):
            talk.say("utter_seller_already_messaged", number=sent["number"])
            return []
        if tapped == "neither":
            if not talk.miss():
                talk.say("utter_not_understood")
            return []
        if (tapped and tapped not in threads.OFFERS) or talk.entity("confirm"):
            talk.say("utter_button_passed_idle")
            return []
        if asks_something(talk):
            # "What comes next" only looks like a yes; what was offered stays offered.
            if not tell_what_comes_next(talk):
                say_not_understood(talk)
            return []
        talk.clear("offered")
        return self._take(talk, tapped or offered)

    def _take(self, talk: Talk, offer: Any) -> list[EventType]:
        if talk.intent == "deny":
            return _declined(talk, offer)
        if offer == threads.RESUME and talk.get("left"):
            return threads.resume(talk)
        if offer == threads.SECOND_NEED and talk.get("second_need"):
            return threads.take_second_need(talk)
        if offer == threads.ANYTHING_ELSE:
            talk.say("utter_what_else")
        elif offer and not _is_thread(offer):
            return accept(talk, offer)
        elif wants_to_resume(talk):
            return [FollowupAction("file_return_form")]
        else:
            _say_nothing_waits(talk)
        return []


def _say_nothing_waits(talk: Talk) -> None:
    """Answers a yes to nothing; after a no, that there is nothing to file."""
    decision = talk.get("last_decision")
    if decision and not decision["open"] and threads.is_return(talk.get("need") or ""):
        talk.say("utter_nothing_to_file", item=decision["item"])
    else:
        talk.say("utter_nothing_to_confirm")


def _is_thread(offer: Any) -> bool:
    return isinstance(offer, str) and offer in threads.OFFERS


def _declined(talk: Talk, offer: Any) -> list[EventType]:
    if _is_thread(offer) and offer in (threads.SECOND_NEED, threads.RESUME):
        threads.decline(talk, offer)
        if not threads.pick_up(talk):
            threads.anything_else(talk)
        return []
    if offer and not _is_thread(offer):
        threads.anything_else(talk)
        return []
    if offer or talk.get("served"):
        return ask_rating(talk)
    talk.say("utter_nothing_to_confirm")
    return []

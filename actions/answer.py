"""Answers a question outside a dialogue."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import threads
from actions.answers import ABOUT_THE_ANSWER, CHATTER, answer
from actions.goodbye import ask_rating
from actions.identify import take_entities
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.understanding.answers import says


class ActionAnswer(SafeAction):
    """Says the one answer; an order that the message names is kept for what follows."""

    action_name = "action_answer"

    def act(self, talk: Talk) -> list[EventType]:
        """Says an answer of `actions.answers`."""
        threads.acknowledge(talk)
        take_entities(talk)
        asked = talk.get("offered") == threads.RESUME
        if asked and talk.intent == "greet" and threads.goes_back(talk):
            # "I'm back", to "shall we go back to it?"
            return threads.resume(talk)
        if talk.intent == "thanks" and says(talk.text, "that_is_all") and not talk.form:
            return ask_rating(talk)
        answer(talk)
        talk.clear("misses")
        if talk.intent in CHATTER:
            threads.pick_up(talk)
        elif talk.intent in ABOUT_THE_ANSWER:
            # The need stays what it was; a person who takes over should read that.
            threads.served(talk)
        else:
            threads.take_need(talk, talk.intent)
            threads.served(talk)
        # Only a dialogue that doesn't insist (the rating) leaves questions to this action.
        return [ActiveLoop(None), SlotSet("requested_slot", None)] if talk.form else []

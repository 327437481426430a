"""Whatever an action runs into, the buyer hears a kind sentence and nothing changes."""

from __future__ import annotations

import asyncio
import logging

import pytest
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import DeskUnavailable
from tests.actions.turns import tracker


class Failing(SafeAction):
    action_name = "action_failing"

    def __init__(self, error: Exception) -> None:
        self.error = error

    def act(self, talk: Talk) -> list[EventType]:
        talk.set("route", "buyer_protection")
        talk.say("utter_filed")
        raise self.error


@pytest.mark.parametrize(
    ("error", "response"),
    [
        (DeskUnavailable(), "utter_desk_down"),
        (RuntimeError("card 4111 1111"), "utter_technical_problem"),
        (KeyError("slot"), "utter_technical_problem"),
    ],
)
def test_a_failure_says_one_kind_sentence_and_sets_no_slot(error: Exception, response: str) -> None:
    dispatcher = CollectingDispatcher()
    events = asyncio.run(Failing(error).run(dispatcher, tracker("hello"), {}))
    assert [message["response"] for message in dispatcher.messages] == [response]
    assert events == []


def test_the_log_has_the_place_but_not_what_the_buyer_wrote(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO):
        action = Failing(RuntimeError("card 4111 1111"))
        asyncio.run(action.run(CollectingDispatcher(), tracker("hello"), {}))
    assert "RuntimeError" in caplog.text
    assert "test_safe_action.py" in caplog.text
    assert "4111" not in caplog.text

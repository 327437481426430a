"""The base of all our actions: whatever goes wrong, the buyer gets a kind sentence.

An action that raises is logged by Rasa as executed and the next rule step still runs, so none
of ours does.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions import threads
from actions.resources import get_desk
from actions.talk import Talk
from bot.desk import DeskUnavailable

logger = logging.getLogger(__name__)


class SafeAction(Action, ABC):
    """An action that never raises."""

    action_name = ""
    ends_need = False
    """Whether a need was served when this action has spoken: then comes what is left to do."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return self.action_name

    when_desk_is_down = "utter_desk_down"
    """What is said when the desk can't be reached."""

    def values_on_failure(self) -> dict[str, str]:
        """What fills the placeholders of what is said when `act` failed."""
        return {}

    @abstractmethod
    def act(self, talk: Talk) -> list[EventType]:
        """Does the work of one turn.

        Args:
            talk: the turn.

        Returns:
            Events beside the slots that were changed on `talk`.
        """

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Events to return when `act` failed; its slot changes are dropped."""
        return []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Runs `act`; a failure becomes a kind reply and an entry in the log."""
        talk = Talk(tracker, dispatcher)
        try:
            # In a thread, so that a slow desk holds up this buyer and nobody else.
            events = await asyncio.to_thread(self._act, talk)
            return [*talk.events(), *events]
        except DeskUnavailable:
            logger.warning("%s: the desk is unavailable", self.name())
            response = self.when_desk_is_down
        except Exception as error:
            # The type alone: a message or a trace may hold what the buyer wrote.
            place = _place(error)
            logger.error("%s failed: %s at %s", self.name(), type(error).__name__, place)
            logger.debug("%s failed", self.name(), exc_info=True)
            response = "utter_technical_problem"
        dispatcher.messages.clear()
        dispatcher.utter_message(response=response, **self.values_on_failure())
        return self.on_failure(talk)

    def _act(self, talk: Talk) -> list[EventType]:
        if self.ends_need:
            threads.acknowledge(talk)
        with get_desk().look():
            events = self.act(talk)
        if self.ends_need and not events and not talk.form:
            threads.served(talk)
        return events


def _place(error: Exception) -> str:
    """File and line where the error was raised."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"

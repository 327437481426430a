"""What the chat's conversation in Rasa holds beside its messages.

Notices are added to it, so that "what does that mean?" is about what the buyer has just read, and
so that a transcript shows them. How far a dialogue has come is read from it.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa.shared.core.events import BotUttered

from bot.help_center.progress import progress_of
from bot.server.logs import kind_and_place

logger = logging.getLogger(__name__)

PLACE = "notice_place"
"""Metadata of a notice's event: its place, by which it is added once."""


class Memory:
    """The conversations of a server's agent."""

    def __init__(self) -> None:
        """Starts with nothing to do."""
        self._running: set[asyncio.Task] = set()

    def add(self, agent: Any, conversation_id: str, messages: list[dict[str, Any]]) -> None:
        """Adds notices that were just shown, in the background; each once, whoever shows it.

        Args:
            agent: Rasa's agent.
            conversation_id: which conversation.
            messages: the notices as they were shown.
        """
        if not messages or getattr(agent, "lock_store", None) is None:
            return
        task = asyncio.ensure_future(_add(agent, conversation_id, messages))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def progress(self, agent: Any, conversation_id: str) -> dict[str, Any] | None:
        """How far the dialogue has come (docs/channel.md); no database is asked for it.

        Returns:
            None outside a dialogue that counts its stages, and where several servers answer one
            conversation, as none has it in memory then.
        """
        store = getattr(agent, "tracker_store", None)
        # Rasa wraps the store that endpoints.yml names.
        while store is not None and not hasattr(store, "kept"):
            store = getattr(store, "_tracker_store", None)
        return progress_of(store.kept(conversation_id)) if store is not None else None


async def _add(agent: Any, conversation_id: str, messages: list[dict[str, Any]]) -> None:
    try:
        # A message that is being answered is answered first.
        async with agent.lock_store.lock(conversation_id):
            tracker = await agent.tracker_store.retrieve(conversation_id)
            if tracker is None:
                return
            known = {event.metadata.get(PLACE) for event in tracker.events}
            new = [one for one in messages if one["notice"]["place"] not in known]
            for message in new:
                tracker.update(_event(message))
            await agent.tracker_store.save(tracker)
    except Exception as error:  # the buyer has been told; only the memory of it is lost
        logger.error(
            "A notice isn't remembered in conversation %s: %s",
            conversation_id[:8],
            kind_and_place(error),
        )


def _event(message: dict[str, Any]) -> BotUttered:
    citations = [citation["id"] for citation in message.get("citations", ())]
    return BotUttered(
        message["text"],
        data={"custom": {"citations": citations}},
        metadata={"utter_action": message["response"], PLACE: message["notice"]["place"]},
    )

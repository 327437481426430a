"""Hands one message to the assistant and brings back what it says, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.help_center.output import CHANNEL_NAME, Replies
from bot.help_center.payloads import Buttons, Tap
from bot.server.logs import kind_and_place

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
_TURNS = 1000
"""Of so many conversations the last turn is kept, for a message that is sent again."""


@dataclass(frozen=True)
class Turn:
    """A message with a name, and what is said to it, now or soon.

    Attributes:
        message_id: the name that the client gave it.
        said: what was said.
        replies: collects the answer.
        task: ends when the answer is whole.
    """

    message_id: str
    said: str | Tap
    replies: Replies
    task: asyncio.Task

    def repeats(self, message_id: str, said: str | Tap) -> bool:
        """Whether a message is this one, sent again; what failed is tried anew."""
        has_failed = self.task.done() and not self.replies.messages
        return (
            bool(message_id)
            and (self.message_id, self.said) == (message_id, said)
            and not has_failed
        )


class Assistant:
    """The assistant behind the channel."""

    def __init__(self, handler: Handler, buttons: Buttons, timeout: float) -> None:
        """Keeps what a message needs.

        Args:
            handler: Rasa's handler of a message.
            buttons: what signs the buttons it offers.
            timeout: seconds after which the buyer is told that something went wrong.
        """
        self._handler = handler
        self._buttons = buttons
        self._timeout = timeout
        self._running: set[asyncio.Task] = set()
        self._turns: OrderedDict[str, Turn] = OrderedDict()

    async def answer(
        self,
        conversation_id: str,
        said: str | Tap,
        message_id: str = "",
        network: str = "",
    ) -> list[dict[str, Any]]:
        """What the assistant says to a message.

        A message that has begun is always brought to its end: cut off half-way, by a closed
        browser or our time-out, it could have filed a request that the conversation forgot.
        Messages of one conversation are taken one at a time, in the order of their arrival,
        by Rasa's lock store. The conversation's last message, sent again under its name because
        the answer was lost on the way, gets that answer and isn't said twice.

        Args:
            conversation_id: whose conversation it is.
            said: plain text, or a button that we offered.
            message_id: the client's name for the message; empty for none.
            network: what stands for the network address, for counting wrong guesses.

        Returns:
            The messages; none when the assistant failed or kept silent.
        """
        turn = self._turns.pop(conversation_id, None)
        if turn is None or not turn.repeats(message_id, said):
            turn = self._begin(conversation_id, said, message_id, network)
        self._turns[conversation_id] = turn
        if len(self._turns) > _TURNS:
            self._turns.popitem(last=False)
        try:
            await asyncio.wait_for(asyncio.shield(turn.task), self._timeout)
        except asyncio.TimeoutError:
            logger.error(
                "No answer within %s seconds in conversation %s",
                self._timeout,
                _short(conversation_id),
            )
            return []
        return turn.replies.messages

    def _begin(self, conversation_id: str, said: str | Tap, message_id: str, network: str) -> Turn:
        replies = Replies(conversation_id, self._buttons)
        # A receipt shows the conversation as the buyer saw it: titles instead of payloads.
        metadata = {"title": said.title} if isinstance(said, Tap) and said.title else {}
        if network:
            metadata["network"] = network
        text = said.payload if isinstance(said, Tap) else said
        message = UserMessage(
            text, replies, conversation_id, input_channel=CHANNEL_NAME, metadata=metadata
        )
        task = asyncio.ensure_future(self._handle(message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return Turn(message_id, said, replies, task)

    async def _handle(self, message: UserMessage) -> None:
        try:
            await self._handler(message)
        except Exception as error:  # the buyer gets a sentence whatever broke
            logger.error(
                "The assistant failed in conversation %s: %s",
                _short(message.sender_id),
                kind_and_place(error),
            )


def _short(conversation_id: str) -> str:
    return conversation_id[:8]

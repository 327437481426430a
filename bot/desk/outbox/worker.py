"""Threads that deliver beside the replies, one for each channel."""

from __future__ import annotations

import logging
import threading

from bot.desk.context import Context
from bot.desk.errors import DeskUnavailable
from bot.desk.outbox.delivery import deliver_due
from bot.desk.vocabulary import Channel

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
"""How often to look for what has come due, or what another process has written."""
JOIN_SECONDS = 5.0


class Worker:
    """Delivers what is due, now and then and whenever it is woken.

    A slow help desk doesn't hold up mail, and a slow mail server no ticket: each channel has a
    thread of its own.

    Args:
        context: the desk's tools.
        look_seconds: how often to look without being woken.
    """

    def __init__(self, context: Context, look_seconds: float = LOOK_SECONDS) -> None:
        self._context = context
        self._look_seconds = look_seconds
        self._stopping = threading.Event()
        self._woken = {channel: threading.Event() for channel in Channel}
        self._threads = [
            threading.Thread(target=self._run, args=(channel,), name=f"outbox-{channel.value}")
            for channel in Channel
        ]
        for thread in self._threads:
            # A receiver that hangs must not keep the process alive; its row is claimed anew later.
            thread.daemon = True

    def start(self) -> None:
        """Begin, with what waits from before."""
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Look now; something was written."""
        for woken in self._woken.values():
            woken.set()

    def stop(self, seconds: float = JOIN_SECONDS) -> bool:
        """End after the message at hand.

        Args:
            seconds: how long to wait for that, for each channel.

        Returns:
            Whether all threads have ended.
        """
        self._stopping.set()
        self.wake()
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _run(self, channel: Channel) -> None:
        woken = self._woken[channel]
        while not self._stopping.is_set():
            # Cleared first: what is written from now on wakes us again.
            woken.clear()
            try:
                deliver_due(self._context, channel, self._stopping.is_set)
            except DeskUnavailable:
                logger.warning("the outbox waits for the database")
            except Exception as error:
                # Whatever it is, the thread must live; the type alone, since texts name people.
                logger.error("the outbox failed: %s", type(error).__name__)
            woken.wait(self._look_seconds)

"""A thread that sweeps now and then."""

from __future__ import annotations

import logging
import threading

from bot.desk.context import Context
from bot.desk.errors import DeskUnavailable
from bot.desk.evidence.store import Store
from bot.desk.evidence.sweeping import sweep

logger = logging.getLogger(__name__)

FIRST_SECONDS = 60.0
EVERY_SECONDS = 3600.0


class Sweeper:
    """Deletes files whose time has come, each hour.

    Args:
        context: the desk's tools.
        store: where files are.
        first_seconds: how long after its start it looks first.
        every_seconds: and then how often.
    """

    def __init__(
        self,
        context: Context,
        store: Store,
        first_seconds: float = FIRST_SECONDS,
        every_seconds: float = EVERY_SECONDS,
    ) -> None:
        self._context, self._store = context, store
        self._first_seconds, self._every_seconds = first_seconds, every_seconds
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="evidence-sweep", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """End after the sweep at hand, or after so many seconds."""
        self._stopping.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        wait = self._first_seconds
        while not self._stopping.wait(wait):
            wait = self._every_seconds
            try:
                sweep(self._context, self._store)
            except DeskUnavailable:
                logger.warning("the evidence sweep waits for the database")
            except Exception as error:
                # Whatever it is, the thread must live; the type alone, since texts name files.
                logger.error("the evidence sweep failed: %s", type(error).__name__)

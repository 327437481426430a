"""The returns desk of the chat server, opened with the first question to it."""

from __future__ import annotations

import threading

from bot.desk import Desk
from bot.settings import Settings


class OneDesk:
    """Opens the desk once, for all who ask: one engine, one pool of connections."""

    def __init__(self, settings: Settings) -> None:
        """Opens nothing yet, so that the chat starts sooner.

        Args:
            settings: the settings.
        """
        self._settings = settings
        self._desk: Desk | None = None
        self._opening = threading.Lock()

    def __call__(self) -> Desk:
        """The desk; may be called from any thread."""
        if self._desk is None:
            with self._opening:
                if self._desk is None:
                    self._desk = Desk.from_settings(self._settings)
        return self._desk

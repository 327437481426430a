"""Ends a server when the process that started it is gone, however that one ended."""

from __future__ import annotations

import os
import signal
import threading
import time

_SECONDS_BETWEEN_LOOKS = 0.5


def stop_with_parent() -> None:
    """Stop this process, as a SIGTERM does, soon after its parent has ended."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
    os.kill(os.getpid(), signal.SIGTERM)

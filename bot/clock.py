"""The clock, injected wherever time matters so that tests and rehearsals can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone

Clock = Callable[[], datetime]
"""Returns the present moment, always with a time zone."""


def system_clock() -> datetime:
    """The machine's clock, in UTC."""
    return datetime.now(timezone.utc)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still.

    Args:
        moment: the moment it shows; must carry a time zone.

    Raises:
        ValueError: when `moment` carries none.
    """
    if moment.tzinfo is None:
        raise ValueError("the moment needs a time zone, such as 2026-11-23T10:00:00+00:00")
    return lambda: moment

"""What actions share: the desk, the clauses, the settings. Made once per process."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.policy.loader import Clauses, load_clauses
from bot.settings import get_settings


@lru_cache
def get_desk() -> Desk:
    """The returns desk of this process."""
    return Desk.from_settings(get_settings())


def get_clauses() -> Clauses:
    """All clauses of the program."""
    return load_clauses()


def now() -> datetime:
    """The present moment, by the settings' clock."""
    return get_settings().clock()


def today() -> date:
    """The day in the shop's time zone, for questions without an order."""
    settings = get_settings()
    return now().astimezone(ZoneInfo(settings.shop_time_zone)).date()

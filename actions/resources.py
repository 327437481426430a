"""What actions share: the desk, the clauses, the settings. Made once per process."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.policy import Clauses
from bot.settings import get_settings
from bot.shop import shop_clauses


@lru_cache
def get_desk() -> Desk:
    """The returns desk of this process."""
    return Desk.from_settings(get_settings())


def get_clauses() -> Clauses:
    """All clauses, as the shop's settings have them."""
    return shop_clauses(get_settings())


def now() -> datetime:
    """The present moment, by the settings' clock."""
    return get_settings().clock()


def today() -> date:
    """The day in the shop's time zone, for questions without an order."""
    settings = get_settings()
    return now().astimezone(ZoneInfo(settings.shop_time_zone)).date()

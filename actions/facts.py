"""Which slot holds which fact; the help page asks for the same (`bot.asked_facts`)."""

from __future__ import annotations

from bot.asked_facts import (
    CONDITIONS,
    DATES,
    LAST_DAYS,
    OF_THE_ITEM,
    OF_THE_ORDER,
    PAST_DATES,
    PATHS,
    SLOTS,
    UNKNOWN,
    YES_NO,
    answers,
    first_missing_slot,
)

__all__ = [
    "CONDITIONS",
    "DATES",
    "LAST_DAYS",
    "OF_THE_ITEM",
    "OF_THE_ORDER",
    "PAST_DATES",
    "PATHS",
    "SLOTS",
    "UNKNOWN",
    "YES_NO",
    "answers",
    "first_missing_slot",
]

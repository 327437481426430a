"""Fills sentence templates; dates are written out for a locale."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from bot.policy.sentences import DATES


@lru_cache(maxsize=4096)
def long_date(day: date, locale: str) -> str:
    """A date in words with its weekday, such as "Sunday, 3 May 2026".

    Kept once made, since Babel is slow beside a decision.

    Args:
        day: the date.
        locale: a Babel locale, such as "en_GB".
    """
    return format_date(day, "full", locale=locale)


def fill(template: str, values: Mapping[str, Any], locale: str) -> str:
    """Fills a template.

    Args:
        template: text with {placeholders}.
        values: what to put in; dates as dates or, under a date's name, as ISO strings.
        locale: how to write the dates.

    Returns:
        The sentence.
    """
    if "{" not in template:
        return template
    return template.format_map({k: _written(k, v, locale) for k, v in values.items()})


def _written(name: str, value: Any, locale: str) -> Any:
    if isinstance(value, date):
        return long_date(value, locale)
    if name in DATES and isinstance(value, str):
        return long_date(date.fromisoformat(value), locale)
    return value

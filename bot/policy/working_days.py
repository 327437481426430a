"""Last days that fall on a day off: where the law moves them, and why.

Public holidays come from the `holidays` library, by country and, where the address tells it, by
region. Where it doesn't, a holiday of any of the country's regions counts, so that a region that
isn't known never makes a period shorter; the day that is sure in every case is named beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
import pycountry
from babel import Locale

from bot.policy.folding import fold

NO_REGION = ""
"""A place in a country with regional holidays that has none of them."""

PostalRegions = Mapping[str, Mapping[str, str | None]]

_ONE_DAY = timedelta(days=1)
_LATEST = date.max - timedelta(days=60)


@dataclass(frozen=True)
class DayOff:
    """Why a day is no working day.

    Attributes:
        holiday: the public holiday's name; None for a day of the weekend.
        place: where it is one, such as "Germany" or "Bayern, Germany"; None likewise.
    """

    holiday: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class LastDay:
    """The end of a period.

    Attributes:
        counted: the day that plain counting gives.
        safe: the day that holds wherever in the country the buyer is.
        day: the last day.
        moved_by: why `safe` is later than `counted`; None when it isn't.
        may_move_by: why `day` is later than `safe`; None when it isn't.
    """

    counted: date
    safe: date
    day: date
    moved_by: DayOff | None = None
    may_move_by: DayOff | None = None


@dataclass(frozen=True)
class RestDays:
    """The days of the week on which a period doesn't end.

    Attributes:
        sure: numbers of weekdays, Monday is 0.
        doubtful: weekdays for which the words of the law leave it open.
    """

    sure: tuple[int, ...]
    doubtful: tuple[int, ...] = ()


@lru_cache(maxsize=65_536)
def last_day(
    counted: date, country: str, region: str | None, rest: RestDays, locale: str
) -> LastDay:
    """Moves the end of a period to a working day.

    Args:
        counted: the day that plain counting gives.
        country: ISO 3166-1 alpha-2 code.
        region: what `region_of` found; None when it isn't known.
        rest: days of the week without work.
        locale: language of the holidays' names, such as "en_GB".

    Returns:
        The end with its reasons; `counted` itself when that is a working day.
    """
    if counted >= _LATEST:
        return LastDay(counted, counted, counted)
    known = _regions(country) if region is None else (region,)
    every = rest.sure + rest.doubtful
    surely = [_working_day(counted, country, r, rest.sure) for r in known]
    safe = min(surely)
    day = max(_working_day(counted, country, r, every) for r in known)
    moved_by = may_move_by = None
    if safe > counted:
        regions = known if region is not None else (NO_REGION,)
        moved_by = next(_reasons(counted, country, regions, rest.sure, locale))
    if day > safe:
        may_move_by = next(_reasons(safe, country, known, every, locale), DayOff())
    return LastDay(counted, safe, day, moved_by, may_move_by)


def _working_day(day: date, country: str, region: str, rest: tuple[int, ...]) -> date:
    while day.weekday() in rest or day in _days_off(country, region, day.year):
        day += _ONE_DAY
    return day


def _reasons(
    day: date, country: str, regions: tuple[str, ...], rest: tuple[int, ...], locale: str
) -> Iterator[DayOff]:
    for region in (NO_REGION, *regions):
        if day in _days_off(country, region, day.year):
            name = _holidays(country, region, day.year, _language(country, locale))[day]
            yield DayOff(name, _place(country, region, locale))
    if day.weekday() in rest:
        yield DayOff()


@lru_cache(maxsize=8192)
def _days_off(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(_holidays(country, region, year, None))


@lru_cache(maxsize=1024)
def _holidays(country: str, region: str, year: int, language: str | None) -> Mapping[date, str]:
    """Public holidays of one place and year; Sundays as such aren't listed."""
    if country not in _supported():
        return {}
    found = holidays.country_holidays(country, subdiv=region or None, years=year, language=language)
    return {day: name for day, name in found.items() if name not in _SUNDAY_NAMES}


_SUNDAY_NAMES = frozenset({"Sunday", "Söndag"})
"""Sweden's table lists every Sunday."""


@lru_cache
def _supported() -> Mapping[str, list[str]]:
    return holidays.list_supported_countries()


@lru_cache(maxsize=64)
def _regions(country: str) -> tuple[str, ...]:
    """The regions with holidays of their own, and the rest of the country."""
    return (NO_REGION, *_supported().get(country, ()))


@lru_cache(maxsize=256)
def _language(country: str, locale: str) -> str | None:
    """The table's language for a locale; its own where it has no other."""
    table = getattr(holidays, country, None)
    offered: tuple[str, ...] = getattr(table, "supported_languages", ())
    if locale in offered:
        return locale
    language = locale.partition("_")[0]
    return next((one for one in offered if one.partition("_")[0] == language), None)


@lru_cache(maxsize=1024)
def place_name(country: str, locale: str) -> str:
    """A country's name, such as "Germany".

    Args:
        country: ISO 3166-1 alpha-2 code.
        locale: language of the name.
    """
    return str(Locale.parse(locale).territories.get(country, country))


def _place(country: str, region: str, locale: str) -> str:
    whole = place_name(country, locale)
    if not region:
        return whole
    entry = pycountry.subdivisions.get(code=f"{country}-{region}")
    aliases = getattr(holidays, country).get_subdivision_aliases().get(region) or [region]
    return f"{entry.name if entry else aliases[-1]}, {whole}"


@lru_cache(maxsize=8192)
def _region_named(country: str, name: str) -> str | None:
    wanted = fold(name)
    bare = wanted.removeprefix(f"{country.lower()} ")
    return _names(country).get(wanted) or _names(country).get(bare)


@lru_cache(maxsize=64)
def _names(country: str) -> Mapping[str, str]:
    """A country's regions with holidays of their own, by every folded name."""
    table = getattr(holidays, country, None)
    if table is None:
        return {}
    names: dict[str, str] = {}
    for region, aliases in table.get_subdivision_aliases().items():
        entry = pycountry.subdivisions.get(code=f"{country}-{region}")
        for name in (region, *aliases, *((entry.name,) if entry else ())):
            for part in (name, *name.split("/")):
                names.setdefault(fold(part), region)
    return names


def region_of(
    country: str, region: str | None, postal_code: str | None, postal_regions: PostalRegions
) -> str | None:
    """The region whose holidays count for an address.

    Args:
        country: ISO 3166-1 alpha-2 code.
        region: as written: a name, or a code with or without the country's ("BY", "DE-BY").
        postal_code: as written.
        postal_regions: regions by country and first digits; the longest that fits counts,
            and null is a place without holidays of its own.

    Returns:
        The region, `NO_REGION` when the place has no holidays of its own, or None when the
        address doesn't tell.
    """
    if len(_regions(country)) == 1:
        return NO_REGION
    found = _region_named(country, region) if region and region.strip() else None
    if found:
        return found
    prefixes = postal_regions.get(country)
    if not prefixes or not postal_code:
        return None
    digits = "".join(c for c in postal_code if c.isascii() and c.isdigit())
    for length in range(len(digits), -1, -1):
        if digits and digits[:length] in prefixes:
            return prefixes[digits[:length]] or NO_REGION
    return None

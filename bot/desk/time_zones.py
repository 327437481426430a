"""The buyer's time zone, told from the address of the order.

Periods end with a calendar day, and the buyer's day is the one that counts. An address names a
country, seldom a time zone. A country with one zone settles it. In a country with several, a
region that the IANA table names ("Hawaii", "Canarias", "SP") settles it; otherwise the most
westerly zone is taken. There the day ends last, so a buyer is never told "too late" while it is
still the last day at home.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_LOCAL_NAMES = {
    "Atlantic/Canary": "canarias",
    "Atlantic/Azores": "acores",
    "Europe/Lisbon": "lisboa",
}
"""What the people there call a region that the IANA table names in English."""


@lru_cache(maxsize=4096)
def zone_of(country: str, region: str | None, shop_time_zone: str) -> ZoneInfo:
    """The time zone to count a buyer's days in.

    Args:
        country: ISO 3166-1 alpha-2 code of the delivery address.
        region: region, state or oblast of the address, if known.
        shop_time_zone: IANA name to take for an unknown country.
    """
    zones = _zones().get(country.upper(), {})
    if not zones:
        return ZoneInfo(shop_time_zone)
    named = [zone for zone, words in zones.items() if region and _names(words, region)]
    return min((ZoneInfo(zone) for zone in named or zones), key=_clock_advance)


def _names(words: str, region: str) -> bool:
    folded = _fold(region)
    return bool(folded) and f" {folded} " in words


def _clock_advance(zone: ZoneInfo) -> timedelta:
    # January and July together, so that summer time on either half of the globe counts alike.
    moments = datetime(2026, 1, 1, tzinfo=zone), datetime(2026, 7, 1, tzinfo=zone)
    return sum((moment.utcoffset() or timedelta() for moment in moments), timedelta())


@lru_cache
def _zones() -> dict[str, dict[str, str]]:
    """Country code -> zone -> the words that the IANA table says about it."""
    zones: dict[str, dict[str, str]] = defaultdict(dict)
    table = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    for line in table.splitlines():
        if line and not line.startswith("#"):
            country, _, zone, *comment = line.split("\t")
            city = zone.rsplit("/", 1)[-1].replace("_", " ")
            words = [city, *comment, _LOCAL_NAMES.get(zone, "")]
            zones[country][zone] = f" {_fold(' '.join(words))} "
    return dict(zones)


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return " ".join(re.findall("[a-z]+", plain))

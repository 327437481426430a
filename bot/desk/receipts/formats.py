"""Dates, moments and money as the buyer's locale writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

_MB = 1_000_000


@dataclass(frozen=True)
class Formats:
    """Formats for one receipt.

    Attributes:
        locale: how the buyer writes.
        zone: the buyer's time zone.
    """

    locale: Locale
    zone: ZoneInfo

    def day(self, value: date) -> str:
        """A calendar day, such as "23 November 2026"."""
        return format_date(value, "long", self.locale)

    def moment(self, value: datetime) -> str:
        """A moment on the buyer's clock, with the zone's name."""
        written = format_datetime(value.astimezone(self.zone), "medium", locale=self.locale)
        return f"{written} ({self.zone.key})"

    def second(self, value: datetime) -> str:
        """A moment to the second, with weekday, zone and distance from UTC."""
        local = value.astimezone(self.zone)
        day = format_date(local, "full", self.locale)
        away = local.strftime("%z")
        return f"{day}, {local:%H:%M:%S} ({self.zone.key}, UTC{away[:3]}:{away[3:5]})"

    def weekday(self, value: date) -> str:
        """A calendar day with its weekday."""
        return format_date(value, "full", self.locale)

    def time(self, value: datetime) -> str:
        """The time of day on the buyer's clock."""
        return format_time(value.astimezone(self.zone), "short", locale=self.locale)

    def size(self, count: int) -> str:
        """A file's size, such as "2.1 MB"."""
        return size(count, self.locale)

    def money(self, cents: int, currency: str) -> str:
        """An amount as `money` writes it, in this locale."""
        return money(cents, currency, self.locale)


def size(count: int, locale: Locale) -> str:
    """A file's size as a locale writes it.

    Args:
        count: its bytes.
        locale: how to write it.
    """
    if count >= _MB:
        return f"{format_decimal(round(count / _MB, 1), locale=locale)} MB"
    return f"{format_decimal(max(1, round(count / 1000)), locale=locale)} KB"


def money(cents: int, currency: str, locale: Locale) -> str:
    """An amount as a locale writes it.

    Args:
        cents: the amount in the currency's smallest unit.
        currency: ISO 4217 code.
        locale: how to write it.
    """
    amount = Decimal(cents).scaleb(-get_currency_precision(currency))
    return str(format_currency(amount, currency, locale=locale))

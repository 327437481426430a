"""Where Free Return works: countries, overseas territories, suspended areas (F3, F5 to F7)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.policy.folding import fold
from bot.policy.routes.builder import RouteBuilder

_DIGITS = re.compile(r"\d+")


def check_location(route: RouteBuilder) -> None:
    """Applies F3, F5, F6 and F7 to the delivery address.

    Args:
        route: Free Return.
    """
    country = route.facts.order.country
    if country is None:
        route.need("order.country")
        return
    for clause, check in (("F3", _served), ("F5", _overseas), ("F6", _region), ("F7", _zip)):
        if route.rules.has(clause):
            check(route, country)


def _served(route: RouteBuilder, country: str) -> None:
    served = route.rules.param("F3", "countries")
    if served and country not in served:
        route.close("F3", "not_served", country=country)
        route.change("F3", "served")


def _overseas(route: RouteBuilder, country: str) -> None:
    if country not in route.rules.param("F5", "countries"):
        return
    code = route.facts.order.postal_code
    found = _starts_with(code, route.rules.param("F5", "prefixes"), whole=5)
    if code is None or not code.strip():
        route.need("order.postal_code")
    elif found is None:
        route.support("F5", "unreadable", postal_code=code)
    elif found:
        route.support("F5", "overseas", postal_code=code)


def _region(route: RouteBuilder, country: str) -> None:
    if country not in route.rules.param("F6", "countries"):
        return
    region = route.facts.order.region
    if region is None or not region.strip():
        route.need("order.region")
    elif _is_among(region, route.rules.param("F6", "regions")):
        route.close("F6", "suspended", region=region)
        route.change("F6", "elsewhere")


def _zip(route: RouteBuilder, country: str) -> None:
    if country in route.rules.param("F7", "territories"):
        route.close("F7", "territory", country=country)
        route.change("F7", "elsewhere")
    if country not in route.rules.param("F7", "countries"):
        return
    code = route.facts.order.postal_code
    found = _starts_with(code, route.rules.param("F7", "prefixes"), whole=5, extra=4)
    if code is None or not code.strip():
        route.need("order.postal_code")
    elif found is None:
        route.support("F7", "unreadable", postal_code=code)
    elif found:
        route.close("F7", "suspended", postal_code=code)
        route.change("F7", "elsewhere")


def _starts_with(
    code: str | None, prefixes: tuple[str, ...], whole: int, extra: int = 0
) -> bool | None:
    """Whether a postal code starts with one of the prefixes; None when it can't be read.

    Args:
        code: as written: spaces, a dash or the country's letters don't matter, and a first 0
            that a spreadsheet dropped is put back.
        prefixes: digits.
        whole: digits of a whole code.
        extra: digits that may follow, as in ZIP+4.
    """
    digits = "".join(str(unicodedata.digit(d)) for d in "".join(_DIGITS.findall(code or "")))
    for length in (whole, whole + extra):
        if len(digits) in (length, length - 1):
            return digits.zfill(length).startswith(prefixes)
    return None


def _is_among(region: str, spellings: tuple[str, ...]) -> bool:
    known = _folded_set(spellings)
    folded = fold(region)
    return folded in known or any(word in known for word in folded.split())


@lru_cache(maxsize=8)
def _folded_set(spellings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, spellings))

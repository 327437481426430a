"""The countries that the help page offers, by name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pycountry

from bot.policy.folding import fold
from bot.policy.rulebook import EU_STATES, Rulebook
from bot.policy.working_days import place_name

BRAZIL = "BR"
_KOSOVO = "XK"
"""Has a code by custom only, which ISO's list lacks."""


@dataclass(frozen=True)
class Place:
    """A country or territory.

    Attributes:
        code: ISO 3166-1 alpha-2 code.
        name: its name in the data's language.
    """

    code: str
    name: str


@dataclass(frozen=True)
class Places:
    """All countries, in the groups in which buyers look for them, each by name.

    Attributes:
        eu: the member states of the EU.
        others: all others, Brazil first.
    """

    eu: tuple[Place, ...]
    others: tuple[Place, ...]

    def name(self, code: str) -> str:
        """A country's name; empty for a code that isn't one."""
        return next((p.name for p in (*self.eu, *self.others) if p.code == code), "")


def places(rules: Rulebook) -> Places:
    """The countries; made once for the same member states.

    Args:
        rules: name the member states, and the language of the names.
    """
    members = rules.param(EU_STATES, "countries") if rules.has(EU_STATES) else ()
    return _places(frozenset(members), rules.texts.locale)


@lru_cache(maxsize=4)
def _places(members: frozenset[str], locale: str) -> Places:
    codes = {country.alpha_2 for country in pycountry.countries} | {_KOSOVO}
    named = [Place(code, place_name(code, locale)) for code in codes]
    named.sort(key=lambda place: fold(place.name))
    eu = tuple(place for place in named if place.code in members)
    others = [place for place in named if place.code not in members]
    others.sort(key=lambda place: place.code != BRAZIL)
    return Places(eu, tuple(others))

"""What a buyer answered on the "Can I return it?" page, checked; from the address's parameters.

Nothing is stored: each step has all answers so far in its address, so that a result can be shared
and an answer changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from bot.asked_facts import DATES, PAST_DATES, PATHS, UNKNOWN, YES_NO
from bot.desk import text
from bot.desk.text import place_name as clean_place
from bot.help_center.places import Places
from bot.policy.facts import Reason, ShipmentStatus, Trait
from bot.policy.rulebook import Rulebook

FIRST = ("reason", "country", "category", "placed_on", "delivered_on")
"""What the first step asks for."""
NAMES = tuple(dict.fromkeys((*FIRST, *PATHS)))
SPECIAL_KINDS = tuple(
    kind.value
    for kind in (
        *(Trait.UNDERWEAR, Trait.SOCKS, Trait.FOOD, Trait.PERISHABLE, Trait.LIVE_PLANT),
        *(Trait.HYGIENE, Trait.CUSTOMISED, Trait.COPIABLE, Trait.VIRTUAL, Trait.BATTERY),
        *(Trait.DATED, Trait.FRAGILE, Trait.ADULT, Trait.FREE_GIFT),
    )
)
"""Kinds of items that rules of their own hold for, whatever category of the shop they are in."""
_FIRST_DAY = date(2010, 1, 1)
"""The first day of the program's rules."""
_LAST_DAY_AHEAD = timedelta(days=3660)
_CHARS = 60
_TRUTH = {"yes": True, "no": False}
_UNDELIVERED = frozenset({ShipmentStatus.NOT_SHIPPED.value, ShipmentStatus.IN_TRANSIT.value})
_REASONS = frozenset(reason.value for reason in Reason)
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%B %d, %Y", "%B %d %Y")


@dataclass(frozen=True)
class Problem:
    """Why an answer can't be taken.

    Attributes:
        code: names the sentence in page.yml.
        values: what stands in its braces.
    """

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answers:
    """The answers so far.

    Attributes:
        given: what was sent, by name, cleaned; also what can't be taken, to be shown again.
        problems: by name, why an answer can't be taken.
    """

    given: Mapping[str, str]
    problems: Mapping[str, Problem]

    @property
    def is_begun(self) -> bool:
        """Whether anything was sent at all."""
        return bool(self.given)

    @property
    def slots(self) -> dict[str, Any]:
        """The answers that can be taken by name, as the chat keeps them."""
        good = {n: v for n, v in self.given.items() if n not in self.problems}
        return {name: _TRUTH.get(v, v) if name in YES_NO else v for name, v in good.items()}

    @property
    def facts(self) -> dict[str, Any]:
        """Fact path to value, as the policy takes them; what isn't known is left out."""
        known = {n: v for n, v in self.slots.items() if v != UNKNOWN and n in PATHS}
        facts = {PATHS[name]: value for name, value in known.items()}
        for name in DATES & known.keys():
            facts[PATHS[name]] = read_date(known[name])
        if known.get("category") in SPECIAL_KINDS:
            facts["item.traits"] = [facts.pop(PATHS["category"])]
        return facts

    @property
    def is_special_kind(self) -> bool:
        """Whether the kind of item is one that rules of their own hold for."""
        return self.slots.get("category") in SPECIAL_KINDS

    def address(self, *without: str, **more: str) -> str:
        """The page's address with these answers.

        Args:
            *without: answers to leave out.
            **more: parameters to add.
        """
        kept = {n: v for n, v in self.given.items() if n not in without}
        query = urlencode(kept | more)
        return f"/check?{query}" if query else "/check"


NO_ANSWERS = Answers({}, {})
"""Before anything was answered."""


def read(
    sent: Mapping[str, list[str]], places: Places, rules: Rulebook, today: Callable[[str], date]
) -> Answers:
    """Reads and checks the parameters of an address.

    Args:
        sent: every value by its name; those that aren't answers are left out.
        places: the countries there are.
        rules: the categories there are.
        today: the calendar day in a country.
    """
    given = {name: _clean(sent[name]) for name in NAMES if name in sent}
    given = {name: value for name, value in given.items() if value}
    has_come = given.get("delivered_on", UNKNOWN) != UNKNOWN
    if has_come and given.get("shipment") in _UNDELIVERED:
        del given["shipment"]  # an earlier answer, from before the day was told
    if not given:
        return NO_ANSWERS
    problems = {name: p for name, v in given.items() if (p := _problem(name, v, places, rules))}
    for name in ("reason", "country"):
        if name not in given:
            problems[name] = Problem("choose")
    country = given.get("country", "") if "country" not in problems else ""
    problems |= _day_problems(given, today(country))
    # A choice that isn't offered was never made: it is simply asked for again.
    kept = {n: v for n, v in given.items() if n not in problems or n in DATES or n == "postal_code"}
    return Answers(kept, {n: p for n, p in problems.items() if n in kept or n in FIRST})


def read_date(written: str) -> date | None:
    """A day as date fields send it, or as people write it with a year and the month's name."""
    for form in _FORMATS:
        try:
            return datetime.strptime(written, form).date()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    return None


def _clean(values: list[str]) -> str:
    """One line of a sensible length; the button "I don't know" beside a field wins over it."""
    if UNKNOWN in values:
        return UNKNOWN
    return text.one_line(values[0], _CHARS)


def _problem(name: str, value: str, places: Places, rules: Rulebook) -> Problem | None:
    if name == "reason":
        return None if value in _REASONS else Problem("choose")
    if name == "country":
        return None if places.name(value) else Problem("choose")
    if name in DATES:
        return None
    if value == UNKNOWN:
        return None
    if name == "category":
        fits = value in rules.categories or value in SPECIAL_KINDS
    elif name == "shipment":
        fits = value in {status.value for status in ShipmentStatus}
    elif name in YES_NO:
        fits = value in _TRUTH
    else:
        fits = bool(clean_place(value, _CHARS))
    return None if fits else Problem("choose")


def _day_problems(given: Mapping[str, str], today: date) -> dict[str, Problem]:
    found: dict[str, Problem] = {}
    days: dict[str, date] = {}
    for name in DATES & given.keys():
        if given[name] == UNKNOWN:
            continue
        day = read_date(given[name])
        if day is None:
            found[name] = Problem("no_date")
        elif not _FIRST_DAY <= day <= today + _LAST_DAY_AHEAD:
            found[name] = Problem("far_off")
        elif name in PAST_DATES and day > today:
            found[name] = Problem("future", {"date": day})
        else:
            days[name] = day
    placed_on = days.get("placed_on")
    for name in days:
        if placed_on and days[name] < placed_on:
            found[name] = Problem("before_order", {"date": days[name], "placed_on": placed_on})
    is_missed = given.get("reason") == Reason.NOT_ARRIVED.value
    if is_missed and "delivered_on" in days and given.get("shipment") != "delivered":
        found["delivered_on"] = Problem("arrived_after_all")
    return found

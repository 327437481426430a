"""The form of the clause files; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from string import Formatter
from typing import Any

import pycountry
from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr, validator

from bot.policy.facts import Trait

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_CLAUSE_ID = re.compile(r"^[A-Z]\d+(\.\d+)?$")
_ACT_ID = re.compile(r"^[A-Z]{2}-[A-Z0-9][A-Za-z0-9/]*$")
_LAW_CLAUSE_ID = re.compile(r"^[A-Z]{2}-[A-Z0-9][A-Za-z0-9/]*-\d+[a-z]?(\(\w+\)|§\d*|-[IVX]+)*$")
_TRAITS = {t.value for t in Trait}

ASPECTS = ("cost", "to_do", "send_back", "you_get", "by_when")
"""What a route may tell, see `bot.policy.decision.Told`."""


class _Strict(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class CategoryForm(_Strict):
    """One shop category of S11."""

    name: StrictStr
    traits: tuple[Trait, ...]
    durable: StrictBool | None = Field(...)


class EarlierPeriodForm(_Strict):
    """How long an older law of a country made the seller answer."""

    years: StrictInt | None = Field(...)
    act: StrictStr
    article: StrictStr


class NationalPeriodForm(_Strict):
    """How long a country's law makes the seller answer for faults, and where that stands."""

    years: StrictInt | None = Field(...)
    presumed_years: StrictInt
    act: StrictStr
    article: StrictStr
    since: date
    url: StrictStr = ""
    reading: StrictStr = ""
    before: EarlierPeriodForm | None = None
    also: StrictStr = ""
    checked: StrictStr = ""

    @validator("act", "article")
    def _has_a_source(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("every country's period needs its source")
        return value

    @validator("url")
    def _is_a_link(cls, value: str) -> str:
        return _link(value) if value else value


def _link(value: str) -> str:
    if not value.startswith("https://"):
        raise ValueError("must be a link that starts with https://")
    return value


def _whole(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if good else "must be a whole number, 0 or more"


def _number(value: Any) -> str | None:
    good = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
    return None if good else "must be a number above 0"


def _words(value: Any) -> str | None:
    good = isinstance(value, list) and all(isinstance(v, str) and v for v in value)
    return None if good else "must be a list of words (quote what looks like a number)"


def _digits(value: Any) -> str | None:
    problem = _words(value)
    if problem is None and not all(v.isdigit() for v in value):
        return "must be a list of digits in quotes"
    return problem


def _countries(value: Any) -> str | None:
    problem = _words(value)
    if problem:
        return problem
    unknown = [v for v in value if pycountry.countries.get(alpha_2=v) is None]
    return f"not an ISO 3166-1 country code: {', '.join(unknown)}" if unknown else None


def _traits(value: Any) -> str | None:
    problem = _words(value)
    if problem:
        return problem
    unknown = [v for v in value if v not in _TRAITS]
    return f"no such trait: {', '.join(unknown)}" if unknown else None


def _categories(value: Any) -> str | None:
    if not isinstance(value, dict) or not all(isinstance(k, str) for k in value):
        return "must be categories by id"
    for content in value.values():
        CategoryForm.parse_obj(content)
    return None


def _weekdays(value: Any) -> str | None:
    good = isinstance(value, list) and all(v in WEEKDAYS for v in value)
    return None if good else f"must be a list of {', '.join(WEEKDAYS)}"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _countries_of(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "must be countries by country"
    return _countries([*value, *value.values()])


def _national_periods(value: Any) -> str | None:
    if not isinstance(value, dict) or not value:
        return "must be periods by country"
    for row in value.values():
        NationalPeriodForm.parse_obj(row)
    return _countries(list(value))


def _postal_regions(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "must be postal codes by country"
    for prefixes in value.values():
        good = isinstance(prefixes, dict) and all(
            isinstance(prefix, str)
            and (not prefix or prefix.isdigit())
            and (region is None or isinstance(region, str))
            for prefix, region in prefixes.items()
        )
        if not good:
            return "must be regions by the first digits of the postal code, both in quotes"
    return _countries(list(value))


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

UNITS: dict[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("days", "months", "years", "labels", "requests", "countries_count"), _whole),
    **dict.fromkeys(("cm", "kg"), _number),
    "countries": _countries,
    "prefixes": _digits,
    "spellings": _words,
    "traits": _traits,
    "categories": _categories,
    "weekdays": _weekdays,
    "flag": _flag,
    "countries_by_country": _countries_of,
    "national_periods": _national_periods,
    "postal_regions": _postal_regions,
}
"""Unit -> the check of a value; the check returns the problem, or None."""


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _strict_date(value: Any) -> Any:
    if value is not None and not _is_date(value):
        raise ValueError("must be a date such as 2010-01-01, without quotes")
    return value


class ParameterForm(_Strict):
    """A value of a clause; `values` are keyed by the day from which each holds."""

    unit: StrictStr
    nullable: StrictBool = False
    values: dict[Any, Any]

    @validator("unit")
    def _known_unit(cls, value: str) -> str:
        if value not in UNITS:
            raise ValueError(f"unknown unit {value!r}; one of {', '.join(UNITS)}")
        return value

    @validator("values")
    def _good_values(cls, value: dict[Any, Any], values: dict[str, Any]) -> dict[Any, Any]:
        if not value:
            raise ValueError("needs a value")
        for day, content in value.items():
            if not _is_date(day):
                raise ValueError(f"{day}: must be a date such as 2010-01-01, without quotes")
            if content is None and values.get("nullable"):
                continue
            problem = UNITS[values["unit"]](content) if "unit" in values else None
            if problem:
                raise ValueError(f"{day}: {problem}")
        return dict(sorted(value.items()))


class _AnyClauseForm(_Strict):
    """What a clause of the page and one of law have in common."""

    id: StrictStr
    title: StrictStr
    reading: StrictStr = ""
    valid_from: date
    valid_to: date | None = None
    parameters: dict[StrictStr, ParameterForm] = {}
    says: dict[StrictStr, StrictStr]

    _dates = validator("valid_from", "valid_to", pre=True, allow_reuse=True)(_strict_date)

    @validator("title", "section", "quote", "article", check_fields=False)
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value

    @validator("valid_to")
    def _ends_after_start(cls, value: date | None, values: dict[str, Any]) -> date | None:
        start = values.get("valid_from")
        if value and start and value < start:
            raise ValueError("is before valid_from")
        return value

    @validator("parameters")
    def _hold_from_the_start(
        cls, value: dict[str, ParameterForm], values: dict[str, Any]
    ) -> dict[str, ParameterForm]:
        start = values.get("valid_from")
        for name, parameter in value.items():
            if not _NAME.match(name):
                raise ValueError(f"{name}: must be a name such as labels_per_month")
            if start and min(parameter.values) > start:
                raise ValueError(f"{name}: has no value from {start}, when the clause starts")
        return value


class ClauseForm(_AnyClauseForm):
    """One version of a clause of the program's page."""

    section: StrictStr
    quote: StrictStr

    @validator("id")
    def _good_id(cls, value: str) -> str:
        if not _CLAUSE_ID.match(value):
            raise ValueError(f"{value!r} isn't a clause id such as F1 or F9.1")
        return value


class LawClauseForm(_AnyClauseForm):
    """One version of a clause of law; without a quote it is told in our own words only."""

    article: StrictStr
    quote: StrictStr | None = None

    @validator("id")
    def _good_id(cls, value: str) -> str:
        if not _LAW_CLAUSE_ID.match(value):
            raise ValueError(f"{value!r} isn't a clause id such as EU-2011/83-9(1)")
        return value


class ClauseFile(_Strict):
    """A file of clauses of the program's page."""

    clauses: tuple[ClauseForm, ...]


class ActForm(_Strict):
    """An act of law."""

    id: StrictStr
    name: StrictStr
    title: StrictStr
    url: StrictStr

    @validator("id")
    def _good_id(cls, value: str) -> str:
        if not _ACT_ID.match(value):
            raise ValueError(f"{value!r} isn't an act's id such as EU-2011/83")
        return value

    _url = validator("url", allow_reuse=True)(_link)


class ActFile(_Strict):
    """A file of one act's clauses."""

    act: ActForm
    clauses: tuple[LawClauseForm, ...]

    @validator("clauses", each_item=True)
    def _of_this_act(cls, value: LawClauseForm, values: dict[str, Any]) -> LawClauseForm:
        act = values.get("act")
        if act and not value.id.startswith(f"{act.id}-"):
            raise ValueError(f"{value.id} doesn't begin with {act.id}-")
        return value


class RouteForm(_Strict):
    """A route in words, and the clauses that it rests on."""

    name: StrictStr
    what: StrictStr
    remedy: StrictStr
    rests_on: tuple[StrictStr, ...]
    statutory: StrictBool
    tells: dict[StrictStr, tuple[StrictStr, ...]] = {}

    @validator("tells")
    def _known_aspects(cls, value: dict[str, Any]) -> dict[str, Any]:
        unknown = [aspect for aspect in value if aspect not in ASPECTS]
        if unknown:
            raise ValueError(f"{', '.join(unknown)}: must be one of {', '.join(ASPECTS)}")
        return value


class ReasonForm(_Strict):
    """A reason in words, with its evidence."""

    label: StrictStr
    evidence: tuple[StrictStr, ...]


class TextsFile(_Strict):
    """routes.yml."""

    locale: StrictStr
    not_in_force: StrictStr
    routes: dict[StrictStr, RouteForm]
    reasons: dict[StrictStr, ReasonForm]
    facts: dict[StrictStr, StrictStr]
    statuses: dict[StrictStr, StrictStr]
    paid_by: dict[StrictStr, StrictStr]
    remedies: dict[StrictStr, StrictStr]
    evidence: dict[StrictStr, StrictStr]
    headings: dict[StrictStr, StrictStr]


def placeholders(template: str) -> set[str]:
    """The names in a template's braces.

    Raises:
        ValueError: when the braces don't match.
    """
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}

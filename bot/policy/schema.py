"""The form of the clause files; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from string import Formatter
from typing import Any

import pycountry
from pydantic import BaseModel, Field, StrictBool, StrictStr, validator

from bot.policy.facts import Trait

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_CLAUSE_ID = re.compile(r"^[A-Z]\d+(\.\d+)?$")
_TRAITS = {t.value for t in Trait}


class _Strict(BaseModel):
    class Config:
        extra = "forbid"
        frozen = True


class CategoryForm(_Strict):
    """One shop category of S11."""

    name: StrictStr
    traits: tuple[Trait, ...]
    durable: StrictBool | None = Field(...)


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


UNITS: dict[str, Callable[[Any], str | None]] = {
    **dict.fromkeys(("days", "months", "years", "labels", "requests", "countries_count"), _whole),
    **dict.fromkeys(("cm", "kg"), _number),
    "countries": _countries,
    "prefixes": _digits,
    "spellings": _words,
    "traits": _traits,
    "categories": _categories,
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


class ClauseForm(_Strict):
    """One version of a clause."""

    id: StrictStr
    title: StrictStr
    section: StrictStr
    quote: StrictStr
    reading: StrictStr = ""
    valid_from: date
    valid_to: date | None = None
    parameters: dict[StrictStr, ParameterForm] = {}
    says: dict[StrictStr, StrictStr]

    _dates = validator("valid_from", "valid_to", pre=True, allow_reuse=True)(_strict_date)

    @validator("id")
    def _good_id(cls, value: str) -> str:
        if not _CLAUSE_ID.match(value):
            raise ValueError(f"{value!r} isn't a clause id such as F1 or F9.1")
        return value

    @validator("title", "section", "quote")
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


class ClauseFile(_Strict):
    """A file of clauses."""

    clauses: tuple[ClauseForm, ...]


class RouteForm(_Strict):
    """A route in words, and the clauses that it rests on."""

    name: StrictStr
    what: StrictStr
    remedy: StrictStr
    rests_on: tuple[StrictStr, ...]
    statutory: StrictBool


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

"""Clauses as dated data: what each says, from when to when, and with which values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.policy.decision import Citation


@dataclass(frozen=True)
class Parameter:
    """A value of a clause, by the day from which it holds.

    Attributes:
        unit: what it counts, such as "days"; see `bot.policy.schema` for the list.
        values: start day -> value, in order of time.
    """

    unit: str
    values: Mapping[date, Any]

    def on(self, day: date) -> Any:
        """The value that holds on `day`; the first one for a day before all of them."""
        days = list(self.values)
        return self.values[days[max(bisect_right(days, day) - 1, 0)]]


@dataclass(frozen=True)
class Act:
    """An act of law.

    Attributes:
        id: beginning of its clauses' ids, such as "EU-2011/83".
        name: such as "Directive 2011/83/EU".
        title: what it is, in a few words.
        url: the official text.
    """

    id: str
    name: str
    title: str
    url: str


@dataclass(frozen=True)
class Clause:
    """One version of a clause.

    Attributes:
        id: such as "F9.1" or "EU-2011/83-9(1)".
        title: what it is about, in a few plain words.
        section: section of the program's page, or act and article.
        quote: the exact words; empty for a law that is only told in our own words.
        reading: how it is applied where the words are open; may be empty.
        valid_from: first day of a contract that it holds for.
        valid_to: last such day; None while it holds.
        parameters: its values by name.
        says: sentence templates by code.
        source: file and line of the data.
    """

    id: str
    title: str
    section: str
    quote: str
    reading: str
    valid_from: date
    valid_to: date | None
    parameters: Mapping[str, Parameter]
    says: Mapping[str, str]
    source: str
    act: Act | None = None
    article: str = ""

    @property
    def is_law(self) -> bool:
        """Whether it is a clause of law, not of the program's page."""
        return self.act is not None

    def citation(self, plain: str) -> Citation:
        """What a decision keeps of it.

        Args:
            plain: its rule in our own words, filled in.
        """
        act = self.act
        return Citation(
            self.id,
            self.title,
            self.section,
            self.quote,
            plain,
            act.name if act else "",
            self.article,
            act.url if act else "",
        )

    def holds(self, on: date) -> bool:
        """Whether it is in force for a contract of that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

"""All clauses, and those in force on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bot.policy.clause import Clause
from bot.policy.rulebook import Rulebook
from bot.policy.texts import Texts


@dataclass(frozen=True)
class Clauses:
    """Every version of every clause, and the words for ids.

    Attributes:
        versions: in the order of the files.
        texts: words for ids.
    """

    versions: tuple[Clause, ...]
    texts: Texts
    _breaks: list[date] = field(init=False, repr=False, compare=False)
    _books: dict[int, Rulebook] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Finds the days on which anything changes."""
        days = {v.valid_from for v in self.versions}
        days |= {v.valid_to + timedelta(days=1) for v in self.versions if v.valid_to}
        for version in self.versions:
            for parameter in version.parameters.values():
                days |= set(parameter.values)
        object.__setattr__(self, "_breaks", sorted(days))

    @property
    def ids(self) -> tuple[str, ...]:
        """Every clause id once, in the order of the files."""
        return tuple(dict.fromkeys(v.id for v in self.versions))

    @property
    def categories(self) -> list[str]:
        """Every category id that S11 has had, in the data's order."""
        return list(
            dict.fromkeys(
                id_
                for version in self.versions
                for parameter in version.parameters.values()
                if parameter.unit == "categories"
                for value in parameter.values.values()
                for id_ in value
            )
        )

    def with_values(self, clause_id: str, name: str, values: Mapping[date, Any]) -> Clauses:
        """The clauses with one parameter as an operator's settings have it.

        Args:
            clause_id: the clause; every version that has the parameter gets the values.
            name: the parameter.
            values: start day -> value, in order of time.
        """
        versions = (
            replace(
                version,
                parameters={
                    **version.parameters,
                    name: replace(version.parameters[name], values=values),
                },
            )
            if version.id == clause_id and name in version.parameters
            else version
            for version in self.versions
        )
        return Clauses(tuple(versions), self.texts)

    def in_force(self, on: date) -> Rulebook:
        """The clauses and values that hold on a day.

        Args:
            on: day of the contract.

        Returns:
            The same object for every day between two changes.
        """
        index = bisect_right(self._breaks, on)
        if index not in self._books:
            self._books[index] = Rulebook(self.nearest(on), self.texts, on)
        return self._books[index]

    def nearest(self, on: date) -> list[Clause]:
        """For each id the version in force, else the next one, else the last one."""
        by_id: dict[str, Clause] = {}
        for version in sorted(self.versions, key=lambda v: v.valid_from, reverse=True):
            late = version.valid_to is not None and version.valid_to < on
            if version.id not in by_id or not late:
                by_id[version.id] = version
        return list(by_id.values())

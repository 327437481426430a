"""Clauses as dated data: what each says, from when to when, and with which values."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bot.policy.decision import Citation, Finding, RouteId
from bot.policy.facts import Facts, Reason, Trait
from bot.policy.wording import fill


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
class Clause:
    """One version of a clause.

    Attributes:
        id: such as "F9.1".
        title: what it is about, in a few plain words.
        section: section of the program's page.
        quote: the page's exact words.
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

    @property
    def citation(self) -> Citation:
        """What a decision keeps of it."""
        return Citation(self.id, self.title, self.section, self.quote)


@dataclass(frozen=True)
class Category:
    """A shop category of S11 and what its items are unless an item says otherwise.

    Attributes:
        name: as the page writes it.
        traits: default traits.
        durable: durable goods (S8); None where the category doesn't tell.
    """

    name: str
    traits: frozenset[Trait]
    durable: bool | None


@dataclass(frozen=True)
class RouteText:
    """What the chat and the routes' order need to know of a route.

    Attributes:
        name: short name.
        what: what it is, in one line.
        remedy: id of what the buyer gets.
        rests_on: clauses without which there is no such route.
        statutory: whether it is a right by law, beside the program.
    """

    name: str
    what: str
    remedy: str
    rests_on: tuple[str, ...]
    statutory: bool


@dataclass(frozen=True)
class ReasonText:
    """A reason in plain words, and the evidence that goes with it.

    Attributes:
        label: in the buyer's words.
        evidence: ids of what to bring.
    """

    label: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """Words for ids, all from clauses/routes.yml.

    Attributes:
        locale: how dates are written in the sentences, such as "en_GB".
        not_in_force: sentence for a clause that doesn't hold for the order's day.
        routes: by id, in order of preference when all else is equal.
        reasons: by id.
        facts: label by path; their order is the order of asking.
        statuses: label by id.
        paid_by: label by id.
        remedies: label by id.
        evidence: label by id.
        headings: words of the printed decision, by id.
    """

    locale: str
    not_in_force: str
    routes: Mapping[RouteId, RouteText]
    reasons: Mapping[Reason, ReasonText]
    facts: Mapping[str, str]
    statuses: Mapping[str, str]
    paid_by: Mapping[str, str]
    remedies: Mapping[str, str]
    evidence: Mapping[str, str]
    headings: Mapping[str, str]


class Rulebook:
    """The clauses in force on one day, with the values of that day.

    Attributes:
        texts: words for ids.
        categories: the shop categories of S11 by id.
    """

    def __init__(self, clauses: Clauses, on: date) -> None:
        """Picks versions and values once, so that a decision only looks them up.

        Args:
            clauses: every version of every clause.
            on: the day.
        """
        self.texts = clauses.texts
        self._clauses = {c.id: c for c in clauses.versions if _holds(c, on)}
        self._params = {
            c.id: {name: p.on(on) for name, p in c.parameters.items()}
            for c in self._clauses.values()
        }
        self._shown = {
            id_: {name: _shown(value) for name, value in params.items()}
            for id_, params in self._params.items()
        }
        self._citations = {c.id: c.citation for c in clauses.nearest(on)}
        self.categories: Mapping[str, Category] = (
            self.param("S11", "categories") if self.has("S11") else {}
        )

    def has(self, clause_id: str) -> bool:
        """Whether the clause is in force."""
        return clause_id in self._clauses

    def clause(self, clause_id: str) -> Clause:
        """The clause's version in force.

        Raises:
            KeyError: when it isn't in force.
        """
        return self._clauses[clause_id]

    def param(self, clause_id: str, name: str) -> Any:
        """A parameter's value.

        Raises:
            KeyError: when the clause isn't in force or has no such parameter.
        """
        return self._params[clause_id][name]

    def cite(self, clause_id: str) -> Citation:
        """The clause's citation; of its nearest version when none is in force."""
        return self._citations[clause_id]

    def say(self, clause_id: str, code: str, **values: date | str | int | float) -> Finding:
        """A clause's sentence, filled in.

        Args:
            clause_id: the clause; must be in force.
            code: the sentence's name in the clause's data.
            values: what the sentence needs beyond the clause's own parameters.

        Returns:
            The finding, with dates of `values` as ISO strings.
        """
        template = self._clauses[clause_id].says[code]
        text = fill(template, {**self._shown[clause_id], **values}, self.texts.locale)
        return Finding(clause_id, code, text, {k: _plain(v) for k, v in values.items()})

    def not_in_force(self, clause_id: str, on: date) -> Finding:
        """Says that a clause doesn't hold for an order of that day."""
        text = fill(self.texts.not_in_force, {"placed_on": on}, self.texts.locale)
        return Finding(clause_id, "not_in_force", text, {"placed_on": on.isoformat()})

    def traits(self, facts: Facts) -> frozenset[Trait] | None:
        """The item's traits, or its category's; None when neither is known."""
        if facts.item.traits is not None:
            return facts.item.traits
        category = self.categories.get(facts.item.category or "")
        return category.traits if category else None

    def durable(self, facts: Facts) -> bool | None:
        """Whether the item is durable goods, or its category is; None when unclear."""
        if facts.item.durable is not None:
            return facts.item.durable
        category = self.categories.get(facts.item.category or "")
        return category.durable if category else None


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

    def in_force(self, on: date) -> Rulebook:
        """The clauses and values that hold on a day.

        Args:
            on: day of the contract.

        Returns:
            The same object for every day between two changes.
        """
        index = bisect_right(self._breaks, on)
        if index not in self._books:
            self._books[index] = Rulebook(self, on)
        return self._books[index]

    def nearest(self, on: date) -> list[Clause]:
        """For each id the version in force, else the next one, else the last one."""
        by_id: dict[str, Clause] = {}
        for version in sorted(self.versions, key=lambda v: v.valid_from, reverse=True):
            late = version.valid_to is not None and version.valid_to < on
            if version.id not in by_id or not late:
                by_id[version.id] = version
        return list(by_id.values())


def _holds(clause: Clause, on: date) -> bool:
    return clause.valid_from <= on and (clause.valid_to is None or on <= clause.valid_to)


def _plain(value: date | str | int | float) -> str | int | float:
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value

"""The clauses in force on one day, ready to be looked up by the rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bot.policy.clause import Clause
from bot.policy.decision import Citation, Finding, RouteId
from bot.policy.facts import Facts, Trait
from bot.policy.sentences import RULE
from bot.policy.texts import Category, RouteText, Texts
from bot.policy.wording import fill

EU, BRAZIL = "eu", "br"
"""Areas whose law the clauses hold."""

EU_STATES, EU_TERRITORIES, BR_SCOPE = "EU-TEU-52", "EU-TFEU-355", "BR-CDC-1"
_AREA_CLAUSES = (
    (EU_STATES, "countries", EU),
    (EU_TERRITORIES, "law_of", EU),
    (BR_SCOPE, "countries", BRAZIL),
)


class Rulebook:
    """The clauses in force on one day, with the values of that day.

    Attributes:
        texts: words for ids.
        categories: the shop categories of S11 by id.
    """

    def __init__(self, nearest: Iterable[Clause], texts: Texts, on: date) -> None:
        """Picks versions and values once, so that a decision only looks them up.

        Args:
            nearest: one version of each clause, the one in force where there is one.
            texts: words for ids.
            on: the day.
        """
        nearest = list(nearest)
        self.texts = texts
        self._clauses = {c.id: c for c in nearest if c.holds(on)}
        self._params = {
            c.id: {name: p.on(on) for name, p in c.parameters.items()}
            for c in self._clauses.values()
        }
        self._shown = {
            id_: {name: _shown(value) for name, value in params.items()}
            for id_, params in self._params.items()
        }
        self._citations = {c.id: c.citation(self._plain_rule(c, on)) for c in nearest}
        self._fixed: dict[tuple[str, str], Finding] = {}
        self._areas = self._countries_by_area()
        self._outside = self._postal_codes_outside()
        self._told = {id_: tuple(self._in_force_tells(text)) for id_, text in texts.routes.items()}
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

    def parameters(self, clause_id: str) -> Mapping[str, Any]:
        """A clause's parameters as its sentences show them, by name.

        Raises:
            KeyError: when it isn't in force.
        """
        return self._shown[clause_id]

    def cite(self, clause_id: str) -> Citation:
        """The clause's citation; of its nearest version when none is in force."""
        return self._citations[clause_id]

    def told(self, route_id: RouteId) -> tuple[tuple[str, str, str], ...]:
        """What a route tells on this day, as (aspect, clause id, code)."""
        return self._told[route_id]

    def area(self, country: str, postal_code: str | None = None) -> str | None:
        """Whose statutory rights hold for deliveries to a country.

        Args:
            country: ISO 3166-1 alpha-2 code.
            postal_code: as written; some codes of a member state are of places outside.

        Returns:
            `EU`, `BRAZIL`, or None where the clauses hold no statutory period.
        """
        outside = self._outside.get(country)
        if outside and postal_code:
            digits = "".join(c for c in postal_code if c.isascii() and c.isdigit())
            if digits.startswith(outside):
                return None
        return self._areas.get(country)

    def is_territory(self, country: str) -> bool:
        """Whether a country code is that of a member state's territory under EU law."""
        return self.law_of(country) != country

    def law_of(self, country: str) -> str:
        """The member state whose law holds in a territory; any other country itself."""
        if not self.has(EU_TERRITORIES):
            return country
        state: str = self.param(EU_TERRITORIES, "law_of").get(country, country)
        return state

    def _countries_by_area(self) -> dict[str, str]:
        areas: dict[str, str] = {}
        for clause, name, area in _AREA_CLAUSES:
            if self.has(clause):
                areas.update(dict.fromkeys(self.param(clause, name), area))
        return areas

    def _postal_codes_outside(self) -> dict[str, tuple[str, ...]]:
        if not self.has(EU_TERRITORIES):
            return {}
        return {c: tuple(codes) for c, codes in self.param(EU_TERRITORIES, "outside").items()}

    def _in_force_tells(self, route: RouteText) -> Iterable[tuple[str, str, str]]:
        for aspect, sentences in route.tells.items():
            for told in sentences:
                clause, _, code = told.rpartition(".")
                if self.has(clause):
                    yield aspect, clause, code

    def _plain_rule(self, clause: Clause, on: date) -> str:
        shown = {name: _shown(p.on(on)) for name, p in clause.parameters.items()}
        return fill(clause.says[RULE], shown, self.texts.locale)

    def say(self, clause_id: str, code: str, **values: date | str | int | float) -> Finding:
        """A clause's sentence, filled in.

        Args:
            clause_id: the clause; must be in force.
            code: the sentence's name in the clause's data.
            values: what the sentence needs beyond the clause's own parameters.

        Returns:
            The finding, with dates of `values` as ISO strings.
        """
        if not values:
            return self._say_fixed(clause_id, code)
        template = self._clauses[clause_id].says[code]
        text = fill(template, {**self._shown[clause_id], **values}, self.texts.locale)
        return Finding(clause_id, code, text, {k: _plain(v) for k, v in values.items()})

    def _say_fixed(self, clause_id: str, code: str) -> Finding:
        """A sentence that only the clause's own parameters fill is made once."""
        found = self._fixed.get((clause_id, code))
        if found is None:
            template = self._clauses[clause_id].says[code]
            text = fill(template, self._shown[clause_id], self.texts.locale)
            found = self._fixed[(clause_id, code)] = Finding(clause_id, code, text, {})
        return found

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


def _plain(value: date | str | int | float) -> str | int | float:
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value

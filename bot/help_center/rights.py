"""The pages about a buyer's rights by law: a country to choose, and what holds there.

What the law says is clause data; page.yml has only the words around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, redirect

from bot.decision_words import long_date
from bot.general_check import today_in
from bot.help_center.pages import Pages
from bot.help_center.places import places
from bot.help_center.security import FORM_POLICY
from bot.help_center.statements import Statement, statements
from bot.policy.facts import OrderFacts
from bot.policy.notes import local_law
from bot.policy.rulebook import BRAZIL as BRAZILS_LAW
from bot.policy.rulebook import EU, EU_TERRITORIES, Rulebook
from bot.policy.texts import NationalPeriod
from bot.settings import Settings
from bot.shop import shop_clauses

_WITHDRAWAL, _FAULTS = "EU-2011/83-9(1)", "EU-2019/771-10(1)"
_NATIONAL, _PRESUMED = "EU-2019/771-10(3)", "EU-2019/771-11(1)"
_REGRET, _USED_UP, _DURABLE = "BR-CDC-49", "BR-CDC-26-I", "BR-CDC-26-II"
_LATE = "EU-2011/83-18"
_TOPICS: dict[str, dict[str, tuple[str, ...]]] = {
    EU: {
        "change_of_mind": (
            *(_WITHDRAWAL, "EU-1182/71-3(1)", "EU-1182/71-3(4)", "EU-2011/83-9(2)(b)"),
            *("EU-2011/83-10", "EU-2011/83-11", "EU-2011/83-11a", "EU-2011/83-14(1)"),
            *("EU-2011/83-14(2)", "EU-2011/83-13"),
        ),
        "exceptions": tuple(f"EU-2011/83-16({point})" for point in "cdeim"),
        "fault": (
            *(_FAULTS, _PRESUMED, "EU-2019/771-13(2)", "EU-2019/771-14", "EU-2019/771-13(4)"),
            *("EU-2019/771-16", "EU-2024/1799-16"),
        ),
        "late": (_LATE,),
    },
    BRAZILS_LAW: {
        "change_of_mind": (_REGRET, "BR-7962/2013-5", "BR-CDC-49§", "BR-CC-132", "BR-CC-132§1"),
        "fault": (*(_USED_UP, _DURABLE, "BR-CDC-26§3", "BR-CDC-26§2-I", "BR-CDC-18§1"),),
        "page": ("S8", "S9", "S10"),
    },
}
"""What is told of an area's law: topic to clauses, in the order of telling."""


@dataclass(frozen=True)
class Figure:
    """A number to see at first glance.

    Attributes:
        value: such as "14 days".
        label: what it is for.
    """

    value: str
    label: str


@dataclass(frozen=True)
class Topic:
    """What the law says to one question.

    Attributes:
        id: its anchor, and the name of its title in page.yml.
        statements: the clauses.
    """

    id: str
    statements: tuple[Statement, ...]


class RightsPages:
    """`/rights`, and `/rights/PT` for each country."""

    def __init__(self, settings: Settings, pages: Pages) -> None:
        """Keeps what the pages need.

        Args:
            settings: the settings.
            pages: renders the templates.
        """
        self._settings = settings
        self._pages = pages
        # Made once a day: nothing on them is anybody's own.
        self._made = lru_cache(maxsize=300)(self._country_page)

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.get("/rights")
        async def choose(request: Request) -> HTTPResponse:
            wanted = (request.args.get("country") or "").strip().upper()
            if wanted in self._codes():
                return redirect(f"/rights/{wanted}", status=303)
            return self._page(self._overview(is_unknown=bool(wanted)))

        @routes.get("/rights/<code:str>")
        async def country(request: Request, code: str) -> HTTPResponse:
            wanted = code.upper()
            if wanted not in self._codes():
                return self._page(self._overview(is_unknown=True), 404)
            if wanted != code:
                return redirect(f"/rights/{wanted}", status=301)
            return self._page(self.country_page(wanted))

    def country_page(self, code: str) -> str:
        """The rights in a country.

        Args:
            code: its ISO 3166-1 alpha-2 code.
        """
        return self._made(code, today_in(code, self._settings))

    def _country_page(self, code: str, today: date) -> str:
        rules = shop_clauses(self._settings).in_force(today)
        area = rules.area(code)
        row = self._row(rules, code)
        return self._pages.rights_page(
            place={"code": code, "name": places(rules).name(code)},
            area=area,
            figures=list(self._figures(rules, area, row)),
            topics=[Topic(id_, statements(rules, *ids)) for id_, ids in _topics(area)],
            national=self._national(rules, code, row) if row else None,
            territory=self._territory(rules, code),
            local_law=rules.say("S5", local_law(rules, OrderFacts(country=code))).text,
            program=statements(rules, "P2", "S5", *(() if area else ("P1",))),
            places=places(rules),
            unknown=False,
            rows=[],
        )

    def _overview(self, *, is_unknown: bool) -> str:
        rules = self._rules(None)
        return self._pages.rights_page(
            place=None,
            places=places(rules),
            unknown=is_unknown,
            rows=[self._table_row(rules, place.code, place.name) for place in places(rules).eu],
            program=statements(rules, "P2", "S5"),
            withdraw=self._days(rules, _WITHDRAWAL),
            brazil=list(self._figures(rules, BRAZILS_LAW, None)),
        )

    def _table_row(self, rules: Rulebook, code: str, name: str) -> dict[str, Any]:
        row = self._row(rules, code)
        return {
            "code": code,
            "name": name,
            "fault": self._fault_years(rules, row),
            "presumed": self._years(self._presumed(rules, row)),
            "checked": bool(row and row.checked),
        }

    def _figures(
        self, rules: Rulebook, area: str | None, row: NationalPeriod | None
    ) -> Iterator[Figure]:
        labels = self._words["figures"]
        if area == EU:
            yield Figure(self._days(rules, _WITHDRAWAL), labels["withdraw"])
            yield Figure(self._fault_years(rules, row), labels["fault"])
            yield Figure(self._years(self._presumed(rules, row)), labels["presumed"])
        elif area == BRAZILS_LAW:
            yield Figure(self._days(rules, _REGRET), labels["withdraw"])
            yield Figure(self._days(rules, _DURABLE), labels["durable"])
            yield Figure(self._days(rules, _USED_UP), labels["used_up"])

    def _national(self, rules: Rulebook, code: str, row: NationalPeriod) -> dict[str, Any]:
        """What the country's own act says, since when, where it stands, and who compared it."""
        words = self._words["national"]
        state = rules.law_of(code)
        shown = {
            "place": places(rules).name(state),
            "act": row.act,
            "article": row.article,
        }
        least = int(rules.param(_FAULTS, "years"))
        if row.years is None:
            text = words["no_end"].format(**shown, least=self._years(least))
        elif row.years > least:
            text = rules.say(_NATIONAL, "longer", **shown, years=row.years).text
        else:
            text = words["same"].format(**shown, years_in_words=self._years(row.years))
        told = words["checked"] if row.checked else words["unchecked"]
        return {
            "text": text,
            "also": row.also,
            "presumed": words["presumed"].format(years=self._years(self._presumed(rules, row))),
            "since": words["since"].format(date=long_date(row.since)),
            "source": f"{row.act}, {row.article}",
            "url": row.url,
            "checked": told.format(
                source=row.checked, least=self._years(least), place=shown["place"]
            ),
            "is_checked": bool(row.checked),
        }

    def _territory(self, rules: Rulebook, code: str) -> str:
        if not rules.is_territory(code):
            return ""
        text = rules.say(EU_TERRITORIES, "rule").text
        state = places(rules).name(rules.law_of(code))
        return f"{text} {self._words['territory'].format(state=state)}"

    @staticmethod
    def _row(rules: Rulebook, code: str) -> NationalPeriod | None:
        if rules.area(code) != EU or not rules.has(_NATIONAL):
            return None
        row: NationalPeriod | None = rules.param(_NATIONAL, "periods").get(rules.law_of(code))
        return row

    def _fault_years(self, rules: Rulebook, row: NationalPeriod | None) -> str:
        least = int(rules.param(_FAULTS, "years"))
        if row and row.years is None:
            return str(self._words["no_fixed_end"])
        return self._years(max(least, (row.years if row else None) or least))

    @staticmethod
    def _presumed(rules: Rulebook, row: NationalPeriod | None) -> int:
        return max(int(rules.param(_PRESUMED, "years")), row.presumed_years if row else 0)

    def _years(self, years: int) -> str:
        return self._counted("year", years)

    def _days(self, rules: Rulebook, clause_id: str) -> str:
        return self._counted("day", int(rules.param(clause_id, "days")))

    def _counted(self, unit: str, number: int) -> str:
        many = unit if number == 1 else f"{unit}s"
        return f"{number} {self._words['units'][many]}"

    def _codes(self) -> frozenset[str]:
        known = places(self._rules(None))
        return frozenset(place.code for place in (*known.eu, *known.others))

    def _rules(self, country: str | None) -> Rulebook:
        return shop_clauses(self._settings).in_force(today_in(country, self._settings))

    @property
    def _words(self) -> dict[str, Any]:
        return self._pages.words_of("rights")

    @staticmethod
    def _page(content: str, status: int = 200) -> HTTPResponse:
        headers = {"Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-cache"}
        return html(content, status=status, headers=headers)


def _topics(area: str | None) -> list[tuple[str, tuple[str, ...]]]:
    return list(_TOPICS.get(area or "", {}).items())

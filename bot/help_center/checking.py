"""The "Can I return it?" page: the chat's own decision, without chat and without JavaScript.

One form, then one page for each question that the decision still lacks, then the result. Answers
travel in the address and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.asked_facts import DATES, UNKNOWN, first_missing_slot
from bot.decision_words import (
    citations,
    decision_custom,
    intro_for,
    long_date,
    notes_told,
    told_routes,
)
from bot.general_check import decide_in_general, today_in
from bot.help_center.answers import (
    FIRST,
    NAMES,
    Answers,
    read,
    read_date,
)
from bot.help_center.check_form import (
    Choice,
    day_field,
    first_step,
    kinds,
    problem_text,
    reasons,
)
from bot.help_center.pages import Pages
from bot.help_center.places import places
from bot.help_center.security import FORM_POLICY
from bot.policy.decision import Decision, Route, Status
from bot.policy.rulebook import Rulebook
from bot.settings import Settings
from bot.shop import shop_clauses
from bot.words import buttons, say

_CHANGE = "change"
_FREE_TEXT = frozenset({"region", "postal_code"})
_WITH_UNKNOWN = DATES | _FREE_TEXT
"""Questions whose answer is typed, beside which a button says "I don't know"."""
_DURABLE, _CATEGORY = "durable", "category"


class CheckPages:
    """The steps of the check."""

    def __init__(self, settings: Settings, pages: Pages) -> None:
        """Keeps what the steps need.

        Args:
            settings: the settings.
            pages: renders the templates.
        """
        self._settings = settings
        self._pages = pages

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the route to the help center's."""

        @routes.get("/check")
        async def check(request: Request) -> HTTPResponse:
            headers = {"Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-store"}
            return html(self.page(request.args), headers=headers)

    def page(self, sent: Mapping[str, list[str]]) -> str:
        """The step that some answers lead to.

        Args:
            sent: the parameters of the address, every value by its name.
        """
        rules = rules_of_today(self._settings)
        answers = read(sent, places(rules), rules, self._today)
        is_first = not answers.is_begun or _CHANGE in sent or set(answers.problems) & set(FIRST)
        if is_first:
            return self._page("first", answers, check=first_step(rules, answers, self._words))
        decision = decide_in_general(answers.slots["reason"], answers.facts, self._settings)
        lacking = _next_question(decision, answers)
        if lacking:
            return self._page("question", answers, question=self._question(lacking, answers, rules))
        return self._page("result", answers, result=self._result(decision, answers))

    def _today(self, country: str) -> date:
        return today_in(country, self._settings)

    @property
    def _words(self) -> dict[str, Any]:
        return self._pages.words_of("check")

    def _question(self, name: str, answers: Answers, rules: Rulebook) -> dict[str, Any]:
        asked, _, hint = say(f"utter_ask_{name}").partition("?")
        kind = "date" if name in DATES else "text" if name in _FREE_TEXT else "choice"
        offered = [
            Choice(str(button.values["choice"]), button.title)
            for button in buttons(f"utter_ask_{name}")
            if "choice" in button.values
        ]
        if name == "shipment":
            offered.append(Choice(UNKNOWN, self._words["unknown"]))
        return {
            "name": name,
            "text": f"{asked}?",
            "hint": self._words["hints"].get(name, hint.strip()),
            "kind": "kinds" if name == _CATEGORY else kind,
            "choices": offered if kind == "choice" else [],
            "with_unknown": name in _WITH_UNKNOWN,
            "value": answers.given.get(name, ""),
            "day": day_field(answers.given.get(name, "")),
            "problem": problem_text(answers.problems.get(name), self._words),
            "kinds": kinds(rules, self._words),
        }

    def _result(self, decision: Decision, answers: Answers) -> dict[str, Any]:
        custom = decision_custom(decision)
        shown = {route["id"]: route for route in custom["card"]["routes"]}
        rows = [self._row(route, shown[route.id.value]) for route in told_routes(decision)]
        reason = answers.slots["reason"]
        return {
            "answer": intro_for(decision, say("utter_label_the_item")),
            "answer_sources": citations(decision.routes[:1]),
            "routes": [row for row in rows if row["status"] != Status.CLOSED.value],
            "closed": [row for row in rows if row["status"] == Status.CLOSED.value],
            "notes": notes_told(decision),
            "asked_on": long_date(decision.asked_on),
            "tone": "good" if decision.best else "care" if _is_undecided(decision) else "rest",
            "withdraws": any(row["withdraws"] for row in rows),
            "say": self._words["say"][reason],
            "advice": say("utter_no_legal_advice"),
            "closed_ways": say("utter_client_closed_ways"),
            "last_day": say("utter_client_last_day"),
            "paid_by": say("utter_client_paid_by"),
            "share": answers.address(),
        }

    def _row(self, route: Route, shown: Mapping[str, Any]) -> dict[str, Any]:
        texts = shop_clauses(self._settings).texts
        is_open = route.status is not Status.CLOSED
        return {
            **shown,
            "sources": citations([route]),
            "remedy": texts.remedies[route.remedy] if is_open else "",
            "evidence": [texts.evidence[id_] for id_ in route.evidence] if is_open else [],
            "withdraws": is_open and route.id.value in ("eu_withdrawal", "br_regret"),
        }

    def _page(self, step: str, answers: Answers, **values: Any) -> str:
        return self._pages.check_page(
            step,
            given=answers.given,
            told=_told(answers, rules_of_today(self._settings), self._words),
            **values,
        )


def rules_of_today(settings: Settings) -> Rulebook:
    """The clauses in force today."""
    return shop_clauses(settings).in_force(today_in(None, settings))


def _next_question(decision: Decision, answers: Answers) -> str | None:
    """What to ask next: what can't be taken as it was answered, else what the decision lacks."""
    again = next(iter(answers.problems), None)
    lacking = again or first_missing_slot(decision.missing, answers.slots)
    if lacking is None and answers.is_special_kind and "item.category" in decision.missing:
        # Of such a kind only one thing is left to know: whether it is made to last (S8).
        return None if _DURABLE in answers.slots else _DURABLE
    return lacking


def _is_undecided(decision: Decision) -> bool:
    return any(r.status in (Status.ASK_SUPPORT, Status.NEEDS_INFORMATION) for r in decision.routes)


def _told(answers: Answers, rules: Rulebook, words: Mapping[str, Any]) -> list[dict[str, str]]:
    """The answers so far as the page lists them, each with the address that asks it again."""
    rows = []
    for name in (n for n in NAMES if n in answers.slots):
        first = name in FIRST and (name != _CATEGORY or answers.given.get("country"))
        again = answers.address(change="1") + f"#check-{name}" if first else answers.address(name)
        rows.append(
            {
                "label": words["labels"][name],
                "value": _shown(name, answers, rules, words),
                "again": again,
            }
        )
    return rows


def _shown(name: str, answers: Answers, rules: Rulebook, words: Mapping[str, Any]) -> str:
    value = answers.given[name]
    if value == UNKNOWN:
        return str(words["unknown"])
    if name == "reason":
        return next(choice.title for choice in reasons() if choice.value == value)
    if name == "country":
        return places(rules).name(value)
    if name == _CATEGORY:
        offered = kinds(rules, words)
        found = (c.title for c in (*offered["shop"], *offered["special"]) if c.value == value)
        return next(found)
    if name in DATES:
        day = read_date(value)
        return long_date(day) if day else value
    titles = {str(b.values.get("choice")): b.title for b in buttons(f"utter_ask_{name}")}
    return titles.get(value, value)

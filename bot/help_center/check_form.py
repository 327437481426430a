"""The form with which "Can I return it?" begins, on its own page and on the help page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.asked_facts import REASONS, UNKNOWN
from bot.decision_words import long_date
from bot.help_center.answers import FIRST, SPECIAL_KINDS, Answers, Problem, read_date
from bot.help_center.places import places
from bot.policy.rulebook import Rulebook
from bot.words import buttons

_HANG_ON_THESE = ("region", "postal_code", "durable")
"""Later answers about a country or a kind of item, asked anew when the first step is changed."""


@dataclass(frozen=True)
class Choice:
    """One of the answers to a question.

    Attributes:
        value: as the address has it.
        title: as the buyer reads it.
    """

    value: str
    title: str


def first_step(rules: Rulebook, answers: Answers, words: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of the first step shows.

    Args:
        rules: the clauses in force.
        answers: what was answered so far, to be shown again.
        words: the page's words for the check.
    """
    problems = {name: problem_text(p, words) for name, p in answers.problems.items()}
    return {
        "places": places(rules),
        "reasons": reasons(),
        "kinds": kinds(rules, words),
        "given": answers.given,
        "dates": {n: day_field(answers.given.get(n, "")) for n in ("placed_on", "delivered_on")},
        "later": {n: v for n, v in answers.given.items() if n not in (*FIRST, *_HANG_ON_THESE)},
        "problems": {name: problems[name] for name in FIRST if name in problems},
    }


def problem_text(problem: Problem | None, words: Mapping[str, Any]) -> str:
    """A problem in words; empty for none."""
    if problem is None:
        return ""
    shown = {k: long_date(v) if isinstance(v, date) else v for k, v in problem.values.items()}
    return str(words["problems"][problem.code]).format(**shown)


def day_field(written: str) -> dict[str, str]:
    """A day as a date field takes it; what isn't one is shown again as it was written."""
    day = read_date(written)
    if day or written in ("", UNKNOWN):
        return {"type": "date", "value": day.isoformat() if day else ""}
    return {"type": "text", "value": written}


def reasons() -> list[Choice]:
    """The reasons in the chat's words and order."""
    return [Choice(REASONS[b.intent], b.title) for b in buttons("utter_ask_reason")]


def kinds(rules: Rulebook, words: Mapping[str, Any]) -> dict[str, list[Choice]]:
    """Kinds of items: the shop's categories, and those with rules of their own."""
    return {
        "shop": [Choice(id_, category.name) for id_, category in rules.categories.items()],
        "special": [Choice(id_, words["kinds"][id_]) for id_ in SPECIAL_KINDS],
    }

"""Statements of the help pages: a clause in plain words, with its exact words and source."""

from __future__ import annotations

from dataclasses import dataclass

from bot.policy.rulebook import Rulebook
from bot.policy.sentences import RULE


@dataclass(frozen=True)
class Statement:
    """A clause as the pages show it.

    Attributes:
        id: clause id.
        title: what it is about.
        text: what it holds, in plain words.
        quote: the exact words; empty for a law that is only told in our own words.
        section: section of the program's page, or act and article.
        url: the official text; empty for a clause of the program's page.
    """

    id: str
    title: str
    text: str
    quote: str
    section: str
    url: str


def statement(rules: Rulebook, clause_id: str) -> Statement:
    """A clause in force as a statement.

    Args:
        rules: the clauses in force.
        clause_id: one of them.
    """
    cited = rules.cite(clause_id)
    text = rules.say(clause_id, RULE).text
    return Statement(clause_id, cited.title, text, cited.quote, cited.section, cited.url)


def statements(rules: Rulebook, *clause_ids: str) -> tuple[Statement, ...]:
    """Those of some clauses that are in force, in this order."""
    return tuple(statement(rules, id_) for id_ in clause_ids if rules.has(id_))

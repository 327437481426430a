"""Facts from JSON, with the path of whatever is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.policy.clauses_by_day import Clauses
from bot.policy.facts import Facts
from bot.policy.loader import load_clauses

_PARTS = ("order", "item", "condition", "complaint")


class BadFacts(ValueError):
    """Facts that can't be used.

    Attributes:
        problems: pairs of a field's path, such as "order.country", and what is wrong with it.
    """

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        """Keeps the problems.

        Args:
            problems: (path, problem) pairs.
        """
        super().__init__("\n".join(f"{path}: {problem}" for path, problem in problems))
        self.problems = problems


def parse_facts(content: Any, clauses: Clauses | None = None) -> Facts:
    """Checks facts that came from outside.

    Args:
        content: what the JSON held; docs/policy.md has the form.
        clauses: whose categories count; the project's own when left out.

    Returns:
        The facts.

    Raises:
        BadFacts: with every problem found.
    """
    if not isinstance(content, Mapping):
        raise BadFacts([("facts", "must be a JSON object")])
    for part in _PARTS:
        # Pydantic would take a list of pairs for an object.
        if part in content and not isinstance(content[part], Mapping):
            raise BadFacts([(part, "must be a JSON object")])
    try:
        facts: Facts = Facts.parse_obj(content)
    except ValidationError as error:
        raise BadFacts([(_path(e["loc"]), e["msg"]) for e in error.errors()]) from None
    known = (clauses or load_clauses()).categories
    if facts.item.category is not None and facts.item.category not in known:
        problem = f"unknown category {facts.item.category!r}; one of {', '.join(known)}"
        raise BadFacts([("item.category", problem)])
    return facts


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place if part != "__root__") or "facts"

"""Puts decisions, dates and lists into the chat's words; the words themselves are data."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from bot.decision_words import (
    briefly,
    citations,
    decision_custom,
    explain,
    intro_for,
    long_date,
    open_ways,
    route_name,
    told_key,
    told_routes,
    words_list,
)
from bot.understanding.answers import load_answers, says

__all__ = [
    "briefly",
    "citations",
    "decision_custom",
    "explain",
    "intro_for",
    "long_date",
    "named_route",
    "open_ways",
    "route_name",
    "told_key",
    "told_routes",
    "words_list",
]

_SAME_NAME = 90
"""How alike a route's name and what was typed are, from 0 to 100, to be the same."""


def named_route(text: str, offered: Sequence[str], *, by_place: bool = True) -> str | None:
    """The route that a typed answer names.

    Args:
        text: such as "the second one", or "Buyer Protection please".
        offered: route ids, as they were offered.
        by_place: whether "the second one" counts.
    """
    typed = text.lower()
    if "?" in typed:
        return None
    places = [key for key in load_answers()["places"] if says(typed, "places", key)]
    if by_place and len(places) == 1 and int(places[0]) <= len(offered):
        return offered[int(places[0]) - 1]
    scores = {route: fuzz.partial_ratio(route_name(route).lower(), typed) for route in offered}
    good = [route for route, score in scores.items() if score >= _SAME_NAME]
    return good[0] if len(good) == 1 else None

"""Tells decisions in the chat: the words, the card and the citations."""

from __future__ import annotations

from collections.abc import Sequence

from actions.case import Case, names_of
from actions.talk import Talk
from actions.wording import (
    briefly,
    citations,
    decision_custom,
    explain,
    intro_for,
    open_ways,
    told_key,
    told_routes,
)
from bot.desk import ItemView
from bot.policy.decision import Decision


def tell_decision(talk: Talk, decision: Decision, item: str, item_ids: Sequence[str] = ()) -> None:
    """Says what was decided.

    Args:
        talk: the turn.
        decision: the decision.
        item: what it is about, in a few words.
        item_ids: the order's items that it is about; none for a general question.
    """
    explanation = explain(decision, intro_for(decision, item))
    # For "why?" and "please make an exception", which may come much later.
    talk.set(
        "last_decision",
        {
            "item": item,
            "item_ids": list(item_ids),
            "reasons": briefly(decision),
            "open": open_ways(decision),
            "citations": [c["id"] for c in citations(told_routes(decision))],
        },
    )
    talk.clear("pleas")
    talk.say("utter_decision", custom=decision_custom(decision), explanation=explanation)


def tell_case(talk: Talk, case: Case) -> None:
    """Says what was decided for each chosen item; items with the same answer share one."""
    groups: dict[str, tuple[Decision, list[ItemView]]] = {}
    for item, decision in zip(case.items, case.decisions, strict=True):
        groups.setdefault(told_key(decision), (decision, []))[1].append(item)
    for decision, items in groups.values():
        ids = [str(item.id) for item in items]
        tell_decision(talk, decision, names_of(case.order, items), ids)


def case_key(case: Case) -> str:
    """Names what `tell_case` says, so that the same isn't told twice in a row."""
    return "|".join(
        f"{item.id}:{told_key(decision)}"
        for item, decision in zip(case.items, case.decisions, strict=True)
    )

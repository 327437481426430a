"""Decides on a question without an order, from the buyer's answers alone."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from actions.facts import answers
from actions.resources import get_clauses, today
from actions.talk import Talk
from bot.policy.decide import decide
from bot.policy.decision import Decision
from bot.policy.facts import Facts


def decide_in_general(talk: Talk) -> Decision:
    """What the policy says to the answers given so far.

    Args:
        talk: the turn; an answer that contradicts another is dropped, so it is asked again.
    """
    given: dict[str, Any] = {"reason": talk.get("reason"), "order": {}, "item": {}, "condition": {}}
    for path, value in answers(talk.slots).items():
        part, field = path.split(".")
        given[part][field] = value
    if "delivered_on" in given["order"]:
        given["order"].setdefault("shipment", "delivered")
    try:
        facts = Facts(**given)
    except ValidationError:
        talk.clear("shipment", "delivered_on", "placed_on")
        facts = Facts(reason=talk.get("reason"))
    return decide(facts, get_clauses(), today())

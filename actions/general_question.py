"""Decides on a question without an order, from the buyer's answers alone."""

from __future__ import annotations

from pydantic import ValidationError

from actions.facts import answers
from actions.talk import Talk
from bot import general_check
from bot.policy.decision import Decision
from bot.settings import get_settings


def decide_in_general(talk: Talk) -> Decision:
    """What the policy says to the answers given so far.

    Args:
        talk: the turn; an answer that contradicts another is dropped, so it is asked again.
    """
    reason = talk.get("reason")
    try:
        return general_check.decide_in_general(reason, answers(talk.slots), get_settings())
    except ValidationError:
        talk.clear("shipment", "delivered_on", "placed_on")
        return general_check.decide_in_general(reason, {}, get_settings())

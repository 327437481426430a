"""Answers "why do you ask?", "why not?" and pleading, from the question or the decision at hand."""

from __future__ import annotations

from typing import Any

from actions.talk import Talk
from bot.words import domain_words


def tell_why(talk: Talk) -> None:
    """Says what the answer to the question is needed for, or why it was decided so."""
    slot = talk.get("requested_slot") if talk.form else None
    decision = talk.get("last_decision")
    own = f"utter_why_{slot}"
    if decision and (slot is None or slot == "route"):
        _retell(talk, decision)
    elif slot and own in domain_words().texts:
        talk.say(own)
    else:
        talk.say("utter_why_nothing")


def plead(talk: Talk) -> None:
    """Repeats a "no" kindly with what is open and a person, in other words each time."""
    decision = talk.get("last_decision")
    pleas = talk.get("pleas") or 0
    talk.set("pleas", pleas + 1)
    if pleas:
        talk.say("utter_plead_again")
    elif decision and decision["open"]:
        talk.say("utter_plead_open", item=decision["item"], ways=decision["open"])
    elif decision:
        talk.say("utter_plead_none_open", custom=_citations(decision), item=decision["item"])
    else:
        talk.say("utter_plead")


def _retell(talk: Talk, decision: dict[str, Any]) -> None:
    values = {"item": decision["item"], "reasons": decision["reasons"]}
    talk.say("utter_why_decided", custom=_citations(decision), **values)


def _citations(decision: dict[str, Any]) -> dict[str, Any]:
    return {"citations": decision["citations"]}

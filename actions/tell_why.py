"""Answers "why do you ask?", "why not?" and pleading, from the question or the decision at hand."""

from __future__ import annotations

from typing import Any

from actions.case import current_case
from actions.facts import PATHS
from actions.offers import offer
from actions.resources import get_clauses, today
from actions.talk import Talk
from actions.wording import citations, route_name, told_routes, words_list
from bot.words import domain_words, label

_OF_ITEMS = frozenset({"file_return_form", "check_form"})
"""Dialogues about items: what was decided of other items isn't their answer."""

_TOLD_SINCE = frozenset({"track_order", "track_request", "cancel_order"})
"""Needs whose answer has nothing to do with an earlier decision."""

_OF_A_DECISION = frozenset(
    {"utter_decision", "utter_why_decided", "utter_plead_open", "utter_plead_none_open"}
)
_MOST_RULES = 4
"""As many rules as a reply to "why?" quotes."""


def tell_why(talk: Talk) -> None:
    """Says what the answer to the question is needed for, or why it was decided so."""
    slot = talk.get("requested_slot") if talk.form else None
    decision = _decision_at_hand(talk)
    own = f"utter_why_{slot}"
    if slot and slot != "route":
        talk.say(own if own in domain_words().texts else "utter_why_nothing")
        _name_ways(talk, slot)
    elif decision and (slot or _was_just_told(talk)):
        _retell(talk, decision)
    elif slot:
        talk.say(own)
    elif not _tell_ground_of_last_answer(talk):
        if decision:
            _retell(talk, decision)
        else:
            talk.say("utter_why_nothing")


def _name_ways(talk: Talk, slot: str) -> None:
    """Names the ways that a fact decides, where the decision waits for it."""
    path, case = PATHS.get(slot), current_case(talk)
    if not path or case is None:
        return
    part = next((p for p in case.parts if p.id == talk.get("item_in_work")), case.parts[0])
    waiting = [route for route in told_routes(part.decision) if path in route.missing]
    if waiting:
        names = words_list(route_name(route.id) for route in waiting)
        talk.say("utter_why_ways", custom={"citations": citations(waiting)}, ways=names)


def plead(talk: Talk) -> None:
    """Answers pleading: a "no" is repeated kindly, and where there was none that is said.

    Each time in other words, with what is open and a person.
    """
    decision = _decision_at_hand(talk)
    pleas = talk.get("pleas") or 0
    talk.set("pleas", pleas + 1)
    if decision is None:
        _plead_undecided(talk, pleas)
    elif pleas and decision["open"]:
        talk.say("utter_plead_again_open", item=decision["item"], ways=decision["open"])
    elif pleas:
        talk.say("utter_plead_again")
        offer(talk, "utter_shall_hand_over", "action_hand_off")
    elif decision["open"]:
        talk.say("utter_plead_open", item=decision["item"], ways=decision["open"])
    else:
        talk.say("utter_plead_none_open", custom=_citations(decision), item=decision["item"])
        offer(talk, "utter_shall_hand_over", "action_hand_off")


def _plead_undecided(talk: Talk, pleas: int) -> None:
    offered = talk.get("offered")
    if talk.form:
        talk.say("utter_plead_undecided_again" if pleas else "utter_plead_undecided")
    elif isinstance(offered, dict) and offered.get("question"):
        yes = {"title": label("offer", "yes"), "payload": "/affirm"}
        person = {"title": label("intent", "ask_human"), "payload": "/ask_human"}
        if not _is_calmed_now(talk):
            talk.say("utter_plead_offer")
        talk.say(offered["question"], buttons=[yes, person])
    else:
        talk.say(_idle_plea(talk, pleas))
        offer(talk, "utter_shall_hand_over", "action_hand_off")


def _idle_plea(talk: Talk, pleas: int) -> str:
    if _is_calmed_now(talk):
        return "utter_calm_next"
    return "utter_plead_again" if pleas else "utter_plead"


def _is_calmed_now(talk: Talk) -> bool:
    return any(name == "utter_calm" for name, _ in talk.said)


def _decision_at_hand(talk: Talk) -> dict[str, Any] | None:
    """The decision that the talk is about, if one was told."""
    decision: dict[str, Any] | None = talk.get("last_decision")
    if decision is None:
        return None
    if talk.form in _OF_ITEMS:
        told = set(decision.get("item_ids") or ())
        return decision if told & set(talk.get("items") or ()) else None
    return None if talk.form or talk.get("need") in _TOLD_SINCE else decision


def _was_just_told(talk: Talk) -> bool:
    return any(name in _OF_A_DECISION for name, _ in talk.last_replies)


def _tell_ground_of_last_answer(talk: Talk) -> bool:
    """Says what the latest answer rests on: its own sentence, or the rules that it named."""
    replies = talk.last_replies
    for name, _ in replies:
        own = name.replace("utter_", "utter_why_said_", 1)
        if own in domain_words().texts:
            talk.say(own)
            return True
    cited = [entry for _, custom in replies for entry in custom.get("citations") or ()]
    named = dict.fromkeys(e["id"] if isinstance(e, dict) else e for e in cited)
    ids = list(named)[:_MOST_RULES]
    if not ids:
        return False
    rules = get_clauses().in_force(today())
    lines = [f"– {rules.cite(clause).plain} ({clause})" for clause in ids]
    talk.say("utter_why_last_answer", custom={"citations": ids}, reasons="\n".join(lines))
    return True


def _retell(talk: Talk, decision: dict[str, Any]) -> None:
    values = {"item": decision["item"], "reasons": decision["reasons"]}
    talk.say("utter_why_decided", custom=_citations(decision), **values)


def _citations(decision: dict[str, Any]) -> dict[str, Any]:
    return {"citations": decision["citations"]}

"""Tells every route of a checked item or question, and files nothing."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.case import current_case
from actions.facts import PATHS
from actions.forms.checking import WITHOUT_ORDER
from actions.general_question import decide_in_general
from actions.outcomes import SAID_ALREADY
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_decision import tell_case, tell_decision
from actions.what_if import remember_check
from actions.withdraw_button import withdraw_button
from bot.words import say


class ActionTellEligibility(SafeAction):
    """Says the decision with its clauses and what the buyer can do next."""

    action_name = "action_tell_eligibility"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_decision` and offers to file."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        if outcome in SAID_ALREADY:
            return []
        if talk.get("order_known") == WITHOUT_ORDER:
            tell_decision(talk, decide_in_general(talk), say("utter_label_the_item"))
            remember_check(talk)
            # The next question may be about another item.
            talk.clear("order_known", "reason", *PATHS)
            talk.say("utter_checked_in_general")
            return []
        case = current_case(talk)
        remember_check(talk)
        talk.clear("order_known")
        if case is None:
            return []
        tell_case(talk, case)
        if case.any_open:
            talk.set("offered", "file_return_form")
        name = "utter_checked" if case.any_open else "utter_no_route_next"
        talk.say(name, buttons=withdraw_button(case.decisions))
        return []

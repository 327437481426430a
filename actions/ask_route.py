"""Tells the decision and asks which way to take."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.case import Case, ways_in_hand
from actions.outcomes import DECLINED
from actions.resting import rests
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_decision import case_key, tell_case
from actions.withdraw_button import withdraw_button
from actions.wording import route_name
from bot.words import label, say


class ActionAskRoute(SafeAction):
    """Explains every route with its clauses, once, then offers the open ones, best first."""

    action_name = "action_ask_route"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_decision`, then one question with buttons."""
        case = ways_in_hand(talk)
        if case is None or rests(talk):
            return []
        key = case_key(case)
        if talk.get("told") != key:
            tell_case(talk, case)
            talk.set("told", key)
        _ask(talk, case)
        return []


def _ask(talk: Talk, case: Case) -> None:
    names = [(route.value, route_name(route)) for route in case.open_routes]
    one = len(names) == 1
    title = "utter_route_button" if one else "utter_route_choice_button"
    buttons = [choice_button(say(title, route=name), route) for route, name in names]
    buttons += withdraw_button(case.decisions)
    buttons.append(choice_button(say("utter_route_decline_button"), DECLINED, "deny"))
    buttons.append({"title": label("intent", "ask_human"), "payload": "/ask_human"})
    if len(case.parts) < len(talk.get("items")):
        # Other items go another way, so the question names those that it is about.
        response = "utter_ask_route_of_some" if one else "utter_ask_route_choice_of_some"
        talk.say(response, buttons=buttons, items=case.names)
    else:
        talk.say("utter_ask_route" if one else "utter_ask_route_choice", buttons=buttons)

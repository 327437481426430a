"""Asks once whether further items are in the same state as the one before."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.case import names_of
from actions.cases import slots_of
from actions.facts import CONDITIONS
from actions.forms.choosing import DIFFERENT, SAME, alike, donor
from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import words_list
from bot.words import label, say


class ActionAskSameAnswers(SafeAction):
    """Repeats what was said of the first item, so that the buyer knows what a yes says."""

    action_name = "action_ask_same_answers"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_same_answers`."""
        order = known_order(talk)
        items = alike(talk, order) if order else []
        source = donor(talk, items[0]) if items else None
        if not order or not source:
            return []
        states = slots_of(talk, source)
        said = (label(f"said_{slot}", _yes_no(states.get(slot))) for slot in CONDITIONS)
        first = order.item(int(source))
        talk.say(
            "utter_ask_same_answers",
            buttons=[
                choice_button(say("utter_label_same_state"), SAME, "affirm"),
                choice_button(say("utter_label_other_state"), DIFFERENT, "deny"),
            ],
            first=names_of(order, [first]) if first else "",
            said=words_list(words for words in said if words),
            items=names_of(order, items),
        )
        return []


def _yes_no(value: object) -> str:
    return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""

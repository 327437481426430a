"""The questions of the letter to the seller, and its preview."""

from __future__ import annotations

import json

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.forms.letter import (
    FIRST,
    NO_WORDS,
    PDF,
    SECOND,
    claim_of,
    is_second_stage,
    offered_remedies,
    writing,
)
from actions.identify import verified_order
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import LetterView
from bot.policy.decision import RouteId
from bot.words import label, say


class ActionAskLetterItems(SafeAction):
    """One button for each item."""

    action_name = "action_ask_letter_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_letter_which_items`."""
        items = verified_order(talk).items
        buttons = [choice_button(item.title, str(item.id)) for item in items]
        talk.say("utter_letter_which_items", buttons=buttons)
        return []


class ActionAskLetterWords(SafeAction):
    """Asks for the buyer's own words, which may be left out."""

    action_name = "action_ask_letter_words"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_letter_which_words`."""
        title = say("utter_letter_words_button")
        talk.say("utter_letter_which_words", buttons=[choice_button(title, NO_WORDS)])
        return []


class ActionAskLetterRemedy(SafeAction):
    """Offers what the law gives at this stage, and the next stage."""

    action_name = "action_ask_letter_remedy"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_letter_which_remedy`, or what fits the country and the stage."""
        route = claim_of(talk, verified_order(talk))
        in_brazil = route is not None and route.id is RouteId.BR_WARRANTY
        buttons = [choice_button(label("remedy", one), one) for one in offered_remedies(talk)]
        second = "utter_letter_second_br_button" if in_brazil else "utter_letter_second_button"
        if is_second_stage(talk):
            question = "utter_letter_which_remedy_second"
            buttons.append(choice_button(say("utter_letter_first_button"), FIRST))
        else:
            question = "utter_letter_which_remedy_br" if in_brazil else "utter_letter_which_remedy"
            buttons.append(choice_button(say(second), SECOND))
        sources = [clause.id for clause in route.clauses] if route else []
        talk.say(question, buttons=buttons, custom={"citations": sources})
        return []


class ActionAskLetterChoice(SafeAction):
    """Shows the letter in full; the button that sends it carries this letter's own key."""

    action_name = "action_ask_letter_choice"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_letter_preview`."""
        letter = get_desk().letter(talk.conversation_id, writing(talk))
        confirm = json.dumps({"confirm": talk.get("letter_key")})
        buttons = [
            {"title": say("utter_letter_send_button"), "payload": f"/affirm{confirm}"},
            choice_button(say("utter_letter_pdf_button"), PDF),
            _change("utter_letter_words_change_button", "letter_words"),
            _change("utter_letter_remedy_change_button", "letter_remedy"),
            {"title": say("utter_letter_not_now_button"), "payload": '/deny{"choice": "no"}'},
        ]
        talk.say(
            "utter_letter_preview",
            buttons=buttons,
            custom={"card": {"type": "summary"}},
            seller=letter.seller,
            letter=letter.text,
            date_note=_date_note(letter),
        )
        return []


def _date_note(letter: LetterView) -> str:
    """Whether the day is the law's or only the letter's."""
    by_law = letter.is_day_of_law
    note = "utter_letter_date_by_law" if by_law else "utter_letter_date_asked"
    return say(note, days=letter.days)


def _change(title: str, slot: str) -> dict[str, str]:
    return {"title": say(title), "payload": f"/correct_answer{json.dumps({'choice': slot})}"}

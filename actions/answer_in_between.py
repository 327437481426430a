"""Answers a question about the order while another dialogue goes on."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.identify import known_order
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_rights import tell_rights
from actions.tell_tracking import tell_parcel, tell_requests
from bot.understanding.countries import country_code


class ActionAnswerInBetween(SafeAction):
    """Tells the parcel, the requests or the rights; the dialogue then asks its question again."""

    action_name = "action_answer_in_between"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what is known, or that it can be looked up once the order is proved."""
        order = known_order(talk)
        if talk.intent == "ask_statutory_rights":
            named = country_code(talk.entity("country") or "") or talk.get("country")
            country = named or (order.country if order else None)
            if country:
                tell_rights(talk, country)
            else:
                talk.say("utter_rights_depend")
        elif order is None:
            talk.say("utter_look_up_later")
        elif talk.intent == "track_order":
            tell_parcel(talk, order)
        else:
            tell_requests(talk, order)
        return []

"""Asks where a buyer lives, as exactly as the first answer leaves it open."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.ask_items import choice_button
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_rights import EU
from bot.understanding.places import country_name


class ActionAskRightsCountry(SafeAction):
    """Asks for the country, for the one in the EU, or for the one of a place in several."""

    action_name = "action_ask_rights_country"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_rights_which_country` or a narrower question."""
        places = talk.get("rights_places") or []
        if places == [EU]:
            talk.say("utter_rights_which_member")
        elif places:
            buttons = [choice_button(country_name(code), code) for code in places]
            talk.say("utter_rights_which_place", buttons=buttons)
        else:
            talk.say("utter_rights_which_country")
        return []

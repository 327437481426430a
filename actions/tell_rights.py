"""Tells a buyer's rights by law, as the program's page states them (S5 to S10)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.forms.simple import EU
from actions.resources import get_clauses, today
from actions.safe_action import SafeAction
from actions.talk import Talk

_CLAUSES = {
    "utter_rights_eu": ("S6", "S7", "P2"),
    "utter_rights_br": ("S9", "S8", "S10", "P2"),
    "utter_rights_other": ("S5", "P2"),
}


class ActionTellRights(SafeAction):
    """Says the rights of one country with their citations."""

    action_name = "action_tell_rights"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_rights_eu`, `utter_rights_br` or `utter_rights_other`."""
        country, outcome = talk.get("rights_country"), talk.get("outcome")
        talk.clear("rights_country", "outcome", "misses")
        if outcome or not country:
            return []
        tell_rights(talk, country)
        return []


def tell_rights(talk: Talk, country: str) -> None:
    """Says the rights of a country.

    Args:
        talk: the turn.
        country: ISO code, or "EU" for any of its countries.
    """
    rules = get_clauses().in_force(today())
    if country == EU or country in rules.param("S6", "countries"):
        response = "utter_rights_eu"
    else:
        response = "utter_rights_br" if country == "BR" else "utter_rights_other"
    talk.say(response, custom={"citations": list(_CLAUSES[response])})

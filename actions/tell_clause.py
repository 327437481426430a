"""Explains a clause that the assistant cites, the countries of Free Return, and who pays where."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale

from actions.resources import get_clauses, today
from actions.talk import Talk
from actions.wording import words_list
from bot.policy import rulebook
from bot.understanding.countries import country_code

_SHORT = 10
"""A question for a clause has no more words; in a longer message the id may be something else."""
_PLACE_ONLY = 4
"""A message that names a place and asks nothing else has no more words ("and in Spain?")."""
_COUNTRIES = re.compile(
    r"\b(?:which|what|how many|list of(?: the)?|in (?:which|what)) (?:countries|country)\b", re.I
)
_HOW_MANY = ("F13", "countries")
_COST_RESPONSES = {
    rulebook.EU: "utter_return_cost_eu",
    rulebook.BRAZIL: "utter_return_cost_br",
}


def explain(talk: Talk) -> bool:
    """Says what a clause means, or who pays in a country that the last answer lacked.

    Args:
        talk: the turn.

    Returns:
        Whether the message asked for that.
    """
    if talk.is_tap:
        return False
    clause_id = clause_named(talk.text)
    if clause_id:
        _tell_clause(talk, clause_id)
        return True
    return not talk.form and tell_cost_there(talk)


def clause_named(text: str) -> str | None:
    """The id of the clause of the program's page that a short message names.

    Args:
        text: such as "what does F1 mean?".

    Returns:
        The id as the data write it, or None.
    """
    if len(text.split()) > _SHORT:
        return None
    found = _ids().search(text)
    return found.group(0).upper() if found else None


@lru_cache
def _ids() -> re.Pattern[str]:
    of_the_page = {v.id for v in get_clauses().versions if not v.is_law}
    ids = "|".join(re.escape(i) for i in sorted(of_the_page, key=len, reverse=True))
    return re.compile(rf"(?<![\w.-])(?:{ids})(?![\w-]|\.\d)", re.I)


def _tell_clause(talk: Talk, clause_id: str) -> None:
    cited = get_clauses().in_force(today()).cite(clause_id)
    talk.say(
        "utter_clause_explained",
        custom={"citations": [clause_id]},
        id=cited.id,
        title=cited.title,
        plain=cited.plain,
        quote=cited.quote,
    )
    talk.set("misses", 0)


def asks_for_countries(talk: Talk) -> bool:
    """Whether a question on Free Return asks where it is offered."""
    return not talk.is_tap and bool(_COUNTRIES.search(talk.text))


def tell_countries(talk: Talk) -> None:
    """Says which countries have Free Return: the operator's list, or that the page has none."""
    rules = get_clauses().in_force(today())
    listed = rules.param("F3", "countries")
    if listed:
        named = words_list(_country_names(listed))
        talk.say("utter_free_return_countries", custom={"citations": ["F3"]}, countries=named)
        return
    number = rules.param(*_HOW_MANY)
    custom = {"citations": [_HOW_MANY[0], "F3"]}
    talk.say("utter_free_return_countries_unlisted", custom=custom, number=number)


def _country_names(codes: list[str]) -> list[str]:
    territories = Locale.parse(get_clauses().texts.locale).territories
    return sorted(str(territories.get(code, code)) for code in codes)


def tell_return_cost(talk: Talk) -> None:
    """Says who pays for sending something back, in the message's country where it names one."""
    country = country_code(talk.entity("country") or "")
    talk.say(_cost_response(country) if country else "utter_return_cost")


def tell_cost_there(talk: Talk) -> bool:
    """Says who pays in the country that a short message names after that answer ("in Spain").

    Returns:
        Whether the last answer was about costs, and the message names a country.
    """
    country = country_code(talk.entity("country") or "")
    last_need = talk.tracker.slots.get("need")
    is_short = not talk.is_tap and len(talk.text.split()) <= _PLACE_ONLY
    if not country or not is_short or last_need != "ask_return_cost":
        return False
    talk.say(_cost_response(country))
    talk.clear("misses")
    talk.set("need", last_need)
    return True


def _cost_response(country: str) -> str:
    area = get_clauses().in_force(today()).area(country)
    return _COST_RESPONSES.get(area or "", "utter_return_cost_elsewhere")

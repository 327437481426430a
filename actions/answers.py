"""Questions with one answer: said outside a dialogue and in the middle of any.

Inside a dialogue its validation says the answer and the dialogue asks its question again, so that
no dialogue needs rules of its own for questions in between. Questions whose answer is an action of
its own (exchange, warranty, complaint ...) are left to their rule, after which Rasa comes back.
"""

from __future__ import annotations

from actions.identify import known_order
from actions.resources import get_desk
from actions.talk import Talk
from actions.tell_clause import tell_return_cost
from actions.tell_language import tell_language
from actions.tell_rights import tell_rights
from actions.tell_tracking import tell_parcel, tell_requests
from actions.tell_why import plead, tell_why
from bot.desk import DeskUnavailable
from bot.understanding.answers import first_saying, says
from bot.understanding.countries import country_code

ANSWERS: dict[str, str] = {
    "greet": "utter_greet",
    "ask_capabilities": "utter_capabilities",
    "thanks": "utter_thanks",
    "bot_challenge": "utter_bot_challenge",
    "small_talk": "utter_small_talk",
    "ask_return_policy": "utter_return_policy",
    "cancellation_terms": "utter_cancellation_terms",
}
"""Intent to its answer."""

RULES_ASKED = {
    "repair_cost": "utter_repair_cost",
    "refund_time": "utter_refund_time",
    "bonus": "utter_bonus",
    "sending": "utter_sending",
}
"""A question on the rules, as `rules_asked` of words/answers.yml names it, to its own answer."""

_ON_THE_RULES = frozenset({"ask_return_policy", "ask_return_cost"})

IN_BETWEEN: dict[str, str] = {
    "greet": "utter_greet_in_between",
    "thanks": "utter_thanks_in_between",
    "small_talk": "utter_small_talk_in_between",
}
"""Answers that are shorter while a dialogue goes on."""

CHATTER = frozenset(
    {"greet", "thanks", "bot_challenge", "small_talk", "other_language", "ask_capabilities"}
)
"""Intents that are no need: nothing was served by answering them."""

ABOUT_THE_ANSWER = frozenset({"ask_why", "plead"})
"""Intents that come back to what was answered before."""


def answer(talk: Talk) -> bool:
    """Says the answer to a question, if the message is one.

    Returns:
        False when it is none, or when it takes a dialogue of its own to answer it.
    """
    if tell_of_parcel(talk):
        return True
    if talk.intent == "ask_why":
        tell_why(talk)
    elif talk.intent == "plead":
        plead(talk)
    elif talk.intent == "other_language":
        tell_language(talk)
    elif talk.intent == "small_talk" and says(talk.text, "asks_name"):
        talk.say("utter_small_talk_name_in_between" if talk.form else "utter_small_talk_name")
    elif talk.intent in _ON_THE_RULES and (asked := _rule_asked(talk)):
        talk.say(RULES_ASKED[asked])
    elif talk.intent == "ask_return_cost":
        tell_return_cost(talk)
    elif talk.intent == "ask_statutory_rights" and talk.form:
        _answer_rights(talk)
    elif talk.intent in ("track_order", "track_request") and talk.form:
        return _answer_tracking(talk)
    elif talk.intent in ANSWERS:
        in_between = IN_BETWEEN.get(talk.intent) if talk.form else None
        if talk.intent == "greet" and not in_between:
            greet(talk)
        else:
            talk.say(in_between or ANSWERS[talk.intent])
    else:
        return False
    return True


def greet(talk: Talk) -> None:
    """Says hello, by name to a buyer whom the shop has signed in."""
    name = _name_of_buyer(talk)
    if name:
        talk.say("utter_greet_by_name", name=name)
    else:
        talk.say("utter_greet")


def _name_of_buyer(talk: Talk) -> str | None:
    try:
        buyer = get_desk().signed_in(talk.conversation_id)
    except DeskUnavailable:
        return None  # hello can be said without a desk
    return buyer.name if buyer else None


def tell_of_parcel(talk: Talk) -> bool:
    """Answers what nobody can tell of a parcel: whether it will come by a day, why it is late."""
    order = None if talk.is_tap else known_order(talk)
    asked = first_saying(talk.text, "of_the_parcel") if order else None
    if order is None or asked is None:
        return False
    talk.say("utter_no_promise" if asked == "promise" else "utter_why_late")
    tell_parcel(talk, order)
    return True


def _rule_asked(talk: Talk) -> str | None:
    """The rule that a question is about, where one sentence answers it."""
    return None if talk.is_tap else first_saying(talk.text, "rules_asked")


def _answer_rights(talk: Talk) -> None:
    order = known_order(talk)
    named = country_code(talk.entity("country") or "") or talk.get("country")
    country = named or (order.country if order else None)
    if country:
        tell_rights(talk, country, order)
    else:
        talk.say("utter_rights_depend")


def _answer_tracking(talk: Talk) -> bool:
    order = known_order(talk)
    number = talk.entity("order_number")
    if order is None or (number and number != order.number):
        return False
    if talk.intent == "track_order":
        tell_parcel(talk, order)
    else:
        tell_requests(talk, order)
    return True

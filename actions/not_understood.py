"""What to say when a message wasn't understood: help, the nearest needs, then a way out."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType, FollowupAction

from actions import evidence, threads
from actions.answers import tell_of_parcel
from actions.exchange import note_exchange
from actions.identify import known_order, order_at_hand, says_no_number, take_entities
from actions.offers import offer
from actions.reading import items_named, request_number
from actions.resting import wants_to_resume
from actions.rights_said import adds_to_answer
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_clause import explain
from actions.tell_language import names_language, tell_language
from actions.tell_phone import asks_phone, tell_no_phone
from actions.tell_tracking import asks_what_follows, tell_next, tell_requests
from actions.what_if import is_what_if
from bot.understanding.answers import says
from bot.understanding.item_words import has_words, reason_told
from bot.words import domain_words, label

OFFERED = 2
_HANDED_OFF = frozenset(
    {"utter_handed_off", "utter_handed_off_again", "utter_order_after_hand_off"}
)
_COMPLAINED = frozenset({"utter_complaint", "utter_complaint_noted"})
NOT_UNDERSTOOD = frozenset(
    {"nlu_fallback", "out_of_scope", "inform", "affirm", "deny", "defer", "correct_answer", "rate"}
)
"""Intents that mean nothing by themselves, where no question waits for them."""

_ASKS = re.compile(r"\W*(?:(?:and|so|ok|okay|well)\W+)*(?:what|when|how|why|where)\b", re.I)
"""How a question begins."""


class ActionNotUnderstood(SafeAction):
    """Outside a dialogue: offers the nearest needs, then a way out; says what is out of scope."""

    action_name = "action_not_understood"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what fits: out of scope, did you mean, in other words, or a way out."""
        threads.acknowledge(talk)
        if talk.is_tap:
            talk.say("utter_button_passed_idle")
            return []
        # What it named is kept, so that it needn't be said again.
        take_entities(talk)
        if request_number(talk):
            return [FollowupAction("track_form")]
        if adds_to_answer(talk):
            return [FollowupAction("rights_form")]
        if is_what_if(talk):
            return [FollowupAction("check_form")]
        if threads.goes_back(talk):
            return threads.resume(talk)
        if says_no_number(talk):
            return [FollowupAction("check_form")]
        if evidence.explains(talk) or explain(talk) or _tells_of_exchange(talk):
            return []
        if _names_filed_item(talk):
            return []
        if has_words(talk.text, "what_comes_next") and tell_what_comes_next(talk):
            return []
        if wants_to_resume(talk):
            return [FollowupAction("file_return_form")]
        if _adds_to_ticket(talk) or _adds_to_complaint(talk):
            return []
        if talk.entity("order_number") and (reason := reason_told(talk.text)):
            # An order and what happened to it, in words of which the sense wasn't clear enough.
            talk.set("reason", reason)
            return [FollowupAction("file_return_form")]
        if talk.intent == "inform" and talk.entity("order_number"):
            # An order without a word on what happened: the filing dialogue asks.
            return [FollowupAction("file_return_form")]
        if not _answered_by_its_words(talk):
            say_not_understood(talk)
        return []


def _answered_by_its_words(talk: Talk) -> bool:
    """Answers what its words make clear, although no intent is sure."""
    if tell_of_parcel(talk):
        return True
    if names_language(talk):
        tell_language(talk)
    elif says(talk.text, "in_english"):
        talk.say("utter_what_else")
    elif asks_phone(talk):
        tell_no_phone(talk)
    elif says(talk.text, "rules_asked", "repair_cost"):
        talk.say("utter_repair_cost")
    elif talk.intent == "out_of_scope" and not talk.get("misses"):
        talk.say("utter_out_of_scope")
    else:
        return False
    return True


def _adds_to_ticket(talk: Talk) -> bool:
    """Asks what to do with an order that is named right after a hand-off."""
    after = any(name in _HANDED_OFF for name, _ in talk.last_replies)
    number = talk.get("order_number")
    named = talk.entity("order_number") or talk.entity("email")
    tickets = list((talk.get("tickets") or {}).values())
    if not (after and named and number and tickets and talk.intent == "inform"):
        return False
    again = any(name == "utter_order_after_hand_off" for name, _ in talk.last_replies)
    name = "utter_order_after_hand_off_again" if again else "utter_order_after_hand_off"
    talk.say(name, order_number=number, ticket=tickets[-1])
    return True


def _adds_to_complaint(talk: Talk) -> bool:
    """Takes what is told right after a complaint as part of it."""
    after = any(name in _COMPLAINED for name, _ in talk.last_replies)
    tells = talk.intent in ("nlu_fallback", "inform", "out_of_scope") and "?" not in talk.text
    if not (after and tells):
        return False
    order_at_hand(talk)
    talk.say("utter_complaint_noted")
    offer(talk, "utter_shall_hand_over", "action_hand_off")
    return True


def asks_what_now(talk: Talk) -> bool:
    """Whether the buyer asks what the open question means ("what?", "ok what now")."""
    return not talk.is_tap and has_words(talk.text, "what_now")


def asks_something(talk: Talk) -> bool:
    """Whether a message begins as a question does."""
    return not talk.is_tap and bool(_ASKS.match(talk.text))


def tell_what_comes_next(talk: Talk) -> bool:
    """Tells what comes next for the order's requests, where they were the last thing talked of.

    Returns:
        Whether they were.
    """
    order = known_order(talk)
    is_meant = talk.get("need") == "track_request" or talk.get("last_filed")
    if order is None or not (is_meant or asks_what_follows(talk)):
        return False
    if asks_what_follows(talk):
        tell_next(talk, order)
    else:
        tell_requests(talk, order)
    return True


def explain_question(talk: Talk) -> None:
    """Puts the open question in other words; asked once more, a way out is shown."""
    if talk.miss():
        return
    own = f"utter_help_{talk.get('requested_slot')}"
    if own in domain_words().texts:
        talk.say(own)


def _tells_of_exchange(talk: Talk) -> bool:
    """Adds "the shirt" or "size M" to an exchange that was offered to be written to the seller."""
    offered, order = talk.get("offered"), known_order(talk)
    is_exchange = isinstance(offered, dict) and "exchange" in offered["slots"]
    if not is_exchange or order is None or talk.intent not in ("inform", "nlu_fallback"):
        return False
    note_exchange(talk, talk.text.strip())
    talk.clear("misses")
    talk.say("utter_exchange_added")
    begun = {**talk.get("exchange"), "begun": True}
    offer(talk, "utter_shall_message_seller", "seller_form", exchange=begun)
    return True


def _names_filed_item(talk: Talk) -> bool:
    """Tells of a request when the message is about an item that stands in it."""
    order = known_order(talk)
    if order is None or "?" in talk.text:
        return False
    named = items_named(talk.text, order.items, whole=False) or []
    filed = [item for item in order.items if str(item.id) in named and item.request_number]
    if not filed or len(filed) < len(named):
        return False
    item = filed[0]
    number = item.request_number
    talk.say("utter_item_already_filed", item=item.title, request_number=number)
    talk.clear("misses")
    return True


def say_not_understood(talk: Talk) -> None:
    """Counts a miss; the first gets help, or the nearest needs, the next ones a way out."""
    if talk.intent == "defer":
        talk.say("utter_take_your_time")
        return
    if names_language(talk):
        tell_language(talk)
        return
    if talk.intent == "out_of_scope" and talk.form:
        talk.say("utter_out_of_scope_in_between")
    if talk.miss():
        return
    if talk.form:
        _help_with_the_question(talk)
        return
    nearest = _nearest_needs(talk)
    if nearest:
        talk.set("unclear", talk.message_to_keep())
        neither = {"title": label("offer", "neither"), "payload": '/deny{"choice": "neither"}'}
        talk.say("utter_did_you_mean", buttons=[*nearest, neither])
    else:
        talk.say("utter_not_understood")


def _help_with_the_question(talk: Talk) -> None:
    own = f"utter_help_{talk.get('requested_slot')}"
    if talk.intent != "out_of_scope":
        talk.say("utter_not_understood_form")
    if own in domain_words().texts:
        talk.say(own)


def _nearest_needs(talk: Talk) -> list[dict[str, str]]:
    """Buttons for the needs that the message may have meant; they take the message up."""
    ranking = talk.tracker.latest_message.get("intent_ranking") or []
    named = [(label("intent", entry["name"]), entry["name"]) for entry in ranking]
    needs = [(title, intent) for title, intent in named if title][:OFFERED]
    return [{"title": t, "payload": f'/{i}{{"choice": "unclear"}}'} for t, i in needs]

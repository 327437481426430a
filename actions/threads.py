"""What spans dialogues: a second need, a dialogue that was left, and how a talk ends.

One slot per thread. `left` holds dialogues that another need interrupted, newest last;
`second_need` the other need of a message until it is served; `offered` what a typed yes would take.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecuted, EventType, FollowupAction, UserUttered

from actions.identify import forget_items
from actions.reading import REASONS
from actions.talk import Talk
from bot.understanding.feelings import is_angry, is_threat
from bot.understanding.item_words import has_words, reason_in
from bot.words import domain_words, label

RESUME, SECOND_NEED, ANYTHING_ELSE = "resume", "second_need", "anything_else"
OFFERS = frozenset({RESUME, SECOND_NEED, ANYTHING_ELSE})
RATING_FORM = "rating_form"
SKIPPED = "skipped"
_MOST_LEFT = 3
_PAUSE_SECONDS = 1800
"""After so long a silence the buyer is welcomed back."""

_BRING_A_PERSON = frozenset({"complaint", "ask_human"})
"""Intents whose answer offers a person anyway."""

_OF_THE_TALK = frozenset(
    {
        *("left", "second_need", "unclear", "offered", "misses", "outcome", "requested_slot"),
        *("confirm", "confirm_cancel", "filing_key", "told", "is_changing", "last_filed"),
        *("last_step", "last_decision", "pleas", "calmed", "warned", "tickets", "served"),
        *("rating", "rating_comment", "rating_asked", "resuming", "returning", "email"),
        *(
            "tried_email",
            "tried_number",
            "session_started_metadata",
            "summed_up",
            "is_paused",
            "last_sent",
        ),
        *(
            "last_check",
            "told_of_items",
            "confirm_seller",
            "seller_key",
            "withdraw_confirm",
            "withdraw_key",
        ),
        *("letter_choice", "letter_key", "no_advice_said", "told_reason"),
        *("files_told", "filed_here"),
    }
)
"""Slots that belong to the talk as a whole, or hold only for one turn or one summary: never put
back with a dialogue that was left."""


def take_need(talk: Talk, intent: str) -> None:
    """Notes what the buyer wants now, and the second need that the message may hold."""
    talk.set("need", intent)
    kept = talk.get("second_need") or {}
    if kept.get("intent") == intent:
        talk.clear("second_need")
    other = (talk.tracker.latest_message or {}).get("second_need")
    if other and other != intent and not (is_return(other) and is_return(intent)):
        talk.set("second_need", {"intent": other, **talk.message_to_keep()})


def keep_story(talk: Talk) -> None:
    """Keeps what went wrong with an item, told beside a question about a request.

    "The mug broke, where is my refund?" tells of a return that may not be filed yet; whether it is
    offered is for `drop_story` to say.
    """
    reason = reason_in(talk.text)
    intent = next((i for i, r in REASONS.items() if r == reason), None)
    if intent and reason != "not_arrived" and not talk.get("second_need"):
        kept = {"intent": intent, "is_story": True, **talk.message_to_keep()}
        talk.set("second_need", kept)


def drop_story(talk: Talk) -> None:
    """Forgets what `keep_story` kept: it is filed already, or it was no question for a request."""
    if (talk.get("second_need") or {}).get("is_story"):
        talk.clear("second_need")


def is_return(intent: str) -> bool:
    """Whether an intent leads into the filing dialogue."""
    return intent in REASONS or intent == "file_return"


def remember_left(talk: Talk, form: str, superseded: frozenset[str] = frozenset()) -> None:
    """Keeps a dialogue that another one interrupts, with what it knows.

    Args:
        talk: the turn, before the new dialogue changed anything.
        form: the dialogue that is left.
        superseded: dialogues that the new one makes needless.
    """
    if form in superseded or form == RATING_FORM:
        return
    known = {k: v for k, v in talk.slots.items() if v is not None and k not in _OF_THE_TALK}
    others = [entry for entry in talk.get("left") or () if entry["form"] != form]
    talk.set("left", [*others, {"form": form, "slots": known}][-_MOST_LEFT:])


def drop_left(talk: Talk, *forms: str) -> None:
    """Forgets dialogues that were left, when they are started anew or made needless."""
    left = talk.get("left") or []
    kept = [entry for entry in left if entry["form"] not in forms]
    if len(kept) != len(left):
        talk.set("left", kept or None)


def resume(talk: Talk) -> list[EventType]:
    """Goes back to the dialogue that was left last, with what it knew."""
    left = talk.get("left") or []
    if not left:
        return []
    entry = left[-1]
    restore(talk)
    return [FollowupAction(entry["form"])]


def restore(talk: Talk) -> None:
    """Takes up what the dialogue that was left last knew; it then goes on with its question."""
    left = talk.get("left")
    entry = left[-1]
    talk.set("left", left[:-1] or None)
    for slot in talk.slots:
        if slot not in _OF_THE_TALK and talk.get(slot) != entry["slots"].get(slot):
            talk.set(slot, entry["slots"].get(slot))
    talk.set("resuming", True)
    talk.clear("offered")


def goes_back(talk: Talk) -> bool:
    """Whether the buyer wants to go on with the dialogue that was left ("back to the return")."""
    return bool(talk.get("left")) and not talk.is_tap and _says_back(talk.text)


def _says_back(text: str) -> bool:
    return has_words(text, "resume") or has_words(text, "back_again")


def take_second_need(talk: Talk) -> list[EventType]:
    """Goes on with the second need as if its button had been tapped."""
    kept = talk.get("second_need")
    if not kept:
        return []
    entities = [{"entity": "choice", "value": SECOND_NEED}]
    message = {"intent": {"name": kept["intent"], "confidence": 1.0}, "entities": entities}
    return [ActionExecuted("action_listen"), UserUttered(f"/{kept['intent']}", message)]


def acknowledge(talk: Talk) -> None:
    """Answers anger and threats once, calmly, before anything else that is said."""
    if talk.is_tap:
        return
    if is_threat(talk.text) and not talk.get("warned"):
        talk.set("warned", True)
        if talk.intent not in _BRING_A_PERSON:
            talk.say_first("utter_threat")
    elif is_angry(talk.text) and not talk.get("calmed"):
        talk.set("calmed", True)
        talk.say_first("utter_calm")


def welcome_back(talk: Talk) -> bool:
    """Welcomes a buyer who was away for a while; a dialogue then goes on where it was."""
    if talk.get("returning"):
        talk.clear("returning")
    elif talk.pause < _PAUSE_SECONDS:
        return False
    talk.say("utter_welcome_back")
    return True


def served(talk: Talk) -> None:
    """Ends a need that was served: offers what is left, or asks whether there is more."""
    if not talk.said:
        return
    talk.set("served", True)
    if pick_up(talk):
        return
    if not _leaves_a_next_step(talk):
        anything_else(talk)


def pick_up(talk: Talk) -> bool:
    """Offers the second need, or the dialogue that was left; each until it is taken or declined."""
    return _offer_second_need(talk) or _offer_left(talk)


def anything_else(talk: Talk) -> None:
    """Asks whether there is anything else."""
    talk.set("offered", ANYTHING_ELSE)
    talk.say("utter_anything_else")


def _offer_second_need(talk: Talk) -> bool:
    kept = talk.get("second_need") or {}
    if not kept or kept.get("offered"):
        return False
    need = label("intent", kept["intent"])
    if not need:
        talk.clear("second_need")
        return False
    talk.set("second_need", {**kept, "offered": True})
    talk.set("offered", SECOND_NEED)
    yes = f'/{kept["intent"]}{{"choice": "{SECOND_NEED}"}}'
    name = "utter_second_need_told" if kept["intent"] in REASONS else "utter_second_need"
    talk.say(name, buttons=_yes_no(yes, SECOND_NEED), need=need)
    return True


def _offer_left(talk: Talk) -> bool:
    left = talk.get("left") or []
    if not left:
        return False
    talk.set("offered", RESUME)
    yes = f'/affirm{{"choice": "{RESUME}"}}'
    name = label("left", left[-1]["form"]) or label("left", "other")
    talk.say("utter_go_back", buttons=_yes_no(yes, RESUME), left=name)
    return True


def _yes_no(yes: str, offer: str) -> list[dict[str, str]]:
    return [
        {"title": label("offer", "yes"), "payload": yes},
        {"title": label("offer", "no"), "payload": f'/deny{{"choice": "{offer}"}}'},
    ]


def decline(talk: Talk, offer: str) -> None:
    """Drops what was offered."""
    left: list[Any] = talk.get("left") or []
    if offer == SECOND_NEED:
        talk.clear("second_need")
    elif offer == RESUME:
        talk.set("left", left[:-1] or None)
        if left and left[-1]["form"] == "file_return_form":
            # Else the next word on a return would ask the declined question again.
            talk.clear("reason")
            forget_items(talk)


def _leaves_a_next_step(talk: Talk) -> bool:
    """Whether the last sentence said is a question or has buttons of its own."""
    name, has_buttons = talk.said[-1]
    return has_buttons or domain_words().leaves_a_next_step(name)

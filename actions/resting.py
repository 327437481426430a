"""What the filing dialogue says while the buyer thinks it over."""

from __future__ import annotations

from actions.ask_items import choice_button
from actions.forms.confirming import JUST_PAUSED, PAUSED
from actions.talk import Talk
from bot.understanding.item_words import has_words
from bot.words import label, say


def wants_to_resume(talk: Talk) -> bool:
    """Whether the buyer takes up a filing that another dialogue has cut short ("continue")."""
    pending = talk.get("items") and talk.get("reason") and not talk.form
    return bool(pending) and not talk.is_tap and has_words(talk.text, "resume")


def rests(talk: Talk) -> bool:
    """Whether the dialogue rests, so that its question isn't asked again now.

    Right after "let me think" nothing more is said; after other talk a short reminder.
    """
    paused = talk.get("is_paused")
    if paused == PAUSED:
        buttons = [
            choice_button(say("utter_label_resume"), "resume"),
            {"title": say("utter_stop_button"), "payload": "/stop"},
            {"title": label("intent", "ask_human"), "payload": "/ask_human"},
        ]
        talk.say("utter_still_paused", buttons=buttons)
    elif paused == JUST_PAUSED:
        talk.set("is_paused", PAUSED)
    return bool(paused)

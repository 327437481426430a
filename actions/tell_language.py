"""Says in the buyer's own language that the chat speaks English, and how to reach a person."""

from __future__ import annotations

from actions.talk import Talk
from bot.understanding.languages import language_named, language_of
from bot.words import domain_words


def names_language(talk: Talk) -> bool:
    """Whether the message asks for another language by its name ("speak Portuguese?")."""
    return not talk.is_tap and language_named(talk.text) is not None


def tell_language(talk: Talk) -> None:
    """Says it in the one language that is recognised, or in all when none is."""
    code = language_named(talk.text) or language_of(talk.text)
    own = f"utter_other_language_{code}"
    talk.say(own if own in domain_words().texts else "utter_other_language")

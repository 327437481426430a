"""What a typed "yes" means after the assistant has offered something."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction

from actions.talk import Talk


def offer(talk: Talk, question: str, action: str, **slots: Any) -> None:
    """Asks whether to do something, so that a plain "yes" does it.

    Nothing is asked inside a dialogue: there a yes answers the dialogue's own question.

    Args:
        talk: the turn.
        question: a response of domain.yml.
        action: a form or an action of domain.yml.
        **slots: what the yes says beside it, such as the reason of a return.
    """
    if not talk.form:
        talk.say(question)
        talk.set("offered", {"action": action, "slots": slots})


def accept(talk: Talk, offered: str | dict[str, Any]) -> list[EventType]:
    """Does what was offered.

    Args:
        talk: the turn of the yes.
        offered: an action's name, or what `offer` kept.
    """
    if isinstance(offered, str):
        return [FollowupAction(offered)]
    for slot, value in offered["slots"].items():
        talk.set(slot, value)
    return [FollowupAction(offered["action"])]

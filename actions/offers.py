"""What a typed "yes" means after the assistant has offered something."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction

from actions.talk import Talk


def offer(talk: Talk, question: str, action: str, **slots: Any) -> None:
    """Asks whether to do something, so that a plain "yes" does it.

    Nothing is asked inside a dialogue: there a yes answers the dialogue's own question. Nor where
    another need waits, which is offered next: one question at a time.

    Args:
        talk: the turn.
        question: a response of domain.yml.
        action: a form or an action of domain.yml.
        **slots: what the yes says beside it, such as the reason of a return.
    """
    if may_ask(talk):
        talk.say(question)
        talk.set("offered", {"action": action, "slots": slots, "question": question})


def may_ask(talk: Talk) -> bool:
    """Whether an answer may end with a question of its own."""
    second = talk.get("second_need") or {}
    return not (talk.form or talk.get("left") or (second and not second.get("offered")))


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

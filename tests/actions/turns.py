"""Makes a turn of a conversation without Rasa."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.talk import Talk


def tracker(
    text: str,
    intent: str = "inform",
    entities: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    form: str | None = None,
    sender_id: str = "a-conversation",
) -> Tracker:
    """A tracker whose latest message is this one."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": k, "value": v} for k, v in (entities or {}).items()],
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
    }
    return Tracker(
        sender_id=sender_id,
        slots=slots or {},
        latest_message=message,
        events=[{"event": "user", "text": text, "timestamp": 1_700_000_000.0}],
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name="action_listen",
    )


def turn(text: str, intent: str = "inform", **more: Any) -> Talk:
    """A turn in which the buyer said this."""
    return Talk(tracker(text, intent, **more), CollectingDispatcher())


def said(talk: Talk) -> list[str]:
    """Names of the responses said in a turn."""
    return [message["response"] for message in talk.dispatcher.messages]

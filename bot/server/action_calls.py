"""What of a conversation goes to the action server: what an action reads, and no more.

Rasa sends every event whole with each call. At the end of a filing that is 60 KB to write and to
read, most of it how each message was understood, what filled each reply, and the model's id in
each event. What is sent keeps the shape of Rasa's protocol.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

READ = frozenset({"user", "bot", "slot", "active_loop"})
"""The kinds of events that actions read."""

_OF_AN_EVENT = ("event", "timestamp", "name", "value", "text")
_OF_THE_METADATA = ("utter_action", "title")


def shorten(call: dict[str, Any]) -> dict[str, Any]:
    """A call without what no action reads.

    The custom part of a reply, with its cards, stays where it was said since the message before
    the latest one.

    Args:
        call: what Rasa would send; it isn't changed.

    Returns:
        What is sent.
    """
    events = call["tracker"]["events"]
    return call | {"tracker": call["tracker"] | {"events": list(_shortened(events))}}


def _shortened(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    messages = [index for index, event in enumerate(events) if event["event"] == "user"]
    recent = messages[-2] if len(messages) > 1 else 0
    for index, event in enumerate(events):
        kind = event["event"]
        if kind not in READ:
            continue
        short = {key: event[key] for key in _OF_AN_EVENT if key in event}
        metadata = event.get("metadata") or {}
        if kept := {key: metadata[key] for key in _OF_THE_METADATA if key in metadata}:
            short["metadata"] = kept
        custom = (event.get("data") or {}).get("custom")
        if custom and index >= recent:
            short["data"] = {"custom": custom}
        yield short

"""One turn of a conversation as an action sees it: what was said, what is known, what to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.desk import Line

TRIES = 1
"""Misses in a row after which the way out is shown."""

KEPT_MESSAGES = frozenset({"unclear", "second_need"})
"""Slots that keep a message for later. A button whose `choice` names one takes that message up:
what it already said (order number, item, story) needn't be said again."""


@dataclass
class Talk:
    """A turn. Slots that change are collected and become events at its end.

    Attributes:
        tracker: what Rasa sent.
        dispatcher: what collects the replies.
        slots: all slots, with this turn's changes.
        looked_up: what this turn already asked the desk, so that it asks once.
        said: name of each response said, and whether it got buttons of its own.
    """

    tracker: Tracker
    dispatcher: CollectingDispatcher
    slots: dict[str, Any] = field(init=False)
    looked_up: dict[Any, Any] = field(init=False, default_factory=dict)
    said: list[tuple[str, bool]] = field(init=False, default_factory=list)
    _message: dict[str, Any] = field(init=False)
    _changes: dict[str, Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Copies the slots, so that a failed turn changes nothing."""
        self.slots = dict(self.tracker.slots)
        latest = self.tracker.latest_message or {}
        named = {e.get("entity"): e.get("value") for e in latest.get("entities") or ()}
        kept = named.get("choice") if named.get("choice") in KEPT_MESSAGES else None
        self._message = (kept and self.slots.get(kept)) or latest

    @property
    def conversation_id(self) -> str:
        """The conversation's id, set by the server from the signed session."""
        return str(self.tracker.sender_id)

    @property
    def network(self) -> str:
        """What stands for the network address of the latest message; empty when not known."""
        metadata = (self.tracker.latest_message or {}).get("metadata") or {}
        return str(metadata.get("network") or "")

    @property
    def text(self) -> str:
        """The buyer's latest message, or the earlier one that a tapped button takes up."""
        return self._message.get("text") or ""

    @property
    def intent(self) -> str:
        """The intent of the latest message."""
        return (self.tracker.latest_message.get("intent") or {}).get("name") or ""

    def entity(self, name: str) -> str | None:
        """The first entity of this name in the latest message."""
        entities = self._message.get("entities") or ()
        value = next((e.get("value") for e in entities if e.get("entity") == name), None)
        return None if value is None else str(value)

    def message_to_keep(self) -> dict[str, Any]:
        """The message as one of `KEPT_MESSAGES` keeps it."""
        entities = self._message.get("entities") or ()
        return {
            "text": self.text,
            "entities": [{"entity": e.get("entity"), "value": e.get("value")} for e in entities],
        }

    @property
    def form(self) -> str:
        """The dialogue in progress; empty when there is none."""
        return (self.tracker.active_loop or {}).get("name") or ""

    @property
    def last_replies(self) -> list[tuple[str, dict[str, Any]]]:
        """What was said right before the latest message: response names and their custom parts."""
        replies: list[tuple[str, dict[str, Any]]] = []
        users = 0
        for event in reversed(self.tracker.events):
            users += event.get("event") == "user"
            if users > 1:
                break
            if users and event.get("event") == "bot":
                name = (event.get("metadata") or {}).get("utter_action") or ""
                replies.insert(0, (name, (event.get("data") or {}).get("custom") or {}))
        return replies

    @property
    def pause(self) -> float:
        """Seconds between the latest message and what was said before it."""
        latest = None
        for event in reversed(self.tracker.events):
            if event.get("event") not in ("user", "bot") or _came_by_itself(event):
                continue
            if latest is not None:
                return float(latest - (event.get("timestamp") or latest))
            if event["event"] == "user":
                latest = event.get("timestamp") or 0.0
        return 0.0

    @property
    def is_tap(self) -> bool:
        """Whether the message is a button's payload."""
        return self.text.startswith("/")

    def get(self, slot: str) -> Any:
        """A slot's value, with this turn's changes."""
        return self.slots.get(slot)

    def set(self, slot: str, value: Any) -> None:
        """Changes a slot."""
        self.slots[slot] = value
        self._changes[slot] = value

    def clear(self, *slots: str) -> None:
        """Empties slots that hold something."""
        for slot in slots:
            if self.slots.get(slot) is not None:
                self.set(slot, None)

    @property
    def has_changed(self) -> bool:
        """Whether this turn changed a slot."""
        return bool(self._changes)

    def events(self) -> list[EventType]:
        """The turn's changes as Rasa events."""
        return [SlotSet(slot, value) for slot, value in self._changes.items()]

    def say(
        self,
        response: str,
        buttons: list[dict[str, str]] | None = None,
        custom: dict[str, Any] | None = None,
        attachment: str | None = None,
        **values: Any,
    ) -> None:
        """Says a response of domain.yml.

        Args:
            response: its name.
            buttons: buttons beside those that the response has.
            custom: card and citations, see docs/channel.md.
            attachment: address of a document.
            **values: what fills the response's placeholders.
        """
        self.said.append((response, bool(buttons)))
        self.dispatcher.utter_message(
            response=response,
            buttons=buttons,
            json_message=custom,
            attachment=attachment,
            **{name: _fillable(value) for name, value in values.items()},
        )

    def say_first(self, response: str) -> None:
        """Says a response before what this turn has said already."""
        self.dispatcher.utter_message(response=response)
        self.dispatcher.messages.insert(0, self.dispatcher.messages.pop())
        self.said.insert(0, (response, False))

    def miss(self) -> bool:
        """Counts a message that wasn't understood.

        The count is a change, which keeps a form in charge: it then asks its question again.

        Returns:
            Whether it was one too many, so that the way out was shown.
        """
        misses = (self.get("misses") or 0) + 1
        self.set("misses", misses)
        if misses <= TRIES:
            return False
        self.say("utter_way_out" if misses == TRIES + 1 else "utter_way_out_again")
        return True

    def ask_again(self, response: str, **values: Any) -> None:
        """Says what was wrong with an answer and counts the miss."""
        self.say(response, **values)
        self.miss()

    def transcript(self, *, of_this_order: bool = False) -> tuple[Line, ...]:
        """What was said and told so far, oldest first.

        Args:
            of_this_order: leave out what was said of another order, which may be somebody else's.
        """
        lines: list[Line] = []
        last_number = None
        for event in self.tracker.events:
            kind = event.get("event")
            if kind in ("user", "bot") and _shown(event):
                who = "buyer" if kind == "user" else "assistant"
                lines.append(Line(who, _shown(event), _moment(event)))
            elif kind == "slot" and event["name"] == "order_number" and event["value"]:
                if of_this_order and last_number not in (None, event["value"]):
                    lines = _since_last_buyer(lines)
                last_number = event["value"]
        return tuple(lines)


def _came_by_itself(event: dict[str, Any]) -> bool:
    """Whether it is a notice, which may come while the chat rests."""
    return "notice_place" in (event.get("metadata") or {})


def _since_last_buyer(lines: list[Line]) -> list[Line]:
    """The lines from the buyer's latest message on."""
    starts = [index for index, line in enumerate(lines) if line.who == "buyer"]
    return lines[starts[-1] :] if starts else []


def _fillable(value: Any) -> Any:
    """A value that Rasa's interpolation leaves alone: it takes "0[" for a placeholder left over."""
    return value.replace("0[", "0 [") if isinstance(value, str) else value


def _shown(event: dict[str, Any]) -> str:
    """What was said; of a tapped button its title; empty where nothing was seen."""
    text = str(event.get("text") or "")
    is_payload = event.get("event") == "user" and text.startswith("/")
    return str((event.get("metadata") or {}).get("title") or ("" if is_payload else text))


def _moment(event: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(event["timestamp"], timezone.utc)

"""A buyer who lets the chat rest: hours later, a day later, and after the session has ended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.conversations.conftest import Chat, Desk
from tests.running import RunningAssistant, running_assistant

HOUR = 3600.0
CONVERSATIONS = "conversations.db"
PROVED = "my blender arrived broken, order 40010001, ana.souza@example.com"
LEFT = {
    "filing": [PROVED, "no"],
    "summary": [
        "it never came, order 40010003, jonas.weber@example.com",
        ">Buyer Protection",
        ">Original",
    ],
    "cancelling": ["cancel order 40010005, sanne.devries@example.com"],
    "proved": [PROVED],
}
"""What was said before the pause; a button's title stands after ">"."""


def rest(assistant: RunningAssistant, hours: float) -> None:
    """Makes everything said so far older."""
    with closing(sqlite3.connect(assistant.folder / CONVERSATIONS, timeout=10)) as db, db:
        for number, data in db.execute("SELECT id, data FROM events").fetchall():
            event = json.loads(data)
            event["timestamp"] -= hours * HOUR
            db.execute(
                "UPDATE events SET timestamp = timestamp - ?, data = ? WHERE id = ?",
                (hours * HOUR, json.dumps(event), number),
            )


def said(messages: list[dict[str, Any]]) -> list[str | None]:
    return [m.get("response") for m in messages]


@pytest.fixture(scope="module")
def after_a_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Chat]]:
    """Chats that were left a day ago, by what was going on in them; the servers started anew."""
    folder = tmp_path_factory.mktemp("rested")
    chats = {}
    with running_assistant(folder, ASSISTANT_SESSION_HOURS="100") as assistant:
        for name, messages in LEFT.items():
            chats[name] = chat = Chat(assistant, Desk(assistant.database))
            chat.start()
            for message in messages:
                replies = chat.tap(message[1:]) if message[0] == ">" else chat.send(message)
                assert replies
    rest(assistant, 26)
    settings = {
        "ASSISTANT_SESSION_HOURS": "100",
        "ASSISTANT_FIXED_NOW": "2026-11-24T12:00:00+00:00",
    }
    with running_assistant(folder, **settings) as assistant:
        for chat in chats.values():
            chat.assistant = assistant
            chat.desk.before = chat.desk.counts()
        yield chats


@pytest.mark.model
def test_a_return_goes_on_where_it_was(after_a_day: dict[str, Chat]) -> None:
    chat = after_a_day["filing"]
    assert said(chat.send("hi, I'm back")) == [
        "utter_welcome_back",
        "utter_ask_packaging_kept",
    ]
    assert said(chat.send("yes")) == ["utter_ask_seals_removed"]


@pytest.mark.model
def test_a_yes_a_day_later_is_asked_for_again(after_a_day: dict[str, Chat]) -> None:
    chat = after_a_day["summary"]
    assert said(chat.send("yes")) == ["utter_welcome_back", "utter_summary"]
    assert chat.desk.added("return_requests") == 0
    assert "utter_filed" in said(chat.send("yes"))
    assert chat.desk.added("return_requests") == 1


@pytest.mark.model
def test_an_old_yes_button_shows_the_summary_again(after_a_day: dict[str, Chat]) -> None:
    chat = after_a_day["cancelling"]
    answer = said(chat.tap("Yes, cancel it"))
    assert answer == ["utter_welcome_back", "utter_summary_cancellation"]
    assert chat.desk.added("order_cancellations") == 0
    assert "utter_cancelled" in said(chat.tap("Yes, cancel it"))


@pytest.mark.model
def test_a_new_session_proves_the_order_again(after_a_day: dict[str, Chat]) -> None:
    chat = after_a_day["proved"]
    chat.start()
    answer = said(chat.send("my blender arrived broken, order 40010001"))
    assert answer == ["utter_ask_email"]

"""The conversation store against Rasa's own, in a process of its own: tests import no Rasa."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

pytestmark = pytest.mark.model

BEGIN = """
import asyncio, sys
from bot.server.logs import quiet_logs
quiet_logs()
from pathlib import Path
from bot.server.stand_ins import without_unused
without_unused(Path("config.yml"), Path("credentials.yml"), Path("endpoints.yml"))
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from bot.server.conversations import ConversationStore

domain = Domain.from_yaml('''
intents: [greet]
slots: {reason: {type: text, mappings: [{type: custom}]}}
''')
url = f"sqlite:///{sys.argv[1]}"

def ours(keep=10):
    return ConversationStore(domain, host=url, keep=keep)

def rasas():
    return SQLTrackerStore(domain, host=url)

def wait(coroutine):
    return asyncio.get_event_loop().run_until_complete(coroutine)

def session():
    first = ActionExecuted("action_session_start")
    return [first, SessionStarted(), ActionExecuted("action_listen")]

def turn(text):
    return [
        UserUttered(text, {"name": "greet", "confidence": 1.0}),
        SlotSet("reason", text),
        BotUttered(f"you said {text}"),
        ActionExecuted("action_listen"),
    ]

def hear(store, events):
    tracker = wait(store.get_or_create_tracker("buyer", append_action_listen=False))
    tracker.update_with_events(events, domain)
    wait(store.save(tracker))
    return tracker

def texts(tracker):
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]

def all_events(store):
    return [event.as_dict() for event in wait(store.retrieve_full_tracker("buyer")).events]
"""


def run(tmp_path: Path, code: str) -> str:
    """Runs the code with the store's file as its argument; gives what it logged."""
    command = [sys.executable, "-W", "ignore", "-c", BEGIN + code, str(tmp_path / "c.db")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def test_rasas_own_store_reads_what_was_saved_once_each(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
store = ours()
said = session() + turn("one") + turn("two") + turn("three")
hear(store, session() + turn("one")), hear(store, turn("two")), hear(store, turn("three"))
read = wait(rasas().retrieve("buyer"))
assert texts(read) == ["one", "two", "three"]
assert read.get_slot("reason") == "three"
assert len(all_events(rasas())) == len(said)
""",
    )


def test_a_kept_conversation_is_the_one_that_the_database_gives(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
store = ours()
for events in (session() + turn("one"), turn("two")):
    hear(store, events)
kept, read = wait(store.retrieve("buyer")), wait(rasas().retrieve("buyer"))
assert kept.current_slot_values() == read.current_slot_values()
assert kept.latest_message.as_dict() == read.latest_message.as_dict()
assert kept.latest_action == read.latest_action
assert [e.as_dict() for e in kept.applied_events()][-9:] == [
    e.as_dict() for e in read.applied_events()
][-9:]
""",
    )


def test_what_a_failed_message_did_is_forgotten(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
store = ours()
hear(store, session() + turn("one"))
wait(store.retrieve("buyer")).update_with_events(turn("fails half-way"), domain)
tracker = hear(store, turn("two"))
assert texts(tracker) == ["one", "two"]
assert texts(wait(rasas().retrieve("buyer"))) == ["one", "two"]
""",
    )


def test_a_new_session_starts_without_the_old_one(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
store = ours()
hear(store, session() + turn("old"))
hear(store, session() + turn("new"))
tracker = hear(store, turn("newer"))
assert texts(tracker) == ["new", "newer"]
assert texts(wait(rasas().retrieve("buyer"))) == ["new", "newer"]
assert len(all_events(rasas())) == 2 * len(session()) + 3 * len(turn(""))
""",
    )


def test_what_no_longer_fits_into_memory_is_read_back(tmp_path: Path) -> None:
    run(
        tmp_path,
        """
for keep in (0, 1):
    store = ours(keep)
    hear(store, session() + turn("one"))
    other = DialogueStateTracker.from_events("other", session(), slots=domain.slots)
    wait(store.save(other))
    assert texts(hear(store, turn("two"))) == ["one", "two"], keep
    import os; os.remove(sys.argv[1])
    for ending in ("-wal", "-shm"):
        Path(sys.argv[1] + ending).unlink(missing_ok=True)
""",
    )


LOCKED = """
import sqlite3, time
from rasa.core.tracker_store import FailSafeTrackerStore

def locked():
    other = sqlite3.connect(sys.argv[1], isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other

def hear_while_locked(store, *turns):
    other = locked()
    for events in turns:
        hear(store, events)
    other.execute("ROLLBACK")
    other.close()
"""


def test_what_a_buyer_wrote_is_not_logged_when_the_database_is_locked(tmp_path: Path) -> None:
    log = run(
        tmp_path,
        LOCKED
        + """
store = FailSafeTrackerStore(ours())
hear(store, session() + turn("one"))
hear_while_locked(store, turn("emma@example.com"))
""",
    )
    assert "ConversationStore" in log
    assert "OperationalError" in log
    assert "emma" not in log
    assert "INSERT" not in log


def test_what_was_said_while_the_database_was_locked_is_remembered(tmp_path: Path) -> None:
    run(
        tmp_path,
        LOCKED
        + """
store = FailSafeTrackerStore(ours())
said = session() + turn("one") + turn("two") + turn("three") + turn("four")
hear(store, session() + turn("one"))
hear_while_locked(store, turn("two"), turn("three"))
assert texts(hear(store, turn("four"))) == ["one", "two", "three", "four"]
assert texts(wait(rasas().retrieve("buyer"))) == ["one", "two", "three", "four"]
assert len(all_events(rasas())) == len(said)
""",
    )


def test_a_chat_that_began_while_the_database_was_locked_is_remembered(tmp_path: Path) -> None:
    run(
        tmp_path,
        LOCKED
        + """
store = FailSafeTrackerStore(ours())
assert wait(store.retrieve("buyer")) is None
hear_while_locked(store, session() + turn("one"))
hear(store, turn("two"))
assert texts(wait(rasas().retrieve("buyer"))) == ["one", "two"]
assert len(all_events(rasas())) == len(session() + turn("one") + turn("two"))
""",
    )


def test_a_locked_database_holds_the_others_up_for_a_second_at_most(tmp_path: Path) -> None:
    run(
        tmp_path,
        LOCKED
        + """
store = FailSafeTrackerStore(ours())
hear(store, session() + turn("one"))
begun = time.monotonic()
hear_while_locked(store, turn("two"))
assert time.monotonic() - begun < 2
""",
    )

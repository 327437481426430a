"""Guessing order numbers and e-mails in chats: slowed, refused, and never told what was wrong."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.running import RunningAssistant, running_assistant

LIMIT = 20
GUESSES = 200


def guess(assistant: RunningAssistant, number: int, email: str) -> tuple[str, float]:
    """What a new chat says to a pair, and after how many seconds."""
    session = requests.post(f"{assistant.url}/session", timeout=30).json()["session"]
    started = time.monotonic()
    answer = requests.post(
        f"{assistant.url}/messages",
        json={"message": f"where is my order {number}, {email}"},
        headers={"Authorization": f"Bearer {session}"},
        timeout=60,
    )
    messages = answer.json()["messages"]
    return " ".join(message["response"] for message in messages), time.monotonic() - started


@pytest.mark.model
@pytest.mark.slow
def test_guesses_from_one_address_in_ever_new_chats_get_slow_and_are_then_refused(
    tmp_path: Path,
) -> None:
    with running_assistant(tmp_path, ASSISTANT_WRONG_PAIRS_PER_ADDRESS=str(LIMIT)) as assistant:
        right = (40010001, "ana.souza@example.com")
        first = [guess(assistant, 50000000 + n, f"guess{n}@example.org") for n in range(4)]
        # One half right, either half: the same words.
        halves = [
            guess(assistant, right[0], "guess@example.org"),
            guess(assistant, 50000099, right[1]),
        ]
        wrong = first[0][0]
        assert "utter_order_not_matched" in wrong
        assert {said for said, _ in first + halves} == {wrong}
        assert halves[-1][1] > min(seconds for _, seconds in first) + 0.5, "no slower"

        def go(n: int) -> str:
            return guess(assistant, 60000000 + n, f"many{n}@example.org")[0]

        with ThreadPoolExecutor(20) as pool:
            many = list(pool.map(go, range(GUESSES)))
        assert sum(said == wrong for said in many) < LIMIT
        assert {said for said in many if said != wrong} == {"utter_too_many_misses"}
        # Nor is a right pair told from a wrong one now.
        assert guess(assistant, *right)[0] == "utter_too_many_misses"
        with closing(sqlite3.connect(assistant.database)) as db:
            counted = db.execute("SELECT max(misses) FROM verification_misses").fetchone()[0]
            grants = db.execute("SELECT count(*) FROM conversation_grants").fetchone()[0]
        assert counted == LIMIT
        assert grants == 0
        assert "127.0.0.1" not in _everything_kept(assistant)


def _everything_kept(assistant: RunningAssistant) -> str:
    """What both servers have logged, and the conversations."""
    with closing(sqlite3.connect(assistant.folder / "conversations.db")) as db:
        events = db.execute("SELECT data FROM events").fetchall()
    return assistant.log_since(0).replace("http://127.0.0.1", "") + str(events)

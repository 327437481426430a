"""A chat over HTTP, and a desk made fresh for each."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from bot.desk import Desk as ReturnsDesk
from bot.desk.vocabulary import RequestStatus
from bot.settings import Settings
from tests.running import NOW, RunningAssistant, buyer_token

NOT_RESET = frozenset({"alembic_version"})


def picture(name: str) -> bytes:
    """A small JPEG, the same for the same name."""
    colour = tuple(hashlib.sha256(name.encode()).digest()[:3])
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, "JPEG")
    return content.getvalue()


@dataclass
class Chat:
    """A buyer's chat over HTTP."""

    assistant: RunningAssistant
    desk: Desk
    token: str = ""
    last_message: str = ""
    buttons: list[dict[str, str]] = field(default_factory=list)

    def start(self, **buyer: str) -> list[dict[str, Any]]:
        """Begins a session of its own, of nobody or of a signed-in buyer.

        Args:
            **buyer: `email` and `name` of who is signed in.

        Returns:
            The greeting.
        """
        content = {"buyer_token": buyer_token(**buyer)} if buyer else {}
        answer = requests.post(f"{self.assistant.url}/session", json=content, timeout=10).json()
        self.token = answer["session"]
        return self.send(answer["start"]) if buyer else []

    def send(self, message: str) -> list[dict[str, Any]]:
        """Sends a message and returns the replies."""
        self.last_message = message
        answer = requests.post(
            f"{self.assistant.url}/messages",
            json={"message": message},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=60,
        )
        messages: list[dict[str, Any]] = answer.json()["messages"]
        self.buttons += [button for m in messages for button in m.get("buttons", [])]
        return messages

    def attach(self, *names: str) -> list[dict[str, Any]]:
        """Uploads a picture under each name, then says so as the browser does."""
        payload = ""
        for name in names:
            answer = requests.post(
                f"{self.assistant.url}/evidence",
                files={"file": (name, picture(name))},
                headers={"Authorization": f"Bearer {self.token}"},
                timeout=60,
            )
            assert answer.status_code == 201, answer.text
            payload = answer.json()["say"]
        return self.send(payload)

    def tap(self, title: str, *, oldest: bool = False) -> list[dict[str, Any]]:
        """Taps the newest (or oldest) button whose title starts like this."""
        found = [b for b in self.buttons if b["title"].startswith(title)]
        assert found, f"no button {title!r} among {[b['title'] for b in self.buttons]}"
        return self.send(found[0 if oldest else -1]["payload"])


class Desk:
    """The desk's database, as seen from outside."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def refresh(self) -> None:
        """Brings back the demo orders and nothing else."""
        fresh = self._path.with_suffix(".fresh")
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.execute("PRAGMA foreign_keys=OFF")
            db.execute("ATTACH ? AS fresh", (str(fresh),))
            for table in self._tables(db):
                db.execute(f'DELETE FROM main."{table}"')
                db.execute(f'INSERT INTO main."{table}" SELECT * FROM fresh."{table}"')
        self.before = self.counts()

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            return {
                t: db.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in self._tables(db)
            }

    def added(self, table: str) -> int:
        """Rows of a table since the chat began."""
        return self.counts()[table] - self.before[table]

    def newest(self, table: str) -> dict[str, Any]:
        """The newest row of a table."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            row = db.execute(f'SELECT * FROM "{table}" ORDER BY id DESC LIMIT 1').fetchone()
            assert row, f"{table} is empty"
            return dict(row)

    def fill(self, text: str) -> str:
        """A text with "{newest request}" and "{oldest request}" as those requests' numbers."""
        for name, order in (("newest", "DESC"), ("oldest", "ASC")):
            if f"{{{name} request}}" in text:
                with closing(sqlite3.connect(self._path, timeout=10)) as db:
                    query = f"SELECT number FROM return_requests ORDER BY id {order} LIMIT 1"
                    text = text.replace(f"{{{name} request}}", db.execute(query).fetchone()[0])
        return text

    def advance(self, status: str) -> None:
        """Moves the newest request along, as the shop does."""
        settings = Settings(_env_file=None, var_dir=self._path.parent, fixed_now=NOW)
        desk = ReturnsDesk.from_settings(settings)
        try:
            desk.advance(self.fill("{newest request}"), RequestStatus(status), "a test")
        finally:
            desk.close()

    def added_rows(self, table: str) -> list[dict[str, Any]]:
        """The rows of a table since the chat began, oldest first."""
        count = self.added(table)
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            rows = db.execute(f'SELECT * FROM "{table}" ORDER BY id DESC LIMIT {count}')
            return [dict(row) for row in rows][::-1]

    def recover(self) -> None:
        """Gives back what a failed test took away."""
        if "orders_away" in self.counts():
            self.give_back()

    def take_away(self) -> None:
        """Makes every question to the desk fail, as when its database is down."""
        self._rename("orders", "orders_away")

    def give_back(self) -> None:
        """Ends `take_away`."""
        self._rename("orders_away", "orders")

    def _rename(self, old: str, new: str) -> None:
        with closing(sqlite3.connect(self._path, timeout=10)) as db, db:
            db.execute("PRAGMA legacy_alter_table=ON")
            db.execute(f'ALTER TABLE "{old}" RENAME TO "{new}"')

    @staticmethod
    def _tables(db: sqlite3.Connection) -> list[str]:
        rows = db.execute("SELECT name FROM sqlite_master WHERE type='table'").fetchall()
        return [r[0] for r in rows if not r[0].startswith("sqlite_") and r[0] not in NOT_RESET]


@pytest.fixture
def chat(assistant: RunningAssistant) -> Chat:
    """A fresh session at a fresh desk."""
    desk = Desk(assistant.database)
    desk.recover()
    desk.refresh()
    chat = Chat(assistant, desk)
    chat.start()
    return chat

"""Starts the real assistant for tests: its own folder, free ports, the demo orders."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import jwt

from bot.server.processes import Server
from bot.settings import ROOT

NOW = "2026-11-23T10:00:00+00:00"
START_SECONDS = 120
BUYER_TOKEN_KEY = "a_key_of_a_shop_that_is_only_used_in_tests"


@dataclass(frozen=True)
class RunningAssistant:
    """Where a running assistant answers and what it writes.

    Attributes:
        url: of the help page and the channel.
        folder: its var folder.
    """

    url: str
    folder: Path
    pids: tuple[int, ...] = ()

    @property
    def database(self) -> Path:
        """The desk's SQLite file."""
        return self.folder / "desk.db"

    def keep_fresh(self) -> None:
        """Copies the desk as it is, with what its journal still holds, for tests to go back to."""
        target = self.database.with_suffix(".fresh")
        with (
            closing(sqlite3.connect(self.database)) as db,
            closing(sqlite3.connect(target)) as copy,
        ):
            db.backup(copy)

    def log_size(self) -> int:
        """Characters that both servers have logged so far."""
        return len(self._log())

    def log_since(self, start: int) -> str:
        """What was logged after `start` characters."""
        return self._log()[start:]

    def _log(self) -> str:
        return "".join(
            path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log"))
        )


def free_port() -> int:
    """A port of the loopback address that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def buyer_token(email: str, name: str, **more: object) -> str:
    """A token by which the shop signs a buyer in."""
    now = int(time.time())
    claims = {"email": email, "name": name, "aud": "buyer-assistant", "iat": now, "exp": now + 300}
    return jwt.encode(claims | more, BUYER_TOKEN_KEY, "HS256")


@contextmanager
def running_assistant(folder: Path, **settings: str) -> Iterator[RunningAssistant]:
    """Runs both servers with the newest model and the demo orders.

    Args:
        folder: for everything they write.
        **settings: `ASSISTANT_...` settings beside those that tests need.
    """
    ports = {"ASSISTANT_PORT": str(free_port()), "ASSISTANT_ACTIONS_PORT": str(free_port())}
    ports |= {name: settings[name] for name in ports if name in settings}
    environment = {
        "ASSISTANT_VAR_DIR": str(folder),
        "ASSISTANT_FIXED_NOW": NOW,
        "ASSISTANT_MESSAGES_PER_MINUTE": "10000",
        "ASSISTANT_SESSIONS_PER_MINUTE": "10000",
        "ASSISTANT_EVIDENCE_FILES_PER_MINUTE": "10000",
        "ASSISTANT_EVIDENCE_FREE_MB": "0",
        "ASSISTANT_WRONG_PAIRS_PER_ADDRESS": "10000",
        "ASSISTANT_BUYER_TOKEN_KEYS": BUYER_TOKEN_KEY,
        **ports,
        **settings,
    }
    for command in (["database", "migrate"], ["orders", "demo"]):
        subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=ROOT,
            env=os.environ | environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    url = f"http://127.0.0.1:{ports['ASSISTANT_PORT']}"
    actions_url = f"http://127.0.0.1:{ports['ASSISTANT_ACTIONS_PORT']}/health"
    servers: list[Server] = []
    try:
        for name, command, health in (
            ("action server", "actions", actions_url),
            ("chat server", "serve", f"{url}/health"),
        ):
            log = folder / f"{command}.log"
            servers.append(Server(name, [command], health, log, environment))
        for server in servers:
            server.wait_until_ready(START_SECONDS)
        yield RunningAssistant(url, folder, tuple(s.process.pid for s in servers))
    finally:
        for server in servers:
            with suppress(ProcessLookupError):
                server.stop()


@contextmanager
def running_action_server(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Runs the action server alone.

    Args:
        folder: for everything it writes.

    Returns:
        Its address, and the settings that it was started with.
    """
    port = free_port()
    settings = {"ASSISTANT_VAR_DIR": str(folder), "ASSISTANT_ACTIONS_PORT": str(port)}
    url = f"http://127.0.0.1:{port}"
    server = Server("action server", ["actions"], f"{url}/health", folder / "actions.log", settings)
    try:
        server.wait_until_ready(START_SECONDS)
        yield url, settings
    finally:
        server.stop()

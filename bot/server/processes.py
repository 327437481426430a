"""A server in a process of its own: started, waited for, watched and stopped."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from bot.settings import ROOT

_STOP_SECONDS = 10


class ServerDied(Exception):
    """A server ended by itself; the message ends with the last lines of its log."""


class Server:
    """One of our commands, running in the background with its output in a log file.

    Args:
        name: what the server is called in messages.
        command: arguments after `python -m bot`.
        health_url: answers 200 once the server is ready.
        log: the file its output goes to; made anew.
        environment: variables to set for it besides our own.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        health_url: str,
        log: Path,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.name = name
        self.log = log
        self._health_url = health_url
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as output:
            # A session of its own, so that Ctrl-C reaches only whoever started the servers and
            # they are stopped in order.
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot", *command, "--stop-with-parent"],
                cwd=ROOT,
                env=os.environ | (environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def is_ready(self) -> bool:
        """Tell whether the server answers that it is ready.

        Raises:
            ServerDied: when it has ended.
        """
        self.require_alive()
        try:
            with urllib.request.urlopen(self._health_url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def wait_until_ready(self, seconds: float) -> None:
        """Wait until the server answers.

        Raises:
            ServerDied: when it ends before, or doesn't answer within so many seconds.
        """
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise ServerDied(self._report(f"didn't answer within {seconds:.0f} seconds"))
            time.sleep(0.05)

    def require_alive(self) -> None:
        """Make sure that the server still runs.

        Raises:
            ServerDied: when it doesn't.
        """
        if self.process.poll() is not None:
            raise ServerDied(self._report(f"ended with code {self.process.returncode}"))

    def ask_to_stop(self) -> None:
        """Ask the server to stop; `stop` waits for it."""
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Stop the server: kindly, and after ten seconds by force."""
        self.ask_to_stop()
        try:
            self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _report(self, what: str) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        return "\n".join([f"The {self.name} {what}; its log is {self.log}.", *lines])

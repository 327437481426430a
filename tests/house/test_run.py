"""`make run`: both servers start, are watched, and leave nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from bot.settings import ROOT
from tests.running import free_port

pytestmark = [pytest.mark.model, pytest.mark.slow]


@dataclass
class Run:
    process: subprocess.Popen[str]
    url: str
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        deadline = time.monotonic() + 240
        while words not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def servers(self) -> dict[str, psutil.Process]:
        children = psutil.Process(self.process.pid).children(recursive=True)
        return {
            name: child
            for child in children
            for name in ("serve", "actions")
            if name in child.cmdline()
        }


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Run]:
    port, actions_port = free_port(), free_port()
    settings = {
        "ASSISTANT_VAR_DIR": str(tmp_path / "var"),
        "ASSISTANT_PORT": str(port),
        "ASSISTANT_ACTIONS_PORT": str(actions_port),
    }
    log = tmp_path / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env=os.environ | settings,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    run = Run(process, f"http://127.0.0.1:{port}", log)
    run.wait_for("Ctrl-C")
    servers = run.servers().values()
    yield run
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        finally:
            process.kill()
    _, left = psutil.wait_procs(servers, timeout=20)
    assert left == []


def test_run_prints_the_pages_address_and_orders_to_try(running: Run) -> None:
    assert f"{running.url}/" in running.said()
    assert "@example.com" in running.said()
    assert requests.get(f"{running.url}/", timeout=10).status_code == 200


def test_ctrl_c_stops_both_servers(running: Run) -> None:
    servers = running.servers()
    assert set(servers) == {"serve", "actions"}
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert not any(server.is_running() for server in servers.values())
    assert "Traceback" not in running.said()


def test_when_one_server_dies_the_other_stops_and_it_is_said(running: Run) -> None:
    running.servers()["actions"].kill()
    assert running.process.wait(30) == 1
    assert "The action server ended with code -9" in running.said()
    assert "actions.log" in running.said()


def test_the_servers_end_with_a_run_that_was_killed(running: Run) -> None:
    servers = list(running.servers().values())
    running.process.kill()
    _, left = psutil.wait_procs(servers, timeout=20)
    assert left == []

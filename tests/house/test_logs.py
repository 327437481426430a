"""What the servers log when something breaks: its kind and place, never a stack or the words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot.server.processes import Server
from bot.settings import ROOT
from tests.raw_http import send_raw
from tests.running import free_port

BREAK = """
import logging, sys
from bot.server.logs import quiet_logs
quiet_logs()
import structlog

def fail():
    raise ValueError("emma@example.com")

for log in (logging.getLogger("rasa.core"), structlog.get_logger("rasa.core")):
    try:
        fail()
    except ValueError as error:
        log.error("Something\\nbroke", exc_info=True)
        log.error("Something broke", exc_info=error)
        log.exception("Something broke", stack_info=True)
"""


def log_of(level: str) -> str:
    environment = os.environ | {"LOG_LEVEL": level}
    command = [sys.executable, "-c", BREAK]
    ran = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return ran.stderr


@pytest.mark.parametrize("level", ["WARNING", "INFO"])
def test_an_error_is_one_line_with_its_kind_and_place(level: str) -> None:
    log = log_of(level)
    lines = log.splitlines()
    assert len(lines) == 6
    for line in lines:
        assert " ERROR rasa.core " in line
        assert "ValueError at <string>:" in line
        assert "emma" not in line


def test_debug_lines_have_the_stack() -> None:
    log = log_of("DEBUG")
    assert log.count("Traceback (most recent call last)") == 6
    assert "emma" in log


@pytest.fixture
def action_server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    port = free_port()
    settings = {"ASSISTANT_VAR_DIR": str(tmp_path), "ASSISTANT_ACTIONS_PORT": str(port)}
    url, log = f"http://127.0.0.1:{port}", tmp_path / "actions.log"
    server = Server("action server", ["actions"], f"{url}/health", log, settings)
    try:
        server.wait_until_ready(60)
        yield url, log
    finally:
        server.stop()


def test_broken_requests_leave_no_stack_in_the_log(action_server: tuple[str, Path]) -> None:
    url, log = action_server
    start = "POST /webhook HTTP/1.1\r\nHost: x\r\n"
    for request in (
        "no request\r\n\r\n",
        f"{start}Content-Length: abc\r\n\r\n",
        f"{start}Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n",
        f"{start}Content-Length: 6\r\n\r\n{{emma}}",
        f"{start}Content-Length: 2\r\n\r\n[]",
    ):
        send_raw(url, request, seconds=0.3)
    assert requests.get(f"{url}/health", timeout=5).status_code == 200
    assert "Traceback" not in log.read_text()
    assert "File " not in log.read_text()
    assert "emma" not in log.read_text()

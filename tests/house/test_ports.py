from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.server.ports import PortTaken, require_free
from bot.settings import ROOT


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_taken_port_is_told_in_one_sentence_that_names_the_setting(taken_port: int) -> None:
    with pytest.raises(PortTaken) as caught:
        require_free("127.0.0.1", taken_port, "ASSISTANT_PORT")
    assert str(caught.value) == (
        f"Port {taken_port} is taken by another program: "
        "stop that one, or choose another port with ASSISTANT_PORT."
    )


def test_a_port_is_free_again_once_its_listener_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    require_free("127.0.0.1", port, "ASSISTANT_PORT")


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        ("run", "ASSISTANT_PORT"),
        ("run", "ASSISTANT_ACTIONS_PORT"),
        ("serve", "ASSISTANT_PORT"),
        ("actions", "ASSISTANT_ACTIONS_PORT"),
    ],
)
def test_each_command_ends_at_once_when_its_port_is_taken(
    command: str, setting: str, taken_port: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free_port = str(listener.getsockname()[1])
    ports = {"ASSISTANT_PORT": free_port, "ASSISTANT_ACTIONS_PORT": free_port}
    ports[setting] = str(taken_port)
    ended = subprocess.run(
        [sys.executable, "-m", "bot", command],
        cwd=ROOT,
        env=os.environ | ports,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.strip() == str(PortTaken(taken_port, setting))
    assert ended.stdout == ""

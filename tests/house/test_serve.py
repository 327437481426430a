"""The server process itself, with the trained model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.running import RunningAssistant, running_assistant

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    with running_assistant(tmp_path_factory.mktemp("serve")) as running:
        yield running


def test_the_server_answers_without_tensorflow(assistant: RunningAssistant) -> None:
    token = requests.post(f"{assistant.url}/session", timeout=10).json()["session"]
    answer = requests.post(
        f"{assistant.url}/messages",
        json={"message": "hello"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    assert answer.json()["messages"][0]["text"]
    loaded = {
        Path(mapped.path).name
        for pid in assistant.pids
        for mapped in psutil.Process(pid).memory_maps()
    }
    assert any(name.startswith("_sqlite3.") for name in loaded)
    assert [name for name in loaded if "tensorflow" in name] == []


@pytest.mark.parametrize(
    "path",
    [
        "/webhooks/rest/webhook",
        "/webhooks/help_center/messages",
        "/socket.io/",
        "/model/parse",
        "/model/train",
        "/conversations/somebody/tracker",
        "/conversations/somebody/messages",
        "/domain",
        "/status",
        "/version",
    ],
)
def test_rasas_own_addresses_are_closed(assistant: RunningAssistant, path: str) -> None:
    for method in ("GET", "POST"):
        answer = requests.request(method, assistant.url + path, json={}, timeout=10)
        assert answer.status_code == 404


def test_the_action_server_listens_on_this_machine_only(assistant: RunningAssistant) -> None:
    listening = [
        connection.laddr.ip
        for pid in assistant.pids
        for connection in psutil.Process(pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) == 2
    assert set(listening) == {"127.0.0.1"}

"""Who may call the action server: Rasa with our settings, and nobody else on the machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from bot.server.environment import actions_token
from bot.settings import ROOT, Settings
from tests.running import RunningAssistant, running_action_server, running_assistant

CALL = {
    "next_action": "no_such_action",
    "sender_id": "somebody else",
    "tracker": {"sender_id": "somebody else", "slots": {}, "events": [], "latest_message": {}},
    "domain": {},
}

AS_RASA = """
import asyncio
from bot.server.environment import fill_environment
from bot.settings import get_settings
fill_environment(get_settings())
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import ClientResponseError
from bot.server.action_endpoint import ActionEndpoint
action = AvailableEndpoints.read_endpoints("endpoints.yml").action
CALL = {call}

async def status(endpoint):
    try:
        await endpoint.request(json=CALL)
    except ClientResponseError as error:
        return error.status

async def both():
    ours = ActionEndpoint(action)
    print(await status(action), await status(ours))
    await ours.close()

asyncio.run(both())
"""


@dataclass
class ActionServer:
    url: str
    environment: dict[str, str]
    token: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ActionServer]:
    folder = tmp_path_factory.mktemp("actions")
    with running_action_server(folder) as (url, environment):
        token = actions_token(Settings(_env_file=None, var_dir=folder))
        yield ActionServer(url, environment, token)


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {'0' * 64}"}]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/webhook"), ("GET", "/actions")])
def test_without_the_token_no_action_is_called_nor_named(
    server: ActionServer, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = requests.request(method, server.url + path, json=CALL, headers=headers, timeout=5)
    assert answer.status_code == 403
    assert answer.json() == {"error": "refused"}


def test_with_the_token_actions_are_called(server: ActionServer) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.post(f"{server.url}/webhook", json=CALL, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["action_name"]) == (404, "no_such_action")


def test_whether_it_runs_is_no_secret(server: ActionServer) -> None:
    assert requests.get(f"{server.url}/health", timeout=5).json() == {"status": "ok"}


@pytest.mark.parametrize("body", ["{emma", "", "[1"])
def test_a_call_that_is_no_json_is_a_bad_request(server: ActionServer, body: str) -> None:
    headers = {"Authorization": f"Bearer {server.token}"}
    answer = requests.post(f"{server.url}/webhook", data=body, headers=headers, timeout=5)
    assert answer.status_code == 400
    assert "emma" not in answer.text


def test_rasa_shell_and_the_chat_server_both_show_the_token(server: ActionServer) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", AS_RASA.replace("{call}", repr(CALL))],
        cwd=ROOT,
        env=os.environ | server.environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["404", "404"]


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[RunningAssistant]:
    before = os.umask(0o022)
    try:
        with running_assistant(tmp_path) as running:
            yield running
    finally:
        os.umask(before)


@pytest.mark.model
def test_no_file_of_the_assistant_can_be_read_by_others(assistant: RunningAssistant) -> None:
    token = requests.post(f"{assistant.url}/session", timeout=10).json()["session"]
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{assistant.url}/messages"
    answer = requests.post(url, json={"message": "hello"}, headers=headers, timeout=60)
    assert answer.json()["messages"]
    # The logs are made by whoever starts the servers: here, the tests.
    written = [path for path in assistant.folder.rglob("*") if path.suffix != ".log"]
    assert {"desk.db", "conversations.db", "secret_key"} <= {path.name for path in written}
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []

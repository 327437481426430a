"""Requests whose bodies can't be: both servers go on answering everybody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tests.raw_http import send_raw
from tests.running import RunningAssistant, running_action_server, running_assistant

NEGATIVE = "Content-Length: -5\r\n\r\n0123456789abcdef"
BROKEN_CHUNK = "Transfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n"


@pytest.fixture(scope="module")
def action_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_action_server(tmp_path_factory.mktemp("actions")) as (url, _):
        yield url


@pytest.fixture(scope="module")
def chat_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    with running_assistant(tmp_path_factory.mktemp("bodies")) as running:
        yield running


@pytest.mark.parametrize("path", ["/health", "/webhook", "/nowhere"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("body", [NEGATIVE, BROKEN_CHUNK])
def test_no_body_stops_the_action_server(
    action_server: str, method: str, path: str, body: str
) -> None:
    send_raw(action_server, f"{method} {path} HTTP/1.1\r\nHost: x\r\n{body}", seconds=0.3)
    assert requests.get(f"{action_server}/health", timeout=3).status_code == 200


@pytest.mark.model
@pytest.mark.parametrize("path", ["/", "/health", "/session", "/messages", "/nowhere"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("body", [NEGATIVE, BROKEN_CHUNK])
def test_no_body_stops_the_chat_server(
    chat_server: RunningAssistant, method: str, path: str, body: str
) -> None:
    send_raw(chat_server.url, f"{method} {path} HTTP/1.1\r\nHost: x\r\n{body}", seconds=0.3)
    assert requests.get(f"{chat_server.url}/health", timeout=3).status_code == 200


@pytest.mark.model
def test_a_body_with_a_length_below_zero_is_a_bad_request(chat_server: RunningAssistant) -> None:
    answer = send_raw(chat_server.url, f"POST /session HTTP/1.1\r\nHost: x\r\n{NEGATIVE}")
    assert answer.status == 400

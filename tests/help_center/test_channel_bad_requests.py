"""Requests that aren't HTTP, or not for us: a short answer in the documented shape."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import requests

from bot.help_center.security import HEADERS
from tests.help_center.chat import Chat
from tests.raw_http import send_raw

NO_PAGE = "There is no such page here."
MESSAGE = "POST /messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
SESSION = "POST /session HTTP/1.1\r\nHost: x\r\n"

BAD = {
    "no request at all": ("hello\r\n\r\n", 400),
    "no header": ("GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
    "another protocol": ("GET / SIP/2.0\r\n\r\n", 400),
    "a header without end": ("GET / HTTP/1.1\r\nX: " + "x" * 20_000 + "\r\n\r\n", 413),
    "a length that is no number": (SESSION + "Content-Length: abc\r\n\r\n", 400),
    "a length of many digits": (f"{SESSION}Content-Length: {'9' * 300}\r\n\r\n", 413),
    "an encoding without length": (SESSION + "Transfer-Encoding: gzip\r\n\r\n", 400),
    "a broken chunk": (SESSION + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n", 400),
    "a long message": (MESSAGE + "Content-Length: 999999999\r\n\r\n" + "x" * 50_000, 413),
    "a message in a broken chunk": (
        MESSAGE + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n0\r\n\r\n",
        400,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_request_is_answered_in_the_documented_shape(
    server: SimpleNamespace, chat: Chat, name: str
) -> None:
    request, status = BAD[name]
    answer = send_raw(server.url, request.replace("{token}", chat.token), seconds=0.3)
    assert answer.status == status
    (message,) = answer.json["messages"]
    assert message["text"] == _sentence(server, status)
    assert "\r\nX-Frame-Options: DENY\r\n".lower() in answer.text.lower()
    assert requests.get(f"{server.url}/health", timeout=5).status_code == 200


def _sentence(server: SimpleNamespace, status: int) -> str:
    return str(server.words.say(SENTENCES[status], max_chars=2000))


SENTENCES = {400: "utter_message_not_understood_format", 413: "utter_message_too_long"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/session", {"DELETE", "OPTIONS", "POST"}),
        ("DELETE", "/messages", {"OPTIONS", "POST"}),
        ("POST", "/", {"GET"}),
    ],
)
def test_another_method_is_answered_with_those_that_there_are(
    server: SimpleNamespace, method: str, path: str, allowed: set[str]
) -> None:
    answer = requests.request(method, server.url + path, timeout=5)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == allowed
    assert answer.json() == {"messages": [{"text": NO_PAGE}]}
    for name, value in HEADERS.items():
        assert answer.headers[name] == value


def test_bad_requests_leave_no_error_in_the_log(
    server: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    for request, _ in BAD.values():
        send_raw(server.url, request, seconds=0.1)
    requests.get(f"{server.url}/session", timeout=5)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []

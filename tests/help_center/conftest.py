"""A channel per test module, and a small client for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
import requests

from tests.help_center.fake_assistant import running, settings_for_tests


class Chat:
    """A buyer's chat over HTTP.

    Attributes:
        token: its session.
        start: the payload that makes the assistant greet.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        answer = requests.post(f"{url}/session", timeout=10)
        assert answer.status_code == 200, answer.text
        content = answer.json()
        self.token, self.start = content["session"], content["start"]

    def post(self, token: str | None = None, **options: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return requests.post(f"{self.url}/messages", headers=headers, timeout=20, **options)

    def send(self, message: object, **fields: object) -> requests.Response:
        return self.post(json={"message": message, **fields})

    def says(self, message: object) -> str:
        """What the assistant answers, as one text."""
        return "\n".join(m["text"] for m in self.send(message).json()["messages"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    settings = settings_for_tests(
        tmp_path_factory.mktemp("var"), messages_per_minute=1000, sessions_per_minute=1000
    )
    with running(settings) as address:
        yield address


@pytest.fixture
def chat(server: SimpleNamespace) -> Chat:
    server.agent.seen.clear()
    return Chat(server.url)


@pytest.fixture
def new_chat(server: SimpleNamespace) -> Callable[[], Chat]:
    return lambda: Chat(server.url)

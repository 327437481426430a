"""A channel per test module, and a chat with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest

from bot.desk import migrate
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import running, settings_for_tests


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    settings = settings_for_tests(
        tmp_path_factory.mktemp("var"), messages_per_minute=1000, sessions_per_minute=1000
    )
    migrate(settings.database_url)
    with running(settings) as address:
        yield address


@pytest.fixture
def chat(server: SimpleNamespace) -> Chat:
    server.agent.seen.clear()
    return Chat(server.url)


@pytest.fixture
def new_chat(server: SimpleNamespace) -> Callable[[], Chat]:
    return lambda: Chat(server.url)

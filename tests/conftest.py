"""The running assistant that the scripted chats and the browser talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import RunningAssistant, running_assistant

_ID_CHARS = 80


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser tests last: Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """Action server and Rasa with the newest model, on free ports, with the demo orders."""
    with running_assistant(tmp_path_factory.mktemp("assistant")) as running:
        running.keep_fresh()
        yield running


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Shortens what a test is named by, so that a list of failures can be read."""
    if isinstance(val, (str, bytes)) and len(val) > _ID_CHARS:
        return f"{ascii(val[:_ID_CHARS])[:_ID_CHARS]}...{len(val)}"
    return None

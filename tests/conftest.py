"""The running assistant that the scripted chats and the browser talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.running import RunningAssistant, running_assistant


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the browser tests last: Playwright keeps an event loop running in this thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    """Action server and Rasa with the newest model, on free ports, with the demo orders."""
    with running_assistant(tmp_path_factory.mktemp("assistant")) as running:
        running.keep_fresh()
        yield running

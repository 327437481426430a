"""A desk with the demo orders, on Monday 23 November 2026, for the actions of this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from actions.resources import get_desk
from bot.desk import Desk, migrate
from bot.desk.demo import load
from bot.settings import get_settings
from tests.running import NOW


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("ASSISTANT_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_FIXED_NOW", NOW)
    get_settings.cache_clear()
    get_desk.cache_clear()
    migrate(get_settings().database_url)
    load(get_desk())
    yield get_desk()
    get_desk().close()
    get_desk.cache_clear()
    get_settings.cache_clear()

"""A desk of its own for each test, and PostgreSQL where a server is offered."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot.desk import Desk, migrate
from bot.policy import Clauses, load_clauses
from bot.settings import Settings
from tests.desk.shop import Hands

POSTGRES = os.environ.get("ASSISTANT_TEST_POSTGRES_URL", "")
MakeDesk = Callable[..., Desk]


@pytest.fixture(scope="session")
def clauses() -> Clauses:
    return load_clauses()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy, since migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    """Settings of a fresh, migrated desk."""
    shutil.copy(empty_database, tmp_path / "desk.db")
    return Settings(_env_file=None, var_dir=tmp_path, database_url="", outbox_dir=None)


@pytest.fixture
def make_desk(settings: Settings, clauses: Clauses, hands: Hands) -> Iterator[MakeDesk]:
    """Makes desks on one database."""
    made: list[Desk] = []

    def make(**changes: Any) -> Desk:
        changes = {"clauses": clauses, "clock": hands} | changes
        made.append(Desk.from_settings(settings, **changes))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk()


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def busy_desk(
    request: pytest.FixtureRequest, settings: Settings, make_desk: MakeDesk
) -> Iterator[Desk]:
    """A desk for several threads, on each kind of database at hand."""
    if request.param == "sqlite":
        yield make_desk()
        return
    name = f"desk_test_{secrets.token_hex(6)}"
    server = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", future=True)
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    migrate(url)
    settings.database_url = url
    made = make_desk()
    yield made
    made.close()
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name}"))
    server.dispose()

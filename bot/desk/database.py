"""The desk's database: one engine, short time-outs, transactions that roll back by default."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from bot.desk.errors import DeskUnavailable

logger = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).with_name("migrations")
WAIT_SECONDS = 2
"""How long a buyer waits for a connection or a lock before the desk counts as down."""
ATTEMPTS = 8
"""How often a transaction that lost a race is tried again."""

T = TypeVar("T")


class Database:
    """Sessions on one database.

    Args:
        url: SQLAlchemy URL; SQLite and PostgreSQL are supported.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self._writer = self.engine.execution_options(writes=True)
        self._look: ContextVar[Session | None] = ContextVar("look", default=None)

    @contextmanager
    def look(self) -> Iterator[None]:
        """All reading inside sees the database at one moment, with one session.

        What is written meanwhile by the same thread is seen by what reads after it.
        """
        with Session(self.engine, future=True) as session:
            token = self._look.set(session)
            try:
                yield
            finally:
                self._look.reset(token)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with: that of the look around it, or else one of its own.

        Raises:
            DeskUnavailable: when the database doesn't answer.
        """
        if look := self._look.get():
            try:
                with _translated():
                    yield look
            except DeskUnavailable:
                _look_anew(look)
                raise
            return
        with _translated(), Session(self.engine, future=True) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session to write with; it rolls back unless `session.commit()` is called.

        Raises:
            DeskUnavailable: when the database doesn't answer.
            IntegrityError: when a constraint holds against what was written.
        """
        if look := self._look.get():
            _look_anew(look)
        with _translated(), Session(self._writer, future=True) as session:
            yield session

    def transaction(self, work: Callable[[Session], T]) -> T:
        """Do `work` and commit, all or nothing; once more when it lost a race.

        Args:
            work: reads and writes with the session it is given; it may be called several
                times, each time in a new transaction.

        Raises:
            DeskUnavailable: when the database doesn't answer, or the race can't be won.
        """
        for _ in range(ATTEMPTS):
            try:
                with self.writing() as session:
                    result = work(session)
                    session.commit()
                    return result
            except IntegrityError as error:
                conflict = error
        logger.error("the desk gave up on a transaction: %s", conflict.orig)
        raise DeskUnavailable("too many conflicts") from conflict

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _look_anew(look: Session) -> None:
    """Give the connection back and forget what was seen."""
    look.info.clear()
    look.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Turn any failure of the database, save a broken constraint, into `DeskUnavailable`."""
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        logger.error("the returns desk's database failed: %s", str(error).splitlines()[0])
        raise DeskUnavailable("the database doesn't answer") from error


def make_engine(url: str) -> Engine:
    """An engine with foreign keys on and short time-outs.

    Args:
        url: SQLAlchemy URL.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    options = f"-c statement_timeout={WAIT_SECONDS * 2000} -c lock_timeout={WAIT_SECONDS * 1000}"
    return create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        pool_timeout=WAIT_SECONDS,
        connect_args={"connect_timeout": WAIT_SECONDS, "options": options},
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        future=True,
        # SQLAlchemy 1.4 opens a file anew for each session by default.
        poolclass=QueuePool,
        pool_timeout=WAIT_SECONDS,
        connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # Without this the driver begins transactions late, and two writers can deadlock.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(url: str) -> None:
    """Bring the database to the newest schema, making the file and its folder when missing.

    Args:
        url: SQLAlchemy URL.

    Raises:
        DeskUnavailable: when the database doesn't answer.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    database = make_url(url)
    if database.get_backend_name() == "sqlite" and database.database:
        Path(database.database).parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url).execution_options(writes=True)
    try:
        with _translated(), engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()

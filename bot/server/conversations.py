"""Where the conversations are kept: Rasa's SQL store, with SQLite set up for a server."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store; on SQLite it keeps its connections and waits for the disk less often.

    endpoints.yml names it as the tracker store's `type`.
    """

    engine: Engine

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.engine.dialect.name == "sqlite" and self.engine.url.database:
            self.engine.dispose()
            self.engine = _server_engine(self.engine)
            self.sessionmaker = sessionmaker(bind=self.engine)


def _server_engine(engine: Engine) -> Engine:
    # SQLAlchemy 1.4 opens the file anew for each session by default.
    engine = create_engine(
        engine.url, poolclass=QueuePool, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    # With a write-ahead log, a power cut may cost the last messages but never the file. What a
    # buyer has filed is in the desk's own database, which waits for the disk.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")

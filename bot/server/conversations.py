"""Where the conversations are kept: Rasa's SQL store, quick enough for a server.

Rasa's own store reads a conversation back, event by event, for each message, and counts its events
once more to know which are new: a third of a message's time. One server process under an in-memory
lock is the only one that writes, so this store hands the conversation that it saved last over to
the next message. What is in the database stays the truth: a conversation is handed over once, and
when a message fails half-way, the next one reads it back. Only while the database can't be written
to does memory know more than it; the next message that can writes all of it.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

_NOTES = 5000
"""Of so many conversations it is noted how many events the database has."""

_BUSY_SECONDS = 1
"""How long to wait for another writer: no other message is answered in that time."""


class ConversationsUnavailable(Exception):
    """The database failed; the message is the kind of SQLAlchemy's error alone.

    Rasa logs the message, and SQLAlchemy's own quotes the statement with what the buyer wrote.
    """


class ConversationStore(SQLTrackerStore):
    """Rasa's SQL store; endpoints.yml names it as the tracker store's `type`.

    Args:
        keep: how many conversations are kept in memory for their next message; 0 where several
            processes write, as each must then read what the others wrote.
        *args: as Rasa's.
        **kwargs: as Rasa's.
    """

    engine: Engine

    def __init__(self, *args: Any, keep: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep = keep
        self._kept: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._saved: OrderedDict[str, tuple[DialogueStateTracker | None, int]] = OrderedDict()
        self.engine.hide_parameters = True
        if self.engine.dialect.name == "sqlite" and self.engine.url.database:
            self.engine.dispose()
            self.engine = _server_engine(self.engine)
            self.sessionmaker = sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's present session, from memory or else from the database."""
        kept = self._kept.pop(sender_id, None)
        if kept is not None:
            return kept
        try:
            read = await super().retrieve(sender_id)
        except SQLAlchemyError as error:
            raise ConversationsUnavailable(type(error).__name__) from None
        self._note(sender_id, read, len(read.events) if read else 0)
        return read

    def kept(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it was saved last, to look at, where it is in memory."""
        return self._kept.get(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the conversation's new events to the database, and keep it for its next message.

        Raises:
            ConversationsUnavailable: when the database failed. The conversation is kept all the
                same, and its next message adds what is missing.
        """
        await self.stream_events(tracker)
        noted = self._saved.get(tracker.sender_id)
        try:
            self._add_new_events(tracker)
        except SQLAlchemyError as error:
            # On a lost connection nobody knows what was still written.
            if noted and not getattr(error, "connection_invalidated", False):
                self._hand_over(tracker, noted)
            raise ConversationsUnavailable(type(error).__name__) from None
        self._hand_over(tracker, (tracker, len(tracker.events)))

    def _add_new_events(self, tracker: DialogueStateTracker) -> None:
        if rows := [_row(tracker.sender_id, new) for new in self._new_events(tracker)]:
            with self.engine.begin() as connection:
                connection.execute(self.SQLEvent.__table__.insert(), rows)

    def _new_events(self, tracker: DialogueStateTracker) -> list[Event]:
        if tracker.sender_id in self._saved:
            noted, count = self._saved.pop(tracker.sender_id)
            if noted is tracker or noted is None:
                return list(tracker.events)[count:]
        with self.session_scope() as session:
            return list(self._additional_events(session, tracker))

    def _hand_over(
        self, tracker: DialogueStateTracker, noted: tuple[DialogueStateTracker | None, int]
    ) -> None:
        sessions = sum(isinstance(one, SessionStarted) for one in tracker.events)
        # What was said before the present session is read back no more, as in Rasa's store.
        if not self.keep or sessions > 1:
            return
        if noted[0] is not None and noted[0] is not tracker:
            return
        self._kept[tracker.sender_id] = tracker
        self._note(tracker.sender_id, *noted)
        if len(self._kept) > self.keep:
            self._kept.popitem(last=False)

    def _note(self, sender_id: str, tracker: DialogueStateTracker | None, count: int) -> None:
        """Note how many events of a conversation the database has; no tracker when it has none."""
        self._saved[sender_id] = (tracker, count)
        self._saved.move_to_end(sender_id)
        if len(self._saved) > _NOTES:
            self._saved.popitem(last=False)


def _row(sender_id: str, new: Event) -> dict[str, Any]:
    data = new.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": new.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _server_engine(engine: Engine) -> Engine:
    # SQLAlchemy 1.4 opens the file anew for each session by default.
    engine = create_engine(
        engine.url,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _: Any) -> None:
    # With a write-ahead log, a power cut may cost the last messages but never the file. What a
    # buyer has filed is in the desk's own database, which waits for the disk.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")

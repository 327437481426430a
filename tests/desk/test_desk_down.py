from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import Desk, DeskUnavailable, RequestStatus, migrate
from bot.desk.outbox import Done
from bot.settings import Settings
from tests.desk.shop import ANA, CHAT, Hands, bring, counts, filing, order, verified


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Somebody else holds the database for writing."""
    with closing(sqlite3.connect(settings.var_dir / "desk.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.rollback()


def test_a_locked_database_is_told_soon_and_nothing_is_written(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    before = counts(desk)
    with locked(settings), pytest.raises(DeskUnavailable):
        desk.file(CHAT, filing(item))
    assert counts(desk) == before
    assert desk.file(CHAT, filing(item)).number


def test_reading_goes_on_while_somebody_writes(desk: Desk, settings: Settings) -> None:
    bring(desk, order())
    verified(desk)
    with locked(settings):
        assert desk.order(CHAT, "50010001").number == "50010001"


CALLS: dict[str, Callable[[Desk], object]] = {
    "verify": lambda desk: desk.verify(CHAT, "50010001", ANA),
    "order": lambda desk: desk.order(CHAT, "50010001"),
    "verified_orders": lambda desk: desk.verified_orders(CHAT),
    "facts": lambda desk: desk.facts(CHAT, "50010001", 1, None, {}),
    "decide": lambda desk: desk.decide(CHAT, "50010001", 1, None, {}),
    "file": lambda desk: desk.file(CHAT, filing(1)),
    "requests": lambda desk: desk.requests(CHAT, "50010001"),
    "cancel": lambda desk: desk.cancel(CHAT, "50010001", "key"),
    "hand_off": lambda desk: desk.hand_off(CHAT, "help", "", (), "key"),
    "message_seller": lambda desk: desk.message_seller(CHAT, "50010001", "Hello", "key"),
    "rate": lambda desk: desk.rate(CHAT, 5),
    "labels_left": lambda desk: desk.labels_left(CHAT, "50010001"),
    "advance": lambda desk: desk.advance("R-00000000", RequestStatus.RECEIVED, "tests"),
    "deliver_due": lambda desk: desk.deliver_due(),
    "undelivered": lambda desk: desk.undelivered(5),
    "retry": lambda desk: desk.retry(),
    "forget": lambda desk: desk.forget(CHAT),
}


@pytest.mark.parametrize("call", CALLS)
def test_every_call_tells_that_a_database_without_tables_is_unavailable(
    tmp_path: Path, call: str
) -> None:
    desk = Desk.from_settings(Settings(_env_file=None, var_dir=tmp_path))
    with pytest.raises(DeskUnavailable):
        CALLS[call](desk)


@pytest.mark.parametrize("content", [b"this is no database" * 100, None])
def test_a_broken_or_missing_file_makes_the_desk_unavailable(
    tmp_path: Path, content: bytes | None
) -> None:
    folder = tmp_path / "desk"
    if content:
        folder.mkdir()
        (folder / "desk.db").write_bytes(content)
    desk = Desk.from_settings(Settings(_env_file=None, var_dir=folder))
    with pytest.raises(DeskUnavailable):
        desk.verify(CHAT, "50010001", ANA)


def test_a_server_that_isnt_there_makes_the_desk_unavailable(tmp_path: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/desk"
    desk = Desk.from_settings(Settings(_env_file=None, var_dir=tmp_path, database_url=nowhere))
    with pytest.raises(DeskUnavailable):
        desk.verify(CHAT, "50010001", ANA)
    with pytest.raises(DeskUnavailable):
        migrate(nowhere)


def test_a_failure_is_logged_in_one_line_without_what_the_buyer_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk.from_settings(Settings(_env_file=None, var_dir=tmp_path))
    with pytest.raises(DeskUnavailable):
        desk.verify(CHAT, "50010001", "secret@example.com")
    (record,) = caplog.records
    assert "secret" not in record.getMessage()
    assert "\n" not in record.getMessage()


def test_a_filing_stands_even_when_its_receipt_cant_be_written_yet(
    desk: Desk, settings: Settings, hands: Hands
) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    settings.outbox_dir.write_text("a file stands where the folder should be")
    assert desk.file(CHAT, filing(item)).number
    assert desk.deliver_due() == Done(waiting=1)
    settings.outbox_dir.unlink()
    hands.moment += timedelta(minutes=1)
    assert desk.deliver_due() == Done(delivered=1)
    assert len(list(settings.outbox_dir.glob("R-*.eml"))) == 1

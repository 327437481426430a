"""The outbox as a queue: claims, leases, threads, and what an operator sees."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.desk import Channel, Desk
from bot.desk.outbox import Done, Worker, queue
from bot.desk.outbox.queue import LEASE
from bot.settings import Settings, get_settings
from tests.desk.conftest import MakeDesk
from tests.desk.receivers import Mailbox, free_port, mail_server
from tests.desk.shop import CHAT, Hands, bring, filing, items, order, rows, verified
from tests.desk.test_races import at_once
from tests.running import running_action_server


def hand_off(desk: Desk, count: int) -> None:
    """Write as many messages, each in a chat of its own."""
    for n in range(count):
        desk.hand_off(f"chat-{n}", "help", "", (), "key")


def claim(desk: Desk, limit: int = 10) -> list[int]:
    context = desk.context
    return [row.id for row in queue.claim(context.database, context.clock, Channel.MAIL, limit)]


def until(true: Callable[[], Any], seconds: float = 10) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_one_has_claimed_no_other_gets_until_the_lease_is_over(
    busy_desk: Desk, hands: Hands
) -> None:
    hand_off(busy_desk, 3)
    first, rest = claim(busy_desk, 2), claim(busy_desk)
    assert len(first) == 2
    assert len(rest) == 1
    assert set(first).isdisjoint(rest)
    hands.moment += LEASE - timedelta(seconds=1)
    assert claim(busy_desk) == []
    hands.moment += timedelta(seconds=1)
    assert sorted(claim(busy_desk)) == sorted(first + rest)


def test_many_who_claim_at_once_never_get_the_same(busy_desk: Desk) -> None:
    hand_off(busy_desk, 20)
    taken = at_once([lambda: claim(busy_desk, 5)] * 6)
    ids = [message_id for batch in taken for message_id in batch]
    assert len(ids) == len(set(ids))
    while more := claim(busy_desk, 5):
        ids += more
    assert len(set(ids)) == 20


def test_two_who_deliver_at_once_send_each_message_once(
    busy_desk: Desk, settings: Settings
) -> None:
    mailbox, port = Mailbox(), free_port()
    settings.smtp_host, settings.smtp_port = "127.0.0.1", port
    settings.smtp_security = Settings(_env_file=None, smtp_security="none").smtp_security
    desks = [Desk.from_settings(settings, clock=busy_desk.context.clock) for _ in range(3)]
    hand_off(busy_desk, 25)
    with mail_server(mailbox, port):
        done = at_once([desk.deliver_due for desk in desks])
    for desk in desks:
        desk.close()
    assert sum(done, Done()) == Done(delivered=25)
    names = [message["Message-ID"] for message in mailbox.messages]
    assert len(names) == len(set(names)) == 25


def test_a_late_failure_doesnt_take_a_row_from_who_has_it_now(desk: Desk, hands: Hands) -> None:
    from bot.desk.outbox.failures import NotDelivered

    hand_off(desk, 1)
    context = desk.context
    (old,) = queue.claim(context.database, context.clock, Channel.MAIL, 1)
    hands.moment += LEASE
    (new,) = queue.claim(context.database, context.clock, Channel.MAIL, 1)
    error = NotDelivered("HTTP 500")
    queue.not_delivered(context.database, context.clock, context.routes, old, error)
    (row,) = rows(desk, "outbox_messages")
    assert (row["claimed_by"], row["attempts"]) == (new.claim, 0)
    # That it arrived is true whoever says it.
    queue.delivered(context.database, context.clock, old)
    assert desk.undelivered(1) == []


@contextmanager
def working(desk: Desk, look_seconds: float = 60) -> Iterator[Worker]:
    """A worker while the block runs, that hears only of what it is woken for."""
    worker = Worker(desk.context, look_seconds)
    desk._worker = worker
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop()
        desk._worker = None


def test_a_worker_delivers_what_waits_and_what_is_filed(desk: Desk, settings: Settings) -> None:
    bring(desk, order(items=items(2)))
    early, late = verified(desk)
    waiting = desk.file(CHAT, filing(early, "a")).number
    with working(desk):
        until((settings.outbox_dir / f"{waiting}.eml").exists)
        number = desk.file(CHAT, filing(late, "b")).number
        until((settings.outbox_dir / f"{number}.eml").exists)
    assert desk.undelivered(10) == []


def test_a_worker_looks_by_itself_for_what_others_wrote(
    make_desk: MakeDesk, settings: Settings
) -> None:
    delivering, other = make_desk(), make_desk()
    with working(delivering, look_seconds=0.05):
        hand_off(other, 1)
        until(lambda: list(settings.outbox_dir.glob("H-*.eml")))


def test_a_worker_outlives_a_database_that_is_gone_and_any_mistake(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    real, tries = queue.claim, []

    def failing(*arguments: Any) -> Any:
        tries.append(1)
        if len(tries) <= 2:
            raise RuntimeError("ana@example.com")
        return real(*arguments)

    monkeypatch.setattr(queue, "claim", failing)
    hand_off(desk, 1)
    with working(desk, look_seconds=0.02):
        until(lambda: list(settings.outbox_dir.glob("H-*.eml")))
    assert "RuntimeError" in caplog.text
    assert "ana@" not in caplog.text


def test_a_reply_never_waits_for_a_mail_server(
    desk: Desk, settings: Settings, make_desk: MakeDesk
) -> None:
    import socket

    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        settings.smtp_host, settings.smtp_port = deaf.getsockname()
        settings.smtp_timeout_seconds = 30
        slow = make_desk()
        bring(slow, order(items=items(3)))
        ids = verified(slow)
        worker = Worker(slow.context)
        slow._worker = worker
        worker.start()
        slow.file(CHAT, filing(ids[0], "a"))
        until(lambda: rows(slow, "outbox_messages")[0]["claimed_by"])
        started = time.monotonic()
        slow.file(CHAT, filing(ids[1], "b"))
        assert time.monotonic() - started < 2
        # It hangs in the network; the process can end all the same, since its threads are daemons.
        assert not worker.stop(0.05)
        assert all(thread.daemon for thread in worker._threads)
        slow._worker = None
    assert worker.stop(10)


def test_closing_the_desk_ends_its_threads(make_desk: MakeDesk) -> None:
    def delivering() -> list[str]:
        return sorted(t.name for t in threading.enumerate() if t.name.startswith("outbox-"))

    desk = make_desk()
    assert delivering() == []
    desk.start_delivering()
    desk.start_delivering()
    assert delivering() == ["outbox-mail", "outbox-webhook"]
    desk.close()
    assert delivering() == []


@pytest.mark.slow
def test_the_action_server_delivers_what_waits_and_stops(
    make_desk: MakeDesk, settings: Settings, tmp_path: Path
) -> None:
    desk = make_desk(clock=settings.clock)
    hand_off(desk, 1)
    with running_action_server(tmp_path):
        until(lambda: list(settings.outbox_dir.glob("H-*.eml")))
        hand_off(desk, 2)
        # Written by another process, so it is found by the next look.
        until(lambda: len(list(settings.outbox_dir.glob("H-*.eml"))) == 2, 30)
    assert desk.undelivered(10) == []


@pytest.fixture
def shell(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Any]]:
    """Runs `python -m bot outbox` on the desk of the test, at the machine's time."""
    monkeypatch.setenv("ASSISTANT_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "100")
    get_settings.cache_clear()
    yield lambda *words: CliRunner(mix_stderr=False).invoke(app, ["outbox", *words])
    get_settings.cache_clear()


def test_an_operator_sees_what_waits_and_why(
    desk: Desk, hands: Hands, settings: Settings, shell: Callable[..., Any]
) -> None:
    assert shell().stdout == "Nothing waits in the outbox.\n"
    hand_off(desk, 1)
    settings.outbox_dir.write_text("a file stands where the folder should be")
    desk.deliver_due()
    (row,) = rows(desk, "outbox_messages")
    head, line = shell().stdout.splitlines()
    assert head.split()[0] == "ID"
    assert row["about"] in line
    assert "FileExistsError 17" in line
    assert line.split()[3] == "1"
    (found,) = json.loads(shell("list", "--json").stdout)
    assert (found["about"], found["channel"], found["attempts"]) == (row["about"], "mail", 1)
    assert "support@example.com" not in json.dumps(found)
    hands.moment += timedelta(days=6)
    desk.deliver_due()
    assert "given up" in shell().stdout
    settings.outbox_dir.unlink()
    # The file that couldn't be written isn't made while the message is given up.
    assert shell("retry", "--failed").stdout == "1 message is due now.\n"


def test_an_operator_delivers_and_retries(
    make_desk: MakeDesk, settings: Settings, shell: Callable[..., Any]
) -> None:
    desk = make_desk(clock=settings.clock)
    hand_off(desk, 2)
    settings.outbox_dir.write_text("a file stands where the folder should be")
    failed = shell("deliver")
    assert failed.exit_code == 1
    assert failed.stdout == "0 delivered, 1 to be tried again, 0 given up.\n"
    settings.outbox_dir.unlink()
    assert shell("deliver").stdout == "1 delivered, 0 to be tried again, 0 given up.\n"
    (waiting,) = desk.undelivered(10)
    assert shell("retry", str(waiting.id)).stdout == "1 message is due now.\n"
    assert shell("deliver").stdout == "1 delivered, 0 to be tried again, 0 given up.\n"
    assert desk.undelivered(10) == []
    for words, sentence in (
        (("retry", str(waiting.id)), f"No message {waiting.id} waits in the outbox.\n"),
        (("retry",), "Name one message by its ID, or all that were given up by --failed.\n"),
        (("retry", "1", "--failed"), "Name one message by its ID"),
    ):
        refused = shell(*words)
        assert refused.exit_code == 2
        assert refused.stderr.startswith(sentence)

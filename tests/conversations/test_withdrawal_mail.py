"""From the first tap to the received mail, with the mail server down in between."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.desk import Desk as ReturnsDesk
from bot.settings import Settings
from tests.conversations.conftest import Chat, Desk
from tests.desk.receivers import Mailbox, free_port, mail_server
from tests.pdf_words import words_of_pdf
from tests.running import NOW, running_assistant

ARRIVES_SECONDS = 60


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "number", "email", "name", "says"),
    [
        (
            "I want to withdraw from the contract",
            "40010001",
            "ana.souza@example.com",
            "Ana Souza",
            "Directive 2011/83/EU",
        ),
        (
            "I want to exercise my right of regret",
            "40010035",
            "beatriz.alves@example.com",
            "Beatriz Alves",
            "Decreto 7.962/2013",
        ),
    ],
    ids=["EU", "Brazil"],
)
def test_a_confirmation_arrives_once_the_mail_server_is_back(
    tmp_path: Path, first: str, number: str, email: str, name: str, says: str
) -> None:
    port, mailbox = free_port(), Mailbox()
    mail = {
        "ASSISTANT_SMTP_HOST": "127.0.0.1",
        "ASSISTANT_SMTP_PORT": str(port),
        "ASSISTANT_SMTP_SECURITY": "none",
    }
    with running_assistant(tmp_path, **mail) as assistant:
        desk = Desk(assistant.database)
        desk.before = desk.counts()
        chat = Chat(assistant, desk)
        chat.start()
        for words in (first, number, email):
            chat.send(words)
        answer = chat.tap("Confirm withdrawal")
        assert "10:00:00" in answer[-1]["text"] or "07:00:00" in answer[-1]["text"]
        stored = desk.newest("documents")["content"]
        waiting = _undelivered(desk, 2)
        with mail_server(mailbox, port):
            # The rehearsal's clock stands still, so an operator makes them due again.
            _retry(tmp_path, waiting)
            _wait_for(mailbox, 2)
    (sent,) = [one for one in mailbox.messages if one["To"] == email]
    assert f"I, {name}, withdraw" in sent.get_body().get_content()
    (attached,) = sent.iter_attachments()
    assert attached.get_content() == stored
    assert says in words_of_pdf(stored)
    assert sent["Message-ID"] == f"<{desk.newest('withdrawals')['number']}@example.com>"


def _undelivered(desk: Desk, count: int) -> list[int]:
    """The rows of the outbox that were tried and wait."""
    until = time.monotonic() + ARRIVES_SECONDS
    while time.monotonic() < until:
        rows = desk.added_rows("outbox_messages")
        # Where nobody answers, one try tells it for all that wait behind it.
        if len(rows) == count and any(row["attempts"] for row in rows):
            assert not any(row["delivered_at"] for row in rows)
            return [row["id"] for row in rows]
        time.sleep(0.2)
    raise AssertionError("the confirmation was never tried")


def _retry(folder: Path, rows: list[int]) -> None:
    desk = ReturnsDesk.from_settings(Settings(_env_file=None, var_dir=folder, fixed_now=NOW))
    try:
        assert desk.retry(rows) == len(rows)
    finally:
        desk.close()


def _wait_for(mailbox: Mailbox, count: int) -> None:
    until = time.monotonic() + ARRIVES_SECONDS
    while len(mailbox.messages) < count and time.monotonic() < until:
        time.sleep(0.2)
    assert len(mailbox.messages) == count

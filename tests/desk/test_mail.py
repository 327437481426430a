"""Mail by a real SMTP server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.desk import Desk, Line
from bot.desk.outbox import Done
from bot.settings import Settings
from tests.desk.conftest import MakeDesk
from tests.desk.receivers import Mailbox, certificate, free_port, mail_server
from tests.desk.shop import ANA, CHAT, NOW, Hands, bring, filing, items, order, rows, verified

MailDesk = Callable[..., Desk]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_desk(settings: Settings, make_desk: MakeDesk, port: int) -> MailDesk:
    """Makes a desk that sends mail to the port."""

    def make(**changes: Any) -> Desk:
        changes = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"} | changes
        for name, value in Settings(_env_file=None, **changes).dict(include=set(changes)).items():
            setattr(settings, name, value)
        return make_desk()

    return make


def file_some(desk: Desk, count: int = 1) -> list[str]:
    """File requests with a receipt each; their numbers."""
    bring(desk, order(items=items(count)))
    said = (Line("buyer", "Ça ne va pas, " + "très long " * 200, NOW),)
    return [
        desk.file(CHAT, filing(item, f"key-{item}", transcript=said)).number
        for item in verified(desk)
    ]


def test_a_receipt_arrives_once_with_all_its_headers(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, settings: Settings
) -> None:
    desk = mail_desk()
    (number,) = file_some(desk)
    with mail_server(mailbox, port):
        assert desk.deliver_due() == Done(delivered=1)
        assert desk.deliver_due() == Done()
    (message,), (envelope,) = mailbox.messages, mailbox.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("returns@example.com", [ANA])
    assert message["Message-ID"] == f"<{number}@example.com>"
    assert message["From"] == "Returns desk <returns@example.com>"
    assert message["To"] == ANA
    assert message["Subject"] == f"Your return request {number} for order 50010001"
    assert message["Date"] == "Mon, 23 Nov 2026 10:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Ça ne va pas, très long" in message.get_content()
    assert not settings.outbox_dir.exists()
    # Seven bits and short lines, which every server on the way takes.
    assert max(map(len, envelope.content.split(b"\r\n"))) <= 998
    assert envelope.content.isascii()
    assert desk.undelivered(10) == []


def test_a_server_that_is_down_loses_nothing(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, hands: Hands
) -> None:
    desk = mail_desk()
    numbers = file_some(desk, 3)
    assert desk.deliver_due() == Done(waiting=1)
    first, *others = desk.undelivered(10)
    assert (first.attempts, first.last_error) == (1, "ConnectionRefusedError 111")
    assert first.next_attempt_at > hands.moment
    # Nobody was there, so the ones behind it weren't tried for nothing.
    assert [(message.attempts, message.last_error) for message in others] == [(0, None)] * 2
    hands.moment += timedelta(hours=2)
    with mail_server(mailbox, port):
        assert desk.deliver_due() == Done(delivered=3)
    assert {message["Message-ID"] for message in mailbox.messages} == {
        f"<{number}@example.com>" for number in numbers
    }


@pytest.mark.parametrize("asked", ["recipient", "text"])
def test_a_not_now_is_tried_again_later_under_the_same_name(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, hands: Hands, asked: str
) -> None:
    desk = mail_desk()
    (number,) = file_some(desk)
    replies = ["451 Please try again", "452 Full"]
    if asked == "recipient":
        mailbox.refusals[ANA] = replies
    else:
        mailbox.data_replies = replies
    with mail_server(mailbox, port):
        assert desk.deliver_due() == Done(waiting=1)
        (waiting,) = desk.undelivered(1)
        kind = "SMTPRecipientsRefused" if asked == "recipient" else "SMTPDataError"
        assert waiting.last_error == f"{kind} 451"
        assert desk.deliver_due() == Done()
        for expected in (Done(waiting=1), Done(delivered=1)):
            hands.moment += timedelta(hours=2)
            assert desk.deliver_due() == expected
    assert [message["Message-ID"] for message in mailbox.messages] == [f"<{number}@example.com>"]


def test_a_refused_recipient_holds_up_nobody_and_stays_visible(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, hands: Hands, caplog: Any
) -> None:
    desk = mail_desk()
    (number,) = file_some(desk)
    desk.hand_off(CHAT, "help", "", (), "key")
    mailbox.refusals[ANA] = [f"550 No such user {ANA}"]
    with mail_server(mailbox, port):
        assert desk.deliver_due() == Done(delivered=1, given_up=1)
        (failed,) = desk.undelivered(10)
        assert (failed.about, failed.last_error) == (number, "SMTPRecipientsRefused 550")
        assert (failed.failed_at, failed.next_attempt_at) == (NOW, None)
        hands.moment += timedelta(days=1)
        assert desk.deliver_due() == Done()
        assert desk.retry([failed.id]) == 1
        assert desk.deliver_due() == Done(delivered=1)
    assert [message["To"] for message in mailbox.messages] == ["support@example.com", ANA]
    assert ANA not in caplog.text + str(rows(desk, "outbox_messages")[0]["last_error"])


def test_a_refused_sender_or_log_in_is_the_operators_to_mend_and_nothing_is_given_up(
    mail_desk: MailDesk, mailbox: Mailbox, port: int
) -> None:
    desk = mail_desk()
    file_some(desk, 2)
    with mail_server(mailbox, port, auth_required=True, auth_require_tls=False):
        assert desk.deliver_due() == Done(waiting=1)
    assert desk.undelivered(1)[0].last_error == "SMTPSenderRefused 530"


def test_after_its_days_a_message_waits_for_an_operator(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, hands: Hands
) -> None:
    desk = mail_desk(outbox_longest_wait_minutes=24 * 60)
    file_some(desk)
    tries = 0
    while (waiting := desk.undelivered(1)[0]).failed_at is None:
        hands.moment = max(waiting.next_attempt_at, hands.moment)
        desk.deliver_due()
        tries += 1
    assert timedelta(days=5) <= hands.moment - NOW <= timedelta(days=6)
    assert 10 < tries < 30
    hands.moment += timedelta(days=30)
    assert desk.retry() == 1
    with mail_server(mailbox, port):
        assert desk.deliver_due() == Done(delivered=1)


def test_waits_double_up_to_the_longest_and_differ(mail_desk: MailDesk) -> None:
    from bot.desk.outbox.queue import wait

    routes = mail_desk().context.routes
    for attempts, longest in ((1, 30), (2, 60), (5, 480), (8, 3600), (10_000, 3600)):
        waits = {wait(routes, attempts).total_seconds() for _ in range(50)}
        assert longest / 2 <= min(waits) <= max(waits) <= longest
        assert len(waits) > 40


def test_a_server_that_never_answers_is_left_after_the_time_out(
    mail_desk: MailDesk, port: int
) -> None:
    desk = mail_desk(smtp_timeout_seconds=0.2)
    file_some(desk, 2)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", port))
        deaf.listen()
        assert desk.deliver_due() == Done(waiting=1)
    assert desk.undelivered(1)[0].last_error == "TimeoutError"


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted_with_a_log_in(
    mail_desk: MailDesk,
    mailbox: Mailbox,
    port: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    security: str,
) -> None:
    path, tls = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    desk = mail_desk(smtp_security=security, smtp_user="desk", smtp_password="right")
    file_some(desk)
    options: dict[str, Any] = {"authenticator": mailbox.authenticate, "auth_required": True}
    if security == "starttls":
        options |= {"tls_context": tls, "require_starttls": True}
    else:
        options |= {"ssl_context": tls, "auth_require_tls": False}
    with mail_server(mailbox, port, **options):
        assert desk.deliver_due() == Done(delivered=1)
    assert mailbox.logins == ["desk"]


def test_a_wrong_password_is_told_without_it(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, tmp_path: Path, monkeypatch: Any
) -> None:
    path, tls = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    desk = mail_desk(smtp_security="starttls", smtp_user="desk", smtp_password="wrong-one")
    file_some(desk)
    with mail_server(mailbox, port, tls_context=tls, authenticator=mailbox.authenticate):
        assert desk.deliver_due() == Done(waiting=1)
    assert desk.undelivered(1)[0].last_error == "SMTPAuthenticationError 535"
    assert "wrong-one" not in repr(desk.context)


@pytest.mark.parametrize("trusted", [True, False])
def test_mail_never_goes_unencrypted_or_to_a_stranger_instead(
    mail_desk: MailDesk, mailbox: Mailbox, port: int, tmp_path: Path, trusted: bool
) -> None:
    desk = mail_desk(smtp_security="starttls")
    file_some(desk)
    # Either the server can't encrypt, or nobody vouches for its certificate.
    options = {} if trusted else {"tls_context": certificate(tmp_path)[1]}
    with mail_server(mailbox, port, **options):
        assert desk.deliver_due() == Done(waiting=1)
    assert mailbox.messages == []
    expected = "SMTPNotSupportedError" if trusted else "SSLCertVerificationError"
    assert desk.undelivered(1)[0].last_error.startswith(expected)


def test_a_password_isnt_sent_in_the_clear() -> None:
    with pytest.raises(ValidationError, match="starttls or tls"):
        Settings(_env_file=None, smtp_security="none", smtp_user="desk", smtp_password="x")

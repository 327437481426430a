"""Where messages go, and how long they are tried."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.settings import Settings, secret_keys


@dataclass(frozen=True)
class MailServer:
    """A mail server that takes our messages.

    Attributes:
        host: its name or address.
        port: its port.
        security: "starttls", "tls" from the first byte, or "none".
        user: name to log in with; "" for no log-in.
        password: its password.
        timeout: seconds that each step may take.
    """

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    timeout: float


@dataclass(frozen=True)
class Webhook:
    """A help desk's address for tickets.

    Attributes:
        url: http or https.
        secrets: keys that sign, the present one first; more while one is changed for another.
        timeout: seconds until an answer must have come.
    """

    url: str = field(repr=False)
    secrets: tuple[bytes, ...] = field(repr=False)
    timeout: float


@dataclass(frozen=True)
class Routes:
    """Everything that delivering needs to know.

    Attributes:
        mail_from: sender of mail.
        folder: where mail is written to as files while there is no mail server.
        mail_server: None for files.
        webhook: None when no help desk listens.
        first_wait: wait after the first failure; it doubles with each further one.
        longest_wait: no wait is longer.
        give_up_after: how long a message is tried.
    """

    mail_from: str
    folder: Path
    mail_server: MailServer | None
    webhook: Webhook | None
    first_wait: timedelta
    longest_wait: timedelta
    give_up_after: timedelta


def routes_of(settings: Settings) -> Routes:
    """The routes that the settings name."""
    server, webhook = None, None
    if settings.smtp_host:
        server = MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security.value,
            user=settings.smtp_user,
            password=settings.smtp_password,
            timeout=settings.smtp_timeout_seconds,
        )
    if settings.help_desk_webhook_url:
        webhook = Webhook(
            url=settings.help_desk_webhook_url,
            secrets=secret_keys(settings.help_desk_webhook_secret),
            timeout=settings.help_desk_webhook_timeout_seconds,
        )
    return Routes(
        mail_from=settings.mail_from,
        folder=Path(settings.outbox_dir or settings.var_dir / "outbox"),
        mail_server=server,
        webhook=webhook,
        first_wait=timedelta(seconds=settings.outbox_first_wait_seconds),
        longest_wait=timedelta(minutes=settings.outbox_longest_wait_minutes),
        give_up_after=timedelta(days=settings.outbox_give_up_days),
    )

"""Mail: to a mail server when the settings name one, else to files."""

from __future__ import annotations

import os
import smtplib
import ssl
import tempfile
from contextlib import suppress
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from types import TracebackType

from bot.desk.outbox.failures import NobodyThere, NotDelivered, named
from bot.desk.outbox.queue import Claimed
from bot.desk.routes import MailServer, Routes

# Not every server takes eight bits or lines of any length.
_WIRE = policy.SMTP.clone(cte_type="7bit")
_CLOSING = 421
"""The reply with which a server ends the talk."""


class MailFiles:
    """Mail as files in a folder, named after the Message-ID, so that a repeat is the same file.

    Args:
        routes: where to and from whom.
    """

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    def __enter__(self) -> MailFiles:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, row: Claimed) -> None:
        """Write one message.

        Raises:
            NotDelivered: it can't be a mail.
            NobodyThere: the folder can't be written.
        """
        content = bytes(_message(row, self._routes.mail_from, policy.default))
        try:
            _write(self._routes.folder / _file_name(row), content)
        except OSError as error:
            raise NobodyThere(named(error)) from error


class MailSession:
    """Mail over one connection, opened when it is first needed and again when it broke.

    Args:
        routes: from whom.
        server: the mail server.
    """

    def __init__(self, routes: Routes, server: MailServer) -> None:
        self._sender = routes.mail_from
        self._server = server
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> MailSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._open.quit()
        self._drop()

    def send(self, row: Claimed) -> None:
        """Send one message.

        Raises:
            NotDelivered: the server or the format refuses this message, or the connection broke.
            NobodyThere: the server can't be reached, or won't let us in.
        """
        message = _message(row, self._sender, _WIRE)
        if self._open is None:
            self._open = self._connected()
        try:
            self._open.send_message(message, parseaddr(self._sender)[1], [row.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            ((code, _),) = error.recipients.values()
            self._after(code)
            # Said of this recipient, and for good.
            raise NotDelivered(f"{named(error)} {code}", final=code >= 500) from error
        except smtplib.SMTPDataError as error:
            self._after(error.smtp_code)
            final = error.smtp_code >= 500
            raise NotDelivered(f"{named(error)} {error.smtp_code}", final=final) from error
        except smtplib.SMTPResponseException as error:
            # About the sender or the session: an operator can mend it, so it is tried again.
            self._drop()
            raise NobodyThere(f"{named(error)} {error.smtp_code}") from error
        except smtplib.SMTPException as error:
            self._drop()
            if _timed_out(error):
                raise NobodyThere("TimeoutError") from error
            # Perhaps this message made the server hang up; the next one gets a new connection.
            raise NotDelivered(named(error)) from error
        except OSError as error:
            self._drop()
            raise NobodyThere(named(error)) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        try:
            return _connect(server)
        except smtplib.SMTPResponseException as error:
            raise NobodyThere(f"{named(error)} {error.smtp_code}") from error
        except OSError as error:  # which all of smtplib's errors are
            raise NobodyThere("TimeoutError" if _timed_out(error) else named(error)) from error

    def _after(self, code: int) -> None:
        if code == _CLOSING:
            self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
        self._open = None


def _timed_out(error: BaseException) -> bool:
    """Whether a time-out lies behind it; smtplib calls that a disconnect."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _connect(server: MailServer) -> smtplib.SMTP:
    """Connect, encrypt as the settings say (never less), and log in."""
    made: smtplib.SMTP
    if server.security == "tls":
        trust = ssl.create_default_context()
        made = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=trust)
    else:
        made = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        if server.security == "starttls":
            made.starttls(context=ssl.create_default_context())
        if server.user:
            made.login(server.user, server.password)
    except BaseException:
        made.close()
        raise
    return made


def _message(row: Claimed, sender: str, form: policy.EmailPolicy[EmailMessage]) -> EmailMessage:
    message = EmailMessage(form)
    try:
        message["Message-ID"] = row.message_id
        message["Date"] = format_datetime(row.created_at)
        message["From"] = sender
        message["To"] = row.recipient
        message["Subject"] = row.subject
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(row.body)
        if row.attachment is not None:
            main, _, sub = row.attachment.media_type.partition("/")
            message.add_attachment(
                row.attachment.content,
                maintype=main,
                subtype=sub,
                filename=row.attachment.file_name,
            )
    except ValueError as error:
        raise NotDelivered(named(error), final=True) from error
    return message


def _file_name(row: Claimed) -> str:
    """Such as "R-7F3K9Q2M.eml": what the message is about, as its Message-ID has it."""
    return row.message_id.strip("<>").partition("@")[0] + ".eml"


def _write(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

"""Why a message couldn't be delivered, without anything of what it says or whom it is for."""

from __future__ import annotations


class NotDelivered(Exception):
    """One message didn't go; others may.

    Attributes:
        reason: what went wrong, such as "SMTPDataError 451" or "HTTP 503".
        final: trying again can't help, since the receiver said so.
    """

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason[:100]
        self.final = final


class NobodyThere(NotDelivered):
    """The receiver doesn't answer at all, so others needn't be tried now."""


def named(error: BaseException) -> str:
    """The error's kind, with the number that the system gives it; its text may name people."""
    number = getattr(error, "errno", None)
    return type(error).__name__ + (f" {number}" if isinstance(number, int) else "")

"""Links to the pages of return requests: signed, so that nobody can guess one, and they expire.

Whoever holds a link can read the request, print its label and take the request back. So a link goes
by mail to the order's own address only, or to who has just proved the order; that one ends sooner.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.settings import Settings

PATH = "/requests"
KEY = "key"
"""The parameter of the address that opens a page."""


class RequestLinks:
    """Makes links to requests and recognises them."""

    def __init__(self, key: str, *, hours: float, days: float, public_url: str = "") -> None:
        """Keeps what a link needs.

        Args:
            key: the signing key.
            hours: how long the link of a proved order holds.
            days: how long a link in a mail holds.
            public_url: what stands before a link in a mail; "" where it isn't known.
        """
        self._serializer = URLSafeTimedSerializer(key, salt="request_link")
        self._lasts = {"page": timedelta(hours=hours), "mail": timedelta(days=days)}
        self._public_url = public_url

    def key(self, number: str) -> str:
        """What opens a request's page for who has just proved its order.

        Args:
            number: the request's, such as "R-7F3K9Q2M".
        """
        return self._signed(number, "page")

    def address(self, number: str) -> str:
        """The page of a request for who has just proved its order, from the server's root on."""
        return address(number, self.key(number))

    def in_mail(self, number: str) -> str:
        """The whole address for the order's own mail; "" where the public address isn't known."""
        if not self._public_url:
            return ""
        return self._public_url + address(number, self._signed(number, "mail"))

    def opens(self, key: str) -> str | None:
        """The number of the request that a key opens; None when it is forged or too old."""
        try:
            number, kind = self._serializer.loads(key)
            self._serializer.loads(key, max_age=max(1, round(self._lasts[kind].total_seconds())))
        except (BadSignature, ValueError, TypeError, KeyError):
            return None
        return number if isinstance(number, str) else None

    def _signed(self, number: str, kind: str) -> str:
        return str(self._serializer.dumps([number, kind]))


def address(number: str, key: str, step: str = "") -> str:
    """An address of a request's pages, from the server's root on.

    Args:
        number: the request's.
        key: what opens it.
        step: such as "/label"; "" for the page itself.
    """
    return f"{PATH}/{number}{step}?{urlencode({KEY: key})}"


def request_links(settings: Settings) -> RequestLinks:
    """The links that the settings make."""
    return RequestLinks(
        settings.signing_key(),
        hours=settings.session_hours,
        days=settings.request_link_days,
        public_url=settings.public_url,
    )

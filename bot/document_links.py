"""Links to documents: signed, so that nobody can guess one, and valid for some hours.

Whoever holds the link can read the document, so it is shown only to who has proved the order, and
the document itself goes by mail to the order's own address.
"""

from __future__ import annotations

from functools import lru_cache

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.settings import get_settings

PATH = "/documents/"


class DocumentLinks:
    """Makes links to documents and recognises them."""

    def __init__(self, key: str, hours: float) -> None:
        """Keeps what signing needs.

        Args:
            key: the signing key.
            hours: how long a link holds.
        """
        self._serializer = URLSafeTimedSerializer(key, salt="document_link")
        self._seconds = max(1, round(hours * 3600))

    def address(self, about: str) -> str:
        """The address of the document about something.

        Args:
            about: its number, such as "W-7F3K9Q2M".
        """
        return f"{PATH}{self._serializer.dumps(about)}"

    def about(self, token: str) -> str | None:
        """What the document behind an address is about.

        Args:
            token: the address after `PATH`.

        Returns:
            The number; None when the link is forged or too old.
        """
        try:
            about = self._serializer.loads(token, max_age=self._seconds)
        except BadSignature:  # covers one that is too old
            return None
        return about if isinstance(about, str) else None


@lru_cache
def document_links() -> DocumentLinks:
    """The links of this process."""
    settings = get_settings()
    return DocumentLinks(settings.signing_key(), settings.session_hours)

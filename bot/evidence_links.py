"""Links to files of evidence: signed, so that nobody can guess one, and valid for some hours.

Whoever holds a link can see the file, so it is given only to the chat that sent the file and on the
page of its request, which has a signed link of its own.
"""

from __future__ import annotations

from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.settings import Settings

PATH = "/evidence"
KEY = "key"
"""The parameter of the address that opens a file."""


class EvidenceLinks:
    """Makes links to files and recognises them."""

    def __init__(self, key: str, hours: float) -> None:
        """Keeps what signing needs.

        Args:
            key: the signing key.
            hours: how long a link holds.
        """
        self._serializer = URLSafeTimedSerializer(key, salt="evidence_link")
        self._seconds = max(1, round(hours * 3600))

    def file(self, evidence_id: str) -> str:
        """The address of a file, from the server's root on.

        Args:
            evidence_id: `EvidenceView.id`.
        """
        return self._address(evidence_id, "")

    def thumbnail(self, evidence_id: str) -> str:
        """The address of its small picture, from the server's root on."""
        return self._address(evidence_id, "/thumbnail")

    def opens(self, key: str, evidence_id: str) -> bool:
        """Whether a key opens a file; not when it is another's, forged or too old."""
        try:
            found = self._serializer.loads(key, max_age=self._seconds)
        except BadSignature:  # covers one that is too old
            return False
        return bool(found == evidence_id)

    def _address(self, evidence_id: str, step: str) -> str:
        key = str(self._serializer.dumps(evidence_id))
        return f"{PATH}/{evidence_id}{step}?{urlencode({KEY: key})}"


def evidence_links(settings: Settings) -> EvidenceLinks:
    """The links that the settings make."""
    return EvidenceLinks(settings.signing_key(), settings.session_hours)

"""Chat sessions: a random conversation id that travels in a signed, expiring token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer

_ID_BYTES = 16


@dataclass(frozen=True)
class Session:
    """A chat of one buyer.

    Attributes:
        conversation_id: Rasa's sender id, 32 hexadecimal digits, chosen by the server.
        token: what the browser shows with each message.
        expires_in: seconds until the token is refused.
    """

    conversation_id: str
    token: str
    expires_in: int


class Sessions:
    """Starts sessions and recognises their tokens."""

    def __init__(self, key: str, hours: float) -> None:
        """Keeps what signing needs.

        Args:
            key: the signing key.
            hours: how long a session lasts.
        """
        self._serializer = URLSafeTimedSerializer(key, salt="help_center.session")
        self._seconds = max(1, round(hours * 3600))  # tokens count whole seconds

    def start(self, conversation_id: str = "") -> Session:
        """A session, of a new conversation with an id that nobody can guess (128 random bits).

        Args:
            conversation_id: of one that goes on with a new token; "" for a new one.
        """
        conversation_id = conversation_id or secrets.token_hex(_ID_BYTES)
        token = self._serializer.dumps(conversation_id)
        return Session(conversation_id, str(token), self._seconds)

    def conversation(self, authorization: str | None) -> str | None:
        """The conversation that an Authorization header speaks for.

        Args:
            authorization: the header, ``Bearer <token>``.

        Returns:
            The conversation's id; None when the token is missing, forged or expired.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            conversation_id = self._serializer.loads(token.strip(), max_age=self._seconds)
        except BadSignature:  # covers an expired one too
            return None
        return conversation_id if isinstance(conversation_id, str) else None

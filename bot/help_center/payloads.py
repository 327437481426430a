"""What may reach Rasa as a payload (buttons that we offered) and what is only text.

Rasa takes any message that starts with a slash for an intent with entities. A buyer must not
be able to type one, so a button's payload leaves with a signature that holds in its own
conversation, and everything without such a signature loses what could make it a payload.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

_PREFIX = "button."
_BUTTON = re.compile(r"button\.[\w.-]{20,}", re.ASCII)
_UNREADABLE = {"Cc", "Cs"}
_INVISIBLE = {"Zs", "Zl", "Zp", "Cf", "Cc", "Cs"}


class ButtonExpired(ValueError):
    """The payload looks like a button's, but wasn't offered in this conversation."""


@dataclass(frozen=True)
class Tap:
    """A button that came back.

    Attributes:
        payload: what Rasa reads.
        title: what the buyer saw on it, for receipts; empty when nothing was shown.
    """

    payload: str
    title: str = ""


class Buttons:
    """Signs the payloads of buttons and recognises them when they come back."""

    def __init__(self, key: str) -> None:
        """Keeps the signing key."""
        self._key = key

    def sign(self, conversation_id: str, payload: str, title: str = "") -> str:
        """An opaque string that stands for a button in this conversation, always the same.

        Args:
            conversation_id: the conversation that it is offered in.
            payload: what Rasa reads when it is tapped.
            title: what the buyer sees on it; empty when nothing is shown.
        """
        content = [payload, title] if title else payload
        return _PREFIX + str(self._serializer(conversation_id).dumps(content))

    def read(self, conversation_id: str, message: str) -> Tap | None:
        """The button behind a message.

        Args:
            conversation_id: the conversation that the message came in.
            message: what the browser sent.

        Returns:
            The button as it was signed; None when the message isn't a button's.

        Raises:
            ButtonExpired: it is a button's, but of another conversation, or a forged one.
        """
        if not _BUTTON.fullmatch(message):
            return None
        try:
            content = self._serializer(conversation_id).loads(message[len(_PREFIX) :])
        except BadSignature as error:
            raise ButtonExpired from error
        return Tap(content) if isinstance(content, str) else Tap(*content)

    def _serializer(self, conversation_id: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._key, salt=f"help_center.button.{conversation_id}")


def typed_text(raw: str) -> str:
    """What a buyer typed, as text that Rasa can't take for a payload.

    Control characters and halves of surrogate pairs, which no database takes, become spaces.
    White space and invisible characters go from both ends, slashes from the beginning.

    Args:
        raw: any string.

    Returns:
        The text; empty when nothing readable is left.
    """
    readable = "".join(char if _readable(char) else " " for char in raw)
    start, end = 0, len(readable)
    while start < end and (readable[start] == "/" or _invisible(readable[start])):
        start += 1
    while end > start and _invisible(readable[end - 1]):
        end -= 1
    return readable[start:end]


def _readable(char: str) -> bool:
    return char in "\n\t" or unicodedata.category(char) not in _UNREADABLE


def _invisible(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) in _INVISIBLE

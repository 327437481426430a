"""Reads the body of a message request, whatever somebody put there."""

from __future__ import annotations

import json

from sanic.request import Request

_LONGEST_JSON_CHARACTER = len("\\ud83d\\ude00")
_ROOM_FOR_THE_REST = 4096
_ID_CHARS = 64


class MessageTooLong(ValueError):
    """The message, or the body around it, is longer than allowed."""


class NotAMessage(ValueError):
    """The body isn't a JSON object with a text under "message"."""


def largest_body(message_max_chars: int) -> int:
    """The most bytes that a body with an allowed message can have."""
    return message_max_chars * _LONGEST_JSON_CHARACTER + _ROOM_FOR_THE_REST


async def read_body(request: Request, max_bytes: int) -> bytes:
    """The body, read only as far as it may be.

    Args:
        request: a request of a streaming route.
        max_bytes: how many bytes it may have.

    Raises:
        MessageTooLong: when it has more.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > max_bytes:
        raise MessageTooLong
    body = bytearray()
    while request.stream is not None:
        chunk = await request.stream.read()
        if not chunk:
            break
        body += chunk
        if len(body) > max_bytes:
            raise MessageTooLong
    return bytes(body)


def message_in(body: bytes) -> tuple[str, str]:
    """The message in a JSON body, and the client's name for it; all other fields are ignored.

    Returns:
        The message; and its name, empty where it has none that can be used.

    Raises:
        NotAMessage: when there is none.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAMessage from error
    message = content.get("message") if isinstance(content, dict) else None
    if not isinstance(message, str):
        raise NotAMessage
    name = content.get("id")
    return message, name if isinstance(name, str) and len(name) <= _ID_CHARS else ""

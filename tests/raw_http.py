"""Requests that no HTTP library would send, on a plain socket."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class RawAnswer:
    """What came back until the server closed the connection or fell silent."""

    text: str

    @property
    def status(self) -> int:
        """The status of the first answer; 0 when there was none."""
        return int(self.text.split(" ", 2)[1]) if self.text else 0

    @property
    def json(self) -> Any:
        """The body of the first answer."""
        return json.loads(self.text.split("\r\n\r\n", 1)[1])


def send_raw(url: str, request: str | bytes, seconds: float = 1.0) -> RawAnswer:
    """Sends the bytes as they are.

    Args:
        url: of the server.
        request: what to send.
        seconds: how long to wait for more of the answer.
    """
    address = urlsplit(url)
    received = bytearray()
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(request.encode() if isinstance(request, str) else request)
        connection.settimeout(seconds)
        try:
            while part := connection.recv(65536):
                received += part
        except TimeoutError:
            pass
    return RawAnswer(received.decode())

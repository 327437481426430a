"""Ports that we listen on."""

from __future__ import annotations

import errno
import socket


class PortTaken(Exception):
    """Another program listens on a port that is ours by the settings."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(
            f"Port {port} is taken by another program: "
            f"stop that one, or choose another port with {setting}."
        )
        self.port = port
        self.setting = setting


def require_free(host: str, port: int, setting: str) -> None:
    """Make sure that we can listen.

    Args:
        host: the address to listen on.
        port: the port to listen on.
        setting: the environment variable that the port comes from, for the error.

    Raises:
        PortTaken: when another program has it.
        OSError: when the address isn't one of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server will: a connection that is just closing doesn't count as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(port, setting) from error
            raise

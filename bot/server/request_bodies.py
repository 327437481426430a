"""Keeps a request with an impossible body from stopping the server.

Sanic 21.12, which Rasa needs, reads what is left of a body after each answer. It takes
`Content-Length: -5` at its word: it then waits for a number that only falls to become zero, without
ever letting another request run. A broken chunk there ends the connection with a stack trace.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sanic.exceptions import InvalidUsage
from sanic.http import Http, Stage


def guard_request_bodies() -> None:
    """Replace Sanic's reading of bodies in this process. A second call changes nothing."""
    # Not `read`, which Sanic puts together anew when a server starts.
    Http.__aiter__ = _body  # type: ignore[method-assign]


async def _body(http: Http) -> AsyncIterator[bytes]:
    """The parts of a request's body, as Sanic gives them.

    Raises:
        InvalidUsage: when the body is none; not once the request was answered.
    """
    while http.request_body:
        try:
            if (http.request_bytes_left or 0) < 0:
                raise InvalidUsage("Bad Content-Length")
            data = await http.read()
        except InvalidUsage:
            # Where the next request would begin can't be told, so this connection ends.
            http.request_body, http.keep_alive = None, False
            if http.stage is Stage.HANDLER:
                raise
            return
        if data:
            yield data

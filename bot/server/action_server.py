"""Rasa SDK's action server, closed to everybody but the chat server and `rasa shell`."""

from __future__ import annotations

import hmac

from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.server.request_bodies import guard_request_bodies

_OPEN = "/health"


def build_action_server(token: str) -> Sanic:
    """Build the application.

    Args:
        token: who calls an action shows it as `Authorization: Bearer <token>`.

    Returns:
        An application to run.
    """
    guard_request_bodies()
    app: Sanic = create_app("actions", cors_origins="")
    expected = f"Bearer {token}".encode()

    @app.on_request
    async def require_token(request: Request) -> HTTPResponse | None:
        shown = request.headers.get("authorization", "").encode(errors="replace")
        if request.path == _OPEN or hmac.compare_digest(shown, expected):
            return None
        return _refuse(403)

    # The SDK's own answer repeats the request, and fails over one that isn't JSON.
    @app.exception(SanicException)
    async def refuse(request: Request, error: SanicException) -> HTTPResponse:
        return _refuse(error.status_code or 500)

    return app


def _refuse(status: int) -> HTTPResponse:
    return json({"error": "refused"}, status=status)

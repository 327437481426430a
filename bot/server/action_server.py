"""Rasa SDK's action server, closed to everybody but the chat server and `rasa shell`."""

from __future__ import annotations

import hmac

from rasa_sdk.endpoint import create_app
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.desk import Desk
from bot.server.request_bodies import guard_request_bodies

_OPEN = "/health"


def build_action_server(token: str, desk: Desk | None = None) -> Sanic:
    """Build the application.

    Args:
        token: who calls an action shows it as `Authorization: Bearer <token>`.
        desk: delivers its outbox while the server runs; nobody does when None.

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

    if desk is not None:
        _deliver_meanwhile(app, desk)

    # The SDK's own answer repeats the request, and fails over one that isn't JSON.
    @app.exception(SanicException)
    async def refuse(request: Request, error: SanicException) -> HTTPResponse:
        return _refuse(error.status_code or 500)

    return app


def _deliver_meanwhile(app: Sanic, desk: Desk) -> None:
    """Receipts and tickets go out in threads of this process, so that no reply waits for them."""

    @app.before_server_start
    async def start(_app: Sanic, _loop: object) -> None:
        desk.start_delivering()

    @app.after_server_stop
    async def stop(_app: Sanic, _loop: object) -> None:
        desk.close()


def _refuse(status: int) -> HTTPResponse:
    return json({"error": "refused"}, status=status)

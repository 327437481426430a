"""Calls of a shop's own systems: signed like our own webhooks, refused with a code.

The signature (Standard Webhooks) is an HMAC-SHA256 over id, timestamp and body. Each body names
what it is about too, so that a call can't be turned on something else.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.desk import DeskUnavailable
from bot.desk.outbox.webhook import signature
from bot.help_center.request_body import MessageTooLong, read_body
from bot.settings import Settings, secret_keys

TOLERANCE_SECONDS = 300
"""How far a call's timestamp may be from our clock, either way."""
_ID_CHARS = 200


class Refused(ValueError):
    """A call that isn't carried out.

    Attributes:
        status: the HTTP status.
        content: the answer's JSON.
    """

    def __init__(self, status: int, code: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status = status
        self.content = {"error": {"code": code, "message": message, **details}}


class ShopCalls:
    """Reads calls and takes only those that the shop has signed."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        """Keeps the keys.

        Args:
            settings: the settings.
            now: Unix seconds.
        """
        self._keys = secret_keys(settings.shop_api_secret)
        self._now = now

    async def read(self, request: Request, max_bytes: int) -> tuple[str, dict[str, Any]]:
        """The call's id and the JSON object in its body.

        Args:
            request: a request of a streaming route.
            max_bytes: how long the body may be.

        Raises:
            Refused: it isn't signed as it should be, or its body can't be used.
        """
        try:
            body = await read_body(request, max_bytes)
        except MessageTooLong as error:
            raise Refused(413, "too_long", f"The body has over {max_bytes} bytes.") from error
        call_id = self._checked_id(request, body)
        try:
            content = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise Refused(400, "not_json", "The body isn't JSON.") from error
        return call_id, content if isinstance(content, dict) else {}

    def _checked_id(self, request: Request, body: bytes) -> str:
        if not self._keys:
            raise Refused(503, "not_set_up", "ASSISTANT_SHOP_API_SECRET isn't set.")
        unsigned = Refused(401, "not_signed", "The signature is missing, wrong or too old.")
        call_id = request.headers.get("webhook-id", "")
        sent = request.headers.get("webhook-timestamp", "")
        if not (0 < len(call_id) <= _ID_CHARS and sent.isascii() and sent.isdigit()):
            raise unsigned
        if len(sent) > 12 or abs(self._now() - int(sent)) > TOLERANCE_SECONDS:
            raise unsigned
        good = signature(self._keys, call_id, int(sent), body).split()
        given = request.headers.get("webhook-signature", "")[:1000].split()
        if not any(hmac.compare_digest(a.encode(), b.encode()) for a in good for b in given):
            raise unsigned
        return str(call_id)


async def answered(call: Awaitable[dict[str, Any]]) -> HTTPResponse:
    """The answer to a call, whatever comes of it."""
    try:
        return json_response(await call)
    except Refused as refused:
        return json_response(refused.content, status=refused.status)
    except DeskUnavailable:
        down = Refused(503, "desk_down", "The database doesn't answer; try again.")
        return json_response(down.content, status=down.status)

"""The shop's HTTP API: moving a return request along (docs/requests.md, docs/requests-api.yml).

A call is signed like our own webhooks (Standard Webhooks): an HMAC-SHA256 over id, timestamp and
body. The body names the request too, so that a call can't be turned on another one, and a call that
is sent again changes nothing, since a request never goes back.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response

from bot.desk import Desk, DeskUnavailable, IllegalStep, RequestStatus, Step, UnknownRequest
from bot.desk.outbox.webhook import signature
from bot.desk.vocabulary import DESTINATIONS, destination
from bot.help_center.request_body import MessageTooLong, read_body
from bot.settings import Settings, secret_keys

logger = logging.getLogger(__name__)

PATH = "/api/requests/<number:str>/status"
TOLERANCE_SECONDS = 300
"""How far a call's timestamp may be from our clock, either way."""
_ACTOR = "the shop's API"
_BODY_BYTES = 4096
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


class ShopApi:
    """What a shop's own systems may ask."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        """Keeps what a call needs; the desk is opened with the first of them.

        Args:
            settings: the settings.
            now: Unix seconds.
        """
        self._settings = settings
        self._keys = secret_keys(settings.shop_api_secret)
        self._now = now
        self._desk: Desk | None = None

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.post(PATH, stream=True)
        async def set_request_status(request: Request, number: str) -> HTTPResponse:
            try:
                return json_response(await self._set_status(request, number))
            except Refused as refused:
                return json_response(refused.content, status=refused.status)

    async def _set_status(self, request: Request, number: str) -> dict[str, str]:
        try:
            body = await read_body(request, _BODY_BYTES)
        except MessageTooLong as error:
            raise Refused(413, "too_long", f"The body has over {_BODY_BYTES} bytes.") from error
        self._check_signature(request, body)
        named, wanted = _asked(body)
        if named != number:
            raise Refused(400, "other_request", "The body and the path name different requests.")
        return await asyncio.to_thread(self._advance, named, wanted)

    def _check_signature(self, request: Request, body: bytes) -> None:
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

    def _advance(self, number: str, wanted: RequestStatus | Step) -> dict[str, str]:
        try:
            if self._desk is None:
                self._desk = Desk.from_settings(self._settings)
            moved = self._desk.advance(number, wanted, _ACTOR)
        except UnknownRequest as error:
            raise Refused(404, "unknown_request", f"There is no request {number}.") from error
        except IllegalStep as error:
            raise Refused(
                409,
                "illegal_step",
                f"{number} is {error.current.value}; it can't become {error.wanted.value}.",
                current=error.current.value,
                allowed=sorted(step.value for step in error.allowed),
            ) from error
        except DeskUnavailable as error:
            raise Refused(503, "desk_down", "The database doesn't answer; try again.") from error
        return {"request": moved.number, "status": moved.status.value}


def _asked(body: bytes) -> tuple[str, RequestStatus | Step]:
    """The request's number and the status in a body.

    Raises:
        Refused: the body isn't what the API takes.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "not_json", "The body isn't JSON.") from error
    if not isinstance(content, dict) or not isinstance(content.get("request"), str):
        raise Refused(400, "no_request", 'The body lacks "request", the request\'s number.')
    try:
        return content["request"], destination(str(content.get("status")))
    except ValueError as error:
        known = list(DESTINATIONS)
        raise Refused(400, "unknown_status", "There is no such status.", allowed=known) from error

"""The shop's HTTP API: moving a return request along (docs/requests.md, docs/requests-api.yml).

A call that is sent again changes nothing, since a request never goes back.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk import IllegalStep, RequestStatus, Step, UnknownRequest
from bot.desk.vocabulary import DESTINATIONS, destination
from bot.help_center.one_desk import OneDesk
from bot.help_center.shop_calls import Refused, ShopCalls, answered
from bot.settings import Settings

PATH = "/api/requests/<number:str>/status"
_ACTOR = "the shop's API"
_BODY_BYTES = 4096


class ShopApi:
    """What a shop's own systems may ask."""

    def __init__(
        self,
        settings: Settings,
        open_desk: OneDesk,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Keeps what a call needs; the desk is opened with the first of them.

        Args:
            settings: the settings.
            open_desk: gives the returns desk.
            now: Unix seconds.
        """
        self._calls = ShopCalls(settings, now)
        self._open_desk = open_desk

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.post(PATH, stream=True)
        async def set_request_status(request: Request, number: str) -> HTTPResponse:
            return await answered(self._set_status(request, number))

    async def _set_status(self, request: Request, number: str) -> dict[str, Any]:
        _, content = await self._calls.read(request, _BODY_BYTES)
        named, wanted = _asked(content)
        if named != number:
            raise Refused(400, "other_request", "The body and the path name different requests.")
        return await asyncio.to_thread(self._advance, named, wanted)

    def _advance(self, number: str, wanted: RequestStatus | Step) -> dict[str, Any]:
        try:
            moved = self._open_desk().advance(number, wanted, _ACTOR)
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
        return {"request": moved.number, "status": moved.status.value}


def _asked(content: dict[str, Any]) -> tuple[str, RequestStatus | Step]:
    """The request's number and the status in a body.

    Raises:
        Refused: the body isn't what the API takes.
    """
    if not isinstance(content.get("request"), str):
        raise Refused(400, "no_request", 'The body lacks "request", the request\'s number.')
    try:
        return content["request"], destination(str(content.get("status")))
    except ValueError as error:
        known = list(DESTINATIONS)
        raise Refused(400, "unknown_status", "There is no such status.", allowed=known) from error

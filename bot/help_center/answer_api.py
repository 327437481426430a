"""A help desk's HTTP call: answering a conversation that was handed to a person.

docs/webhook.md tells how it is called, docs/hand-offs-api.yml is the OpenAPI document. An answer is
given once for each call's id, so a call can be sent again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.desk import BadAnswer, UnknownTicket
from bot.help_center.one_desk import OneDesk
from bot.help_center.shop_calls import Refused, ShopCalls, answered
from bot.settings import Settings

PATH = "/api/hand-offs/<ticket:str>/answer"
_ACTOR = "the help desk's API"
_BODY_BYTES = 65_536
"""4000 characters of any kind, as JSON writes them at the longest, and the rest."""


class AnswerApi:
    """Takes what a person answers."""

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
        """Adds the route to the help center's."""

        @routes.post(PATH, stream=True)
        async def answer_hand_off(request: Request, ticket: str) -> HTTPResponse:
            return await answered(self._answer(request, ticket))

    async def _answer(self, request: Request, ticket: str) -> dict[str, Any]:
        call_id, content = await self._calls.read(request, _BODY_BYTES)
        if not isinstance(content.get("ticket"), str):
            raise Refused(400, "no_ticket", 'The body lacks "ticket", the ticket\'s number.')
        if content["ticket"] != ticket:
            raise Refused(400, "other_ticket", "The body and the path name different tickets.")
        words, name = content.get("text"), content.get("name", "")
        if not isinstance(words, str) or not isinstance(name, str):
            raise Refused(400, "bad_text", '"text" must be a text; "name" too, where it is given.')
        return await asyncio.to_thread(self._give, ticket, words, call_id, name)

    def _give(self, ticket: str, words: str, key: str, name: str) -> dict[str, Any]:
        try:
            given = self._open_desk().answer_hand_off(ticket, words, key, name, _ACTOR)
        except UnknownTicket as error:
            raise Refused(404, "unknown_ticket", f"There is no ticket {ticket}.") from error
        except BadAnswer as error:
            raise _refused(ticket, error) from error
        return {"ticket": given.ticket, "in_chat": given.in_chat, "by_mail": given.by_mail}


def _refused(ticket: str, error: BadAnswer) -> Refused:
    if error.problem == "taken":
        return Refused(409, "id_taken", "This webhook-id has brought another answer already.")
    if error.problem == "too_many":
        return Refused(409, "too_many", f"{ticket} has as many answers as it can have.")
    return Refused(400, "bad_text", f'"{error.path}" is {error.problem.replace("_", " ")}.')

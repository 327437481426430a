"""Starting a chat, for anybody and for a buyer whom the shop has signed in, and signing out."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty
from sanic.response import json as json_response

from bot.desk import DeskUnavailable, SigningIn, TokenUsed
from bot.help_center.buyer_tokens import BuyerTokens, TokenRefused
from bot.help_center.limits import RateLimit, network_of
from bot.help_center.one_desk import OneDesk
from bot.help_center.payloads import Buttons
from bot.help_center.request_body import MessageTooLong, read_body
from bot.help_center.sessions import Session, Sessions
from bot.settings import Settings

_START = "/greet"
_LARGEST_BODY = 65_536
_TOKEN = "buyer_token"  # noqa: S105


class NotAnObject(ValueError):
    """The body isn't a JSON object."""


class SessionRoutes:
    """`POST /session` and `DELETE /session`."""

    def __init__(
        self,
        settings: Settings,
        open_desk: OneDesk,
        sessions: Sessions,
        buttons: Buttons,
        say: Callable[..., HTTPResponse],
    ) -> None:
        """Keeps what a session needs; the desk is opened with the first buyer who is signed in.

        Args:
            settings: the settings.
            open_desk: gives the returns desk.
            sessions: starts sessions.
            buttons: signs the first message.
            say: makes an answer of the channel itself.
        """
        self._settings = settings
        self._sessions = sessions
        self._buttons = buttons
        self._say = say
        self._rate = RateLimit(settings.sessions_per_minute)
        self._tokens = BuyerTokens(
            [key.encode() for key in settings.buyer_token_keys.split()],
            settings.buyer_token_audience,
            settings.buyer_token_minutes,
        )
        self._open_desk = open_desk

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.post("/session", stream=True)
        async def start_session(request: Request) -> HTTPResponse:
            return await self._start(request)

        @routes.delete("/session")
        async def end_session(request: Request) -> HTTPResponse:
            return await self._end(request)

    async def _start(self, request: Request) -> HTTPResponse:
        # `remote_addr` is set only when Sanic is told that a proxy stands in front.
        wait = self._rate.wait(network_of(request.remote_addr or request.ip))
        if wait:
            headers = {"Retry-After": str(math.ceil(wait))}
            return self._say("utter_too_many_sessions", status=429, headers=headers)
        try:
            said = _said(await read_body(request, _LARGEST_BODY))
            if _TOKEN not in said:
                return self._answer(self._sessions.start())
            return await self._sign_in(request, said[_TOKEN])
        except NotAnObject:
            return self._say("utter_message_not_understood_format", status=400)
        except MessageTooLong:
            max_chars = self._settings.message_max_chars
            return self._say("utter_message_too_long", status=413, max_chars=max_chars)
        except (TokenRefused, TokenUsed):
            # Whatever is wrong with a token, the answer is the same.
            return self._say("utter_sign_in_refused", status=401)
        except DeskUnavailable:
            return self._say("utter_technical_problem", status=503)

    async def _sign_in(self, request: Request, token: object) -> HTTPResponse:
        buyer = self._tokens.read(token)
        fresh = self._sessions.start()
        signing = SigningIn(
            email=buyer.email,
            name=buyer.name,
            fresh=fresh.conversation_id,
            current=self._sessions.conversation(request.headers.get("authorization")),
            seconds=fresh.expires_in,
            token_id=buyer.token_id,
            token_seconds=buyer.seconds_left,
        )
        # The desk may be slow, and nobody else should wait for it.
        signed_in = await asyncio.to_thread(lambda: self._open_desk().sign_in(signing))
        session = self._sessions.start(signed_in.conversation_id)
        return self._answer(session, rejoined=signed_in.rejoined)

    async def _end(self, request: Request) -> HTTPResponse:
        conversation_id = self._sessions.conversation(request.headers.get("authorization"))
        if conversation_id is None:
            challenge = {"WWW-Authenticate": "Bearer"}
            return self._say("utter_session_expired", status=401, headers=challenge)
        try:
            await asyncio.to_thread(lambda: self._open_desk().sign_out(conversation_id))
        except DeskUnavailable:
            return self._say("utter_technical_problem", status=503)
        return empty()

    def _answer(self, session: Session, **more: bool) -> HTTPResponse:
        start = self._buttons.sign(session.conversation_id, _START)
        content = {"session": session.token, "expires_in": session.expires_in, "start": start}
        return json_response(content | more)


def _said(body: bytes) -> dict[str, Any]:
    """The body's fields; none where there is no body."""
    if not body.strip():
        return {}
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotAnObject from error
    if not isinstance(content, dict):
        raise NotAnObject
    return content

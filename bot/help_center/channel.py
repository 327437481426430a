"""Rasa's door to the browser: sessions, messages and the help page on one blueprint.

docs/channel.md documents the endpoints with examples.
"""

from __future__ import annotations

import asyncio
import math
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, html
from sanic.response import json as json_response

from bot.desk import DeskUnavailable
from bot.help_center.answer_api import AnswerApi
from bot.help_center.assets import Asset, Assets
from bot.help_center.checking import CheckPages
from bot.help_center.conversation import Assistant, Handler
from bot.help_center.errors import answer_errors
from bot.help_center.evidence_routes import EvidenceDesk, EvidenceRoutes
from bot.help_center.evidence_words import EvidenceWords
from bot.help_center.limits import Misses, Networks, RateLimit, network_of
from bot.help_center.memory import Memory
from bot.help_center.notices import Notices
from bot.help_center.one_desk import OneDesk
from bot.help_center.output import CHANNEL_NAME
from bot.help_center.pages import Pages
from bot.help_center.payloads import ButtonExpired, Buttons, Tap, typed_text
from bot.help_center.pictures import PictureRoutes
from bot.help_center.request_body import (
    MessageTooLong,
    NotAMessage,
    largest_body,
    message_in,
    read_body,
)
from bot.help_center.request_pages import RequestPages
from bot.help_center.rights import RightsPages
from bot.help_center.security import FORM_POLICY, add_security_headers
from bot.help_center.session_routes import SessionRoutes
from bot.help_center.sessions import Sessions
from bot.help_center.shop_api import ShopApi
from bot.help_center.widget import Widget
from bot.help_center.withdrawing import WithdrawalPages
from bot.help_center.words import HelpCenterWords, get_words
from bot.settings import Settings, get_settings

# Below Sanic's own 60 seconds, after which it would answer in its own words.
_REPLY_TIMEOUT_SECONDS = 50.0
_WRONG_PAIR = frozenset({"utter_order_not_matched", "utter_too_many_misses"})
"""What is said to a wrong order number and e-mail; the answer gets slower with each."""
_QUESTIONS_PER_MINUTE = 60
"""For what is new, in one session; a tab asks every five seconds at the most."""


class HelpCenterChannel(InputChannel):
    """The help center's own channel: the conversation's id comes from a signed session."""

    def __init__(
        self,
        settings: Settings | None = None,
        words: HelpCenterWords | None = None,
        reply_timeout: float = _REPLY_TIMEOUT_SECONDS,
    ) -> None:
        """Prepares signatures, limits and pages.

        Args:
            settings: the settings; the process's own when None.
            words: the sentences; those of domain.yml when None.
            reply_timeout: seconds the assistant may take for one message.

        Raises:
            MissingWords: when domain.yml lacks a sentence.
        """
        self._settings = settings or get_settings()
        self._words = words or get_words()
        self._reply_timeout = reply_timeout
        key = self._settings.signing_key()
        self._sessions = Sessions(key, self._settings.session_hours)
        self._buttons = Buttons(key)
        self._message_rate = RateLimit(self._settings.messages_per_minute)
        open_desk = OneDesk(self._settings)
        self._session_routes = SessionRoutes(
            self._settings, open_desk, self._sessions, self._buttons, self._say
        )
        self._question_rate = RateLimit(_QUESTIONS_PER_MINUTE)
        self._assets = Assets()
        self._pages = Pages(self._settings, self._words, self._assets)
        self._widget = Widget(self._settings, self._words, self._assets)
        # One count for all pages and chats, so that a second one buys no new guesses.
        self._misses = misses = Misses(self._settings.wrong_pairs_per_address)
        self._networks = Networks(key)
        evidence = EvidenceDesk(
            self._settings, EvidenceWords(self._pages.words_of("evidence"), self._settings)
        )
        self._withdrawal = WithdrawalPages(self._settings, open_desk, self._pages, misses)
        self._requests = RequestPages(self._settings, open_desk, self._pages, misses, evidence)
        self._shop_api = ShopApi(self._settings, open_desk)
        self._item_pictures = PictureRoutes(self._settings)
        self._evidence = EvidenceRoutes(self._settings, evidence, self._sessions, self._buttons)
        self._answer_api = AnswerApi(self._settings, open_desk)
        self._notices = Notices(self._settings, open_desk)
        self._memory = Memory()
        self._check = CheckPages(self._settings, self._pages)
        self._rights = RightsPages(self._settings, self._pages)

    @classmethod
    def name(cls) -> str:
        """The channel's name in responses and in the tracker."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> HelpCenterChannel:
        """Makes the channel from its entry in credentials.yml.

        Args:
            credentials: may hold ``reply_timeout_seconds``; all else is in the settings.
        """
        timeout = (credentials or {}).get("reply_timeout_seconds", _REPLY_TIMEOUT_SECONDS)
        return cls(reply_timeout=float(timeout))

    def url_prefix(self) -> str:
        """The help center lives at the server's root."""
        return "/"

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The routes.

        Args:
            on_new_message: Rasa's handler of a message.
        """
        assistant = Assistant(on_new_message, self._buttons, self._reply_timeout)
        routes = Blueprint("help_center")
        routes.middleware("response")(add_security_headers)

        @routes.post("/messages", stream=True)
        async def send_message(request: Request) -> HTTPResponse:
            return await self._send_message(request, assistant)

        @routes.get("/notices")
        async def notices(request: Request) -> HTTPResponse:
            return await self._tell_notices(request)

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return json_response({"ready": ready}, status=200 if ready else 503)

        self._session_routes.add_routes(routes)
        self._item_pictures.add_routes(routes)
        self._add_pages(routes)
        self._widget.add_routes(routes)
        self._withdrawal.add_routes(routes)
        self._requests.add_routes(routes)
        self._shop_api.add_routes(routes)
        self._evidence.add_routes(routes)
        self._answer_api.add_routes(routes)
        self._check.add_routes(routes)
        self._rights.add_routes(routes)
        self._add_answers_to_errors(routes)
        return routes

    def _add_pages(self, routes: Blueprint) -> None:
        # The first page reads all clauses; nobody who looks at one should wait for that.
        @routes.listener("before_server_start")
        async def build_page(app: Sanic, loop: AbstractEventLoop) -> None:
            self._pages.help_page()

        @routes.get("/")
        async def help_page(request: Request) -> HTTPResponse:
            answer = _compressed(self._pages.help_page()).answer(request)
            answer.headers["Content-Security-Policy"] = FORM_POLICY
            return answer

        @routes.get("/support")
        async def support_page(request: Request) -> HTTPResponse:
            return _page(self._pages.support_page())

        @routes.get("/static/<name:str>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            answer = self._assets.answer(request, name)
            return answer or self._say("utter_page_not_found", status=404)

    def _add_answers_to_errors(self, routes: Blueprint) -> None:
        answer = answer_errors(self._say, self._settings.message_max_chars)
        routes.exception(Exception)(answer)

        # No blueprint is asked about a request that Sanic couldn't read, or about a path that
        # none of them has: these go to the whole server.
        @routes.listener("before_server_start")
        async def answer_unknown(app: Sanic, loop: AbstractEventLoop) -> None:
            app.error_handler.add(Exception, answer)
            app.register_middleware(add_security_headers, "response")

    async def _tell_notices(self, request: Request) -> HTTPResponse:
        """What is new since a place (docs/channel.md)."""
        conversation_id = self._sessions.conversation(request.headers.get("authorization"))
        if conversation_id is None:
            return self._session_expired()
        wait = self._question_rate.wait(conversation_id)
        if wait:
            return self._say("utter_too_many_messages", status=429, headers=_retry_after(wait))
        after = request.args.get("after", "0")
        if not (after.isascii() and after.isdigit() and len(after) < 10):
            return self._say("utter_message_not_understood_format", status=400)
        try:
            messages, place = await self._notices.after(conversation_id, int(after))
        except DeskUnavailable:
            return self._say("utter_technical_problem", status=503)
        self._memory.add(getattr(request.app.ctx, "agent", None), conversation_id, messages)
        return json_response({"messages": messages, "after": place})

    def _session_expired(self) -> HTTPResponse:
        challenge = {"WWW-Authenticate": "Bearer"}
        return self._say("utter_session_expired", status=401, headers=challenge)

    async def _send_message(self, request: Request, assistant: Assistant) -> HTTPResponse:
        conversation_id = self._sessions.conversation(request.headers.get("authorization"))
        if conversation_id is None:
            return self._session_expired()
        wait = self._message_rate.wait(conversation_id)
        if wait:
            return self._say("utter_too_many_messages", status=429, headers=_retry_after(wait))
        max_chars = self._settings.message_max_chars
        try:
            body = await read_body(request, largest_body(max_chars))
            message, message_id = message_in(body)
            said = self._read_message(conversation_id, message)
        except MessageTooLong:
            return self._say("utter_message_too_long", status=413, max_chars=max_chars)
        except NotAMessage:
            return self._say("utter_message_not_understood_format", status=400)
        except ButtonExpired:
            return self._say("utter_button_expired")
        if not said:
            return self._say("utter_message_empty")
        network = network_of(request.remote_addr or request.ip)
        named = self._networks.name(network)
        messages = await assistant.answer(conversation_id, said, message_id, named)
        if any(message.get("response") in _WRONG_PAIR for message in messages):
            await asyncio.sleep(self._misses.count(network))
        if not messages:
            return self._say("utter_technical_problem")
        agent = getattr(request.app.ctx, "agent", None)
        if progress := self._memory.progress(agent, conversation_id):
            messages[-1]["progress"] = progress
        return json_response({"messages": messages})

    def _read_message(self, conversation_id: str, message: str) -> str | Tap:
        """What Rasa may see of a message: a button that we signed, or plain text."""
        tap = self._buttons.read(conversation_id, message)
        if tap is not None:
            return tap
        if len(message) > self._settings.message_max_chars:
            raise MessageTooLong
        return typed_text(message)

    def _say(
        self,
        name: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: str | int,
    ) -> HTTPResponse:
        """An answer of the channel itself, in the same shape as the assistant's."""
        content = {"messages": [{"text": self._words.say(name, **values)}]}
        return json_response(content, status=status, headers=dict(headers or {}))


@lru_cache(maxsize=2)
def _compressed(page: str) -> Asset:
    """A page that is the same for everybody, compressed once."""
    return Asset.of(page.encode(), ".html")


def _page(content: str) -> HTTPResponse:
    return html(content, headers={"Cache-Control": "no-cache"})


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(math.ceil(seconds))}

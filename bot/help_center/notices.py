"""What the assistant says without having been asked: `GET /notices` (docs/channel.md).

Chats ask again and again (docs/decisions/0004-polling-for-notices.md), so a question that brings
nothing new costs no database: one short query a second, at most, tells for all of them which have
something new.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.desk import AnswerView, Desk, NoticeView
from bot.help_center.clauses import cite
from bot.request_links import RequestLinks, request_links
from bot.request_words import told_by, what_comes_next
from bot.settings import Settings
from bot.words import label, say

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 1.0
_OVERLAP = timedelta(minutes=1)
"""Transactions that began earlier may end later; none takes so long."""
_FORGET_SECONDS = 3600.0


class Watch:
    """Which conversations have notices, known from one query for all of them."""

    def __init__(
        self, open_desk: Callable[[], Desk], now: Callable[[], float] = time.monotonic
    ) -> None:
        """Starts without knowing of any.

        Args:
            open_desk: gives the desk.
            now: seconds that only grow.
        """
        self._open_desk = open_desk
        self._now = now
        self._places: dict[str, int] = {}
        self._newest: datetime | None = None
        self._read_at = self._began_at = float("-inf")
        self._reading = asyncio.Lock()

    async def place(self, conversation_id: str) -> int:
        """The place of a conversation's last notice, a second old at the most; 0 without any.

        Raises:
            DeskUnavailable: the database doesn't answer.
        """
        if self._now() - self._read_at >= _FRESH_SECONDS:
            async with self._reading:
                if self._now() - self._read_at >= _FRESH_SECONDS:
                    await self._read()
        return self._places.get(conversation_id, 0)

    async def _read(self) -> None:
        now = self._now()
        if now - self._began_at >= _FORGET_SECONDS:
            # Chats that ended are in the database no more, and are forgotten here too.
            self._places, self._newest, self._began_at = {}, None, now
        since = self._newest - _OVERLAP if self._newest else None
        for found in await asyncio.to_thread(lambda: self._open_desk().noticed(since)):
            self._places[found.conversation_id] = found.place
            self._newest = max(self._newest or found.created_at, found.created_at)
        self._read_at = now


class Notices:
    """The notices of conversations, as messages to show."""

    def __init__(self, settings: Settings, open_desk: Callable[[], Desk]) -> None:
        """Keeps what is needed; the desk is opened with the first question.

        Args:
            settings: the settings.
            open_desk: gives the returns desk.
        """
        self._settings = settings
        self._open_desk = open_desk
        self._links: RequestLinks = request_links(settings)
        self._watch: Watch | None = None

    async def after(self, conversation_id: str, place: int) -> tuple[list[dict[str, Any]], int]:
        """What a conversation is to be told after a place.

        Args:
            conversation_id: whose conversation it is.
            place: the place up to which it was told.

        Returns:
            Messages in the shape of docs/channel.md, and the place up to which they go.

        Raises:
            DeskUnavailable: the database doesn't answer.
        """
        if self._watch is None:
            self._watch = Watch(self._open_desk)  # with the loop that it waits in
        if await self._watch.place(conversation_id) <= place:
            return [], place
        found, reached = await asyncio.to_thread(
            lambda: self._open_desk().notices(conversation_id, place)
        )
        return [self._message(notice) for notice in found], reached

    def _message(self, notice: NoticeView) -> dict[str, Any]:
        told = {"place": notice.place, "at": notice.created_at.isoformat(timespec="seconds")}
        if notice.answer is not None:
            return self._answer(notice.answer, told)
        request = notice.request
        assert request is not None and notice.reached is not None  # noqa: S101, PT018
        link = {"label": say("utter_link_request"), "url": self._links.address(request.number)}
        return {
            "text": say(
                "utter_notice_request",
                request_number=request.number,
                news=label("notice", notice.reached.value),
                next=what_comes_next(request),
            ),
            "card": {"type": "notice", "links": [link]},
            "citations": [cite(clause) for clause in told_by(request)],
            "response": "utter_notice_request",
            "notice": {**told, "about": request.number},
        }

    def _answer(self, answer: AnswerView, told: dict[str, Any]) -> dict[str, Any]:
        who = (
            say("utter_notice_from", person=answer.name)
            if answer.name
            else say("utter_notice_from_team")
        )
        support = self._settings.support_url
        return {
            "text": say(
                "utter_notice_answer",
                who=who,
                ticket=answer.ticket,
                words=answer.text,
                support_url=support,
            ),
            "card": {"type": "notice", "words": answer.text},
            "response": "utter_notice_answer",
            "notice": {**told, "about": answer.ticket, "from": who},
        }

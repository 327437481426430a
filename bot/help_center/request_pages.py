"""The pages of a return request, which work without JavaScript (docs/requests.md).

A page is opened by a signed link, which goes to the order's own e-mail, or by the order's number
and e-mail. There is no cookie: the key stands in the address, and each form carries a signed,
expiring token, so another site can't send one in a buyer's name.
"""

from __future__ import annotations

import asyncio
import math
import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw, redirect

from bot.desk import (
    DeskUnavailable,
    IllegalStep,
    NotVerified,
    RequestFileView,
    RequestStatus,
    UnknownRequest,
)
from bot.help_center.evidence_routes import EvidenceDesk
from bot.help_center.forms import Form, PageExpired, TooManyGuesses, named, read_form, slow_down
from bot.help_center.limits import Misses, Networks, RateLimit, network_of
from bot.help_center.one_desk import OneDesk
from bot.help_center.pages import Pages
from bot.help_center.request_evidence import ADDED, MOST_SHOWN, Added, RequestEvidence
from bot.help_center.request_facts import facts_of, formats_of
from bot.help_center.security import FORM_POLICY
from bot.request_links import KEY, PATH, address, request_links
from bot.request_words import status_words
from bot.settings import Settings
from bot.shop import shop_clauses
from bot.words import say

_ACTOR = "the request's page"
_ID_BYTES = 16
_NUMBER = re.compile(r"R-[0-9A-Z]{1,18}")


class RequestPages:
    """A request's page, its label, and taking it back."""

    def __init__(
        self,
        settings: Settings,
        open_desk: OneDesk,
        pages: Pages,
        misses: Misses,
        evidence: EvidenceDesk,
    ) -> None:
        """Keeps what the pages need; the desk is opened with the first of them.

        Args:
            settings: the settings.
            open_desk: gives the returns desk.
            pages: renders the templates.
            misses: wrong pairs by network address.
            evidence: the desk for files.
        """
        self._settings = settings
        self._pages = pages
        self._misses = misses
        self._evidence = RequestEvidence(evidence)
        self._networks = Networks(settings.signing_key())
        self._open_desk = open_desk
        self._links = request_links(settings)
        self._signer = URLSafeTimedSerializer(settings.signing_key(), salt="help_center.requests")
        self._seconds = max(1, round(settings.session_hours * 3600))
        self._rate = RateLimit(settings.sessions_per_minute)

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.get(PATH)
        async def find_request(request: Request) -> HTTPResponse:
            return self._find_step()

        shown: tuple[tuple[str, Callable[[str, str], HTTPResponse]], ...] = (
            ("", self._show),
            ("/label", self._label),
            ("/receipt", self._receipt),
            ("/withdraw", self._ask_withdraw),
        )
        for path, step in shown:
            open_it = named(partial(self._open, step), f"request{step.__name__}")
            routes.add_route(open_it, f"{PATH}/<number:str>{path}")
        for path, send in ((PATH, self._prove), (f"{PATH}/<number:str>/withdraw", self._withdraw)):
            handler = named(partial(self._send, send), f"request{send.__name__}")
            routes.add_route(handler, path, methods=["POST"], stream=True)

        @routes.post(f"{PATH}/<number:str>/evidence", stream=True)
        async def add_evidence(request: Request, number: str) -> HTTPResponse:
            return await self._add_evidence(request, number)

    async def _open(
        self, step: Callable[..., HTTPResponse], request: Request, number: str
    ) -> HTTPResponse:
        """Shows a page to who has its key, and asks everybody else for the order."""
        number, key = _request_number(number), request.args.get(KEY, "")
        if not number or self._links.opens(key) != number:
            return self._find_step(number, expired=bool(key))
        if step == self._show:
            return await self._in_thread(lambda: self._show(number, key, _just_added(request)))
        return await self._in_thread(lambda: step(number, key))

    async def _add_evidence(self, request: Request, number: str) -> HTTPResponse:
        """Takes files from who has the page's key, which no other site knows."""
        number, key = _request_number(number), request.args.get(KEY, "")
        if not number or self._links.opens(key) != number:
            return self._find_step(number, expired=True)
        wait = self._evidence.wait(request)
        if wait:
            return self._trouble(say("utter_too_many_messages"), 429, wait)
        try:
            added = await self._evidence.add(request, number)
        except DeskUnavailable:
            return self._trouble(say("utter_desk_down"), 503)
        if not added.problems:
            # By an address of its own, so that a reload sends nothing again.
            url = f"{address(number, key)}&{ADDED}={added.count}#brought"
            return redirect(url, status=303)
        return await self._in_thread(lambda: self._show(number, key, added))

    async def _send(
        self, step: Callable[[Form], HTTPResponse], request: Request, number: str = ""
    ) -> HTTPResponse:
        """Reads a form and takes its step."""
        wait = self._rate.wait(network_of(request.remote_addr or request.ip))
        if wait:
            return self._trouble(say("utter_too_many_messages"), 429, wait)
        try:
            form = await read_form(request)
        except ValueError:
            return self._trouble(say("utter_message_not_understood_format"), 400)
        try:
            if step == self._prove:
                await slow_down(self._misses, form)
        except TooManyGuesses as error:
            return self._trouble(self._pages.too_many_guesses, 429, error.wait)
        return await self._in_thread(lambda: step(form))

    async def _in_thread(self, step: Callable[[], HTTPResponse]) -> HTTPResponse:
        # The desk may be slow, and nobody else should wait for it.
        try:
            return await asyncio.to_thread(step)
        except (PageExpired, NotVerified, UnknownRequest):
            return self._find_step(expired=True)
        except DeskUnavailable:
            return self._trouble(say("utter_desk_down"), 503)

    def _find_step(
        self, request: str = "", expired: bool = False, conversation_id: str = "", **values: Any
    ) -> HTTPResponse:
        """The form that asks for the order, for whatever request; it tells nothing about one."""
        token = self._sign({"conversation": conversation_id or secrets.token_hex(_ID_BYTES)})
        shown = {"number": "", "email": "", "problems": {}, "locked": False, **values}
        status = 422 if shown["problems"] else 410 if expired else 200
        return self._page("find", status, request=request, expired=expired, token=token, **shown)

    def _prove(self, form: Form) -> HTTPResponse:
        conversation_id = str(self._read(form).get("conversation"))
        wanted = _request_number(form.one("request"))
        number, email = form.one("number"), form.one("email")
        words = self._pages.words_of("request")["find"]
        given = {"number": (number, "empty_number"), "email": (email, "empty_email")}
        problems = {name: words[empty] for name, (value, empty) in given.items() if not value}
        shown: dict[str, Any] = {"number": number, "email": email, "problems": problems}
        if problems:
            return self._find_step(wanted, conversation_id=conversation_id, **shown)
        found = self._open_desk().verify(
            conversation_id, number, email, self._networks.name(form.network)
        )
        if found.ok and found.order:
            self._misses.take_back(form.network)
            return self._proved(conversation_id, found.order.number, wanted)
        missed = "utter_too_many_misses" if found.locked else "utter_order_not_matched"
        shown |= {"problems": {"pair": say(missed)}, "locked": found.locked}
        return self._find_step(wanted, conversation_id=conversation_id, **shown)

    def _proved(self, conversation_id: str, order_number: str, wanted: str) -> HTTPResponse:
        """Goes to the request, or lets choose among those of the order that was proved."""
        requests = self._open_desk().requests(conversation_id, order_number)
        numbers = [one.number for one in requests]
        if wanted in numbers or (len(numbers) == 1 and not wanted):
            # By an address of its own, so that the page can be reloaded and printed.
            return redirect(self._links.address(wanted or numbers[0]), status=303)
        shown = [
            {
                "number": one.number,
                "url": self._links.address(one.number),
                "items": [f"{item.quantity} × {item.title}" for item in one.items],
                "status": status_words(one),
            }
            for one in requests
        ]
        return self._page("choose", order=order_number, requests=shown, is_other=bool(wanted))

    def _show(self, number: str, key: str, added: Added | None = None) -> HTTPResponse:
        file, clauses = self._file(number), shop_clauses(self._settings)
        facts = facts_of(file, clauses) | self._evidence.shown(file, formats_of(file, clauses))
        if added is not None:
            facts |= {"files_problems": added.problems, "files_added": added.count}
        steps = ("label", "receipt", "withdraw", "evidence")
        urls = {step: address(number, key, f"/{step}") for step in steps}
        return self._page("shown", 422 if facts["files_problems"] else 200, urls=urls, **facts)

    def _label(self, number: str, key: str) -> HTTPResponse:
        label = self._open_desk().return_label(number)
        if label is None:
            return redirect(address(number, key), status=303)
        headers = {"Content-Disposition": f'inline; filename="{label.file_name}"'}
        return raw(label.content, headers=headers, content_type=label.media_type)

    def _receipt(self, number: str, key: str) -> HTTPResponse:
        receipt = self._open_desk().request_receipt(number)
        if receipt is None:
            raise UnknownRequest(number)
        headers = {"Content-Disposition": f'attachment; filename="{receipt.file_name}"'}
        return raw(receipt.content, headers=headers, content_type=receipt.media_type)

    def _ask_withdraw(self, number: str, key: str) -> HTTPResponse:
        file = self._file(number)
        if not file.can_withdraw:
            return redirect(address(number, key), status=303)
        facts = facts_of(file, shop_clauses(self._settings))
        token = self._sign({"request": number, "key": key})
        return self._page("withdraw", token=token, url=address(number, key), **facts)

    def _withdraw(self, form: Form) -> HTTPResponse:
        said = self._read(form)
        number, key = str(said.get("request")), str(said.get("key"))
        if self._links.opens(key) != number:
            raise PageExpired
        try:
            self._open_desk().advance(number, RequestStatus.WITHDRAWN, _ACTOR)
        except IllegalStep:
            stands = status_words(self._file(number).request)
            words = self._pages.words_of("request")["withdraw"]
            return self._trouble(f"{words['not_any_more']} {stands}.", 409)
        return redirect(address(number, key), status=303)

    def _file(self, number: str) -> RequestFileView:
        file = self._open_desk().request_file(number)
        if file is None:
            raise UnknownRequest(number)
        return file

    def _sign(self, said: dict[str, Any]) -> str:
        return str(self._signer.dumps(said))

    def _read(self, form: Form) -> dict[str, Any]:
        try:
            said = self._signer.loads(form.one("token"), max_age=self._seconds)
        except BadSignature as error:  # covers one that is too old
            raise PageExpired from error
        return dict(said)

    def _trouble(self, text: str, status: int, wait: float = 0) -> HTTPResponse:
        answer = self._page("trouble", status, text=text)
        if wait:
            answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer

    def _page(self, step: str, status: int = 200, **values: Any) -> HTTPResponse:
        headers = {"Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-store"}
        return html(self._pages.request_page(step, **values), status=status, headers=headers)


def _request_number(text: str) -> str:
    """A request's number as it is kept; "" for what can't be one."""
    number = text.strip().upper()
    return number if _NUMBER.fullmatch(number) else ""


def _just_added(request: Request) -> Added:
    """How many files have just come, as the address says; it is shown and nothing more."""
    added = Added()
    said = request.args.get(ADDED, "")
    if said.isascii() and said.isdigit() and len(said) <= len(str(MOST_SHOWN)):
        added.count = int(said)
    return added

"""The withdrawal function on the help page, which works without JavaScript.

Source: Directive 2011/83/EU art. 11a, Decreto 7.962/2013 art. 5. Four steps: the order, what to
withdraw from, the statement with its own confirmation, the answer. There is no cookie: each form
carries a signed, expiring token that says whose conversation it is and, at the last step, what is
confirmed. So another site can't send one in a buyer's name.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw

from bot.desk import (
    AlreadyCancelled,
    BadAnswer,
    DeskUnavailable,
    NotVerified,
    TooManyWithdrawals,
    Withdrawing,
)
from bot.document_links import PATH, DocumentLinks
from bot.help_center.forms import Form, PageExpired, TooManyGuesses, named, read_form, slow_down
from bot.help_center.limits import Misses, Networks, RateLimit, network_of
from bot.help_center.one_desk import OneDesk
from bot.help_center.pages import Pages
from bot.help_center.security import FORM_POLICY
from bot.settings import Settings
from bot.withdrawal_words import in_time_note, last_day, period_note, received, what_follows
from bot.words import say

logger = logging.getLogger(__name__)

_ID_BYTES = 16


class WithdrawalPages:
    """The four steps, and the confirmation to download."""

    def __init__(
        self, settings: Settings, open_desk: OneDesk, pages: Pages, misses: Misses
    ) -> None:
        """Keeps what the steps need; the desk is opened with the first of them.

        Args:
            settings: the settings.
            open_desk: gives the returns desk.
            pages: renders the templates.
            misses: wrong pairs by network address.
        """
        self._misses = misses
        self._networks = Networks(settings.signing_key())
        self._pages = pages
        self._open_desk = open_desk
        key = settings.signing_key()
        self._signer = URLSafeTimedSerializer(key, salt="help_center.withdraw")
        self._seconds = max(1, round(settings.session_hours * 3600))
        self._links = DocumentLinks(key, settings.session_hours)
        self._rate = RateLimit(settings.sessions_per_minute)

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the routes to the help center's."""

        @routes.get("/withdraw")
        async def begin(request: Request) -> HTTPResponse:
            return self._order_step()

        for path, step in (
            ("/withdraw/order", self._find_order),
            ("/withdraw/contracts", self._show_contracts),
            ("/withdraw/statement", self._show_statement),
            ("/withdraw/confirm", self._confirm),
        ):
            handler = partial(self._answer, step)
            routes.add_route(named(handler, step.__name__), path, methods=["POST"], stream=True)

        @routes.get(f"{PATH}<token:str>")
        async def document(request: Request, token: str) -> HTTPResponse:
            return await self._document(token)

    async def _answer(self, step: Callable[[Form], HTTPResponse], request: Request) -> HTTPResponse:
        """Reads the form and takes the step in a thread, since the desk may be slow."""
        if self._rate.wait(network_of(request.remote_addr or request.ip)):
            return self._trouble(say("utter_too_many_messages"), 429)
        try:
            form = await read_form(request)
        except ValueError:
            return self._trouble(say("utter_message_not_understood_format"), 400)
        try:
            if step == self._find_order:
                await slow_down(self._misses, form)
            return await asyncio.to_thread(step, form)
        except TooManyGuesses:
            return self._trouble(self._pages.too_many_guesses, 429)
        except (PageExpired, NotVerified):
            return self._page("gone", 410)
        except DeskUnavailable:
            return self._trouble(say("utter_desk_down"), 503)

    def _order_step(self, conversation_id: str = "", **values: Any) -> HTTPResponse:
        conversation_id = conversation_id or secrets.token_hex(_ID_BYTES)
        shown = {"number": "", "email": "", "problems": {}, "locked": False, **values}
        token = self._sign({"conversation": conversation_id})
        return self._page("order", 422 if shown["problems"] else 200, token=token, **shown)

    def _find_order(self, form: Form) -> HTTPResponse:
        conversation_id = self._conversation(form)
        number, email = form.one("number"), form.one("email")
        words = self._pages.words_of("withdraw")["order"]
        given = {"number": (number, "empty_number"), "email": (email, "empty_email")}
        problems = {name: words[empty] for name, (value, empty) in given.items() if not value}
        shown: dict[str, Any] = {"number": number, "email": email, "problems": problems}
        if problems:
            return self._order_step(conversation_id, **shown)
        found = self._open_desk().verify(
            conversation_id, number, email, self._networks.name(form.network)
        )
        if found.ok and found.order:
            self._misses.take_back(form.network)
            return self._contracts_step(conversation_id)
        missed = "utter_too_many_misses" if found.locked else "utter_order_not_matched"
        shown |= {"problems": {"pair": say(missed)}, "locked": found.locked}
        return self._order_step(conversation_id, **shown)

    def _show_contracts(self, form: Form) -> HTTPResponse:
        """Back from the statement, with what was filled in."""
        said = self._read(form)
        return self._contracts_step(
            said["conversation"], said.get("order", ""), said.get("fields", {})
        )

    def _contracts_step(
        self,
        conversation_id: str,
        order_number: str = "",
        fields: Mapping[str, Any] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> HTTPResponse:
        contracts = self._open_desk().contracts(conversation_id)
        if not contracts:
            raise NotVerified
        # What isn't in its period can be withdrawn from as well; the law then says what follows.
        shown = [
            {
                "contract": contract,
                "last_day": last_day(contract),
                "note": in_time_note(contract) if contract.is_open else "",
                "fields": fields if contract.order_number == order_number else None,
                "problems": (problems or {}) if contract.order_number == order_number else {},
            }
            for contract in sorted(contracts, key=lambda one: not one.is_open)
        ]
        token = self._sign({"conversation": conversation_id})
        return self._page("contracts", 422 if problems else 200, token=token, contracts=shown)

    def _show_statement(self, form: Form) -> HTTPResponse:
        conversation_id = self._conversation(form)
        order_number = form.one("order")
        fields: dict[str, Any] = {
            "items": [int(item) for item in form.all("item") if item.isascii() and item.isdigit()],
            "name": form.one("name")[:500],
            "email": form.one("email")[:500],
        }
        wanted = Withdrawing(order_number, tuple(fields["items"]), fields["name"], fields["email"])
        try:
            stated = self._open_desk().statement(conversation_id, wanted)
        except BadAnswer as error:
            problems = {error.path: self._problem(error)}
            return self._contracts_step(conversation_id, order_number, fields, problems)
        except AlreadyCancelled:
            return self._contracts_step(conversation_id)
        token = self._sign(
            {
                "conversation": conversation_id,
                "order": order_number,
                "fields": fields,
                "key": uuid.uuid4().hex,
            }
        )
        return self._page("statement", token=token, stated=stated, note=period_note(stated))

    def _problem(self, error: BadAnswer) -> str:
        if error.path == "name":
            return say("utter_withdraw_name_unclear")
        if error.path == "email":
            return say("utter_withdraw_email_unclear")
        return str(self._pages.words_of("withdraw")["contracts"]["no_items"])

    def _confirm(self, form: Form) -> HTTPResponse:
        said = self._read(form)
        if "key" not in said:
            raise PageExpired
        fields = said["fields"]
        wanted = Withdrawing(said["order"], tuple(fields["items"]), fields["name"], fields["email"])
        try:
            done = self._open_desk().withdraw(said["conversation"], wanted, said["key"])
        except AlreadyCancelled:
            return self._contracts_step(said["conversation"])
        except TooManyWithdrawals as error:
            number = error.withdrawal_number
            return self._trouble(say("utter_withdrawn_too_often", number=number), 429)
        return self._page(
            "received",
            withdrawal=done,
            received=received(done),
            follows=what_follows(done),
            pdf=self._links.address(done.number),
        )

    async def _document(self, token: str) -> HTTPResponse:
        about = self._links.about(token)
        try:
            found = await asyncio.to_thread(self._open_desk().document, about) if about else None
        except DeskUnavailable:
            return self._trouble(say("utter_desk_down"), 503)
        if found is None:
            return self._page("gone", 410)
        headers = {"Content-Disposition": f'attachment; filename="{found.file_name}"'}
        return raw(found.content, headers=headers, content_type=found.media_type)

    def _sign(self, said: dict[str, Any]) -> str:
        return str(self._signer.dumps(said))

    def _read(self, form: Form) -> dict[str, Any]:
        try:
            said = self._signer.loads(form.one("token"), max_age=self._seconds)
        except BadSignature as error:  # covers one that is too old
            raise PageExpired from error
        return dict(said)

    def _conversation(self, form: Form) -> str:
        return str(self._read(form)["conversation"])

    def _trouble(self, text: str, status: int) -> HTTPResponse:
        return self._page("trouble", status, text=text)

    def _page(self, step: str, status: int = 200, **values: Any) -> HTTPResponse:
        headers = {"Content-Security-Policy": FORM_POLICY, "Cache-Control": "no-store"}
        content = self._pages.withdraw_page(step, **values)
        return html(content, status=status, headers=headers)

"""Forms that a browser sends without JavaScript."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import parse_qs

from sanic.request import Request

from bot.desk import text
from bot.help_center.limits import Misses, network_of
from bot.help_center.request_body import read_body

_BODY_BYTES = 20_000
_FIELDS = 200
_OWN_SITE = frozenset({"same-origin", "none"})
T = TypeVar("T")


class PageExpired(ValueError):
    """The form's token is forged or too old."""


class TooManyGuesses(ValueError):
    """Too many wrong pairs came from one network address.

    Attributes:
        wait: seconds until the next one is taken.
    """

    def __init__(self, wait: float) -> None:
        super().__init__("too many wrong pairs")
        self.wait = wait


@dataclass(frozen=True)
class Form:
    """What a form sent.

    Attributes:
        fields: every value by its name.
        network: key of the network address that it came from.
    """

    fields: Mapping[str, list[str]] = field(default_factory=dict)
    network: str = ""

    def one(self, name: str) -> str:
        """A value on one line, fit to be shown again; empty when the field wasn't sent."""
        return text.one_line(self.fields.get(name, [""])[0], _BODY_BYTES)

    def all(self, name: str) -> list[str]:
        """All values of a name, such as the ticked boxes."""
        return self.fields.get(name, [])


async def read_form(request: Request) -> Form:
    """The form in a request's body.

    Args:
        request: a request of a streaming route.

    Raises:
        ValueError: when the body is too long or isn't a form, or when another site's page sent it.
    """
    refuse_other_sites(request)
    body = await read_body(request, _BODY_BYTES)
    fields = parse_qs(body.decode(), max_num_fields=_FIELDS)
    return Form(fields, network_of(request.remote_addr or request.ip))


def refuse_other_sites(request: Request) -> None:
    """Refuses a form that a page of another site sent in a buyer's name.

    Each form has a token, too; but the first step's could be had by anybody. Browsers say where a
    form stands in `Sec-Fetch-Site`. `Origin` wouldn't tell: with our referrer policy it is "null".

    Raises:
        ValueError: it came from elsewhere.
    """
    if request.headers.get("sec-fetch-site", "none") not in _OWN_SITE:
        raise ValueError("a form of another site")


async def slow_down(misses: Misses, form: Form) -> None:
    """Counts a form with an order number and an e-mail as a wrong guess, until it proves right.

    Args:
        misses: wrong guesses by network address.
        form: what was sent; one that lacks a field guesses nothing.

    Raises:
        TooManyGuesses: no more are taken from this network for now.
    """
    if not (form.one("number") and form.one("email")):
        return
    wait = misses.refused(form.network)
    if wait:
        raise TooManyGuesses(wait)
    await asyncio.sleep(misses.count(form.network))


def named(handler: Callable[..., T], name: str) -> Callable[..., T]:
    """Sanic tells routes apart by their handlers' names, which a partial lacks."""
    handler.__name__ = name.strip("_")
    return handler

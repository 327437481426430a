"""Answers to requests that no route can answer, in the channel's own shape."""

from __future__ import annotations

import logging
from collections.abc import Callable

from sanic.exceptions import MethodNotSupported, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.server.logs import kind_and_place

logger = logging.getLogger(__name__)

ErrorHandler = Callable[[Request, Exception], HTTPResponse]

_SENTENCES = {
    400: "utter_message_not_understood_format",
    404: "utter_page_not_found",
    405: "utter_page_not_found",
    413: "utter_message_too_long",
}
_OTHERWISE = "utter_technical_problem"
# What Sanic calls the method of a request whose first lines it couldn't read.
_UNREADABLE = "NONE"


def answer_errors(say: Callable[..., HTTPResponse], max_chars: int) -> ErrorHandler:
    """A handler of every exception that a request may end with.

    Args:
        say: makes the answer from a response's name, a status, headers and values.
        max_chars: how many characters a message may have.

    Returns:
        The handler, for Sanic.
    """

    def answer(request: Request, error: Exception) -> HTTPResponse:
        status = _status(request, error)
        if status >= 500:
            logger.error("%s failed: %s", request.path, kind_and_place(error))
        headers = error.headers if isinstance(error, MethodNotSupported) else {}
        name = _SENTENCES.get(status, _OTHERWISE)
        return say(name, status=status, headers=headers, max_chars=max_chars)

    return answer


def _status(request: Request, error: Exception) -> int:
    if isinstance(error, SanicException):
        return int(getattr(error, "status_code", None) or 500)
    return 400 if request.method == _UNREADABLE else 500

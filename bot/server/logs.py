"""What the server processes write to their log: warnings and errors, one line each."""

from __future__ import annotations

import copy
import logging
import os
import sys
import traceback
import warnings
from collections.abc import MutableMapping
from typing import Any

_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def quiet_logs() -> None:
    """Log warnings and worse; `LOG_LEVEL=INFO` or `DEBUG`, Rasa's own variable, says more.

    Call it before importing Rasa: its loggers keep the configuration they first meet. What a buyer
    wrote and stack traces are only in the debug lines.
    """
    level = logging.getLevelName(os.environ.setdefault("LOG_LEVEL", "WARNING").upper())
    logging.basicConfig(format=_FORMAT, level=level)
    _quiet_structlog(level)
    if level > logging.DEBUG:
        for handler in logging.getLogger().handlers:
            handler.setFormatter(OneLine(_FORMAT))
        # A line that can't be formatted would be shown with its stack and its values.
        logging.raiseExceptions = False
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        warnings.filterwarnings("ignore", message=".*declarative_base.*")


class OneLine(logging.Formatter):
    """Writes an error's kind and place where Python writes its stack and its own words."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line."""
        record = copy.copy(record)
        message = record.getMessage().partition("Traceback (most recent call last)")[0]
        error = record.exc_info[1] if record.exc_info else None
        words = [*message.split(), f"({kind_and_place(error)})" if error else ""]
        record.msg, record.args = " ".join(words).rstrip(), None
        record.exc_info = record.exc_text = record.stack_info = None
        return super().format(record)


def kind_and_place(error: BaseException) -> str:
    """An error as `KeyError at talk.py:12`; its own text may quote what a buyer wrote."""
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    place = f" at {frames[0].filename}:{frames[0].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _quiet_structlog(level: int) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.add_logger_name,
            structlog.processors.format_exc_info if level <= logging.DEBUG else _without_stack,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )


def _without_stack(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of structlog: the kind and place of an error instead of its stack."""
    event.pop("stack_info", None)
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = kind_and_place(error)
    return event

"""What the server processes write to their log: warnings and errors, one line each."""

from __future__ import annotations

import logging
import os
import warnings


def quiet_logs() -> None:
    """Log warnings and worse; `LOG_LEVEL=INFO` or `DEBUG`, Rasa's own variable, says more.

    Call it before importing Rasa: its loggers keep the configuration they first meet. What a buyer
    wrote is only in the debug lines.
    """
    level = logging.getLevelName(os.environ.setdefault("LOG_LEVEL", "WARNING").upper())
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s", level=level)
    _quiet_structlog(level)
    if level > logging.DEBUG:
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        warnings.filterwarnings("ignore", message=".*declarative_base.*")


def _quiet_structlog(level: int) -> None:
    import structlog

    structlog.configure(
        processors=[
            structlog.stdlib.add_logger_name,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["event"]),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )

"""What Rasa's own files read from the environment, filled from our settings.

endpoints.yml names `${ASSISTANT_ACTIONS_URL}`, `${ASSISTANT_ACTIONS_TOKEN}` and
`${ASSISTANT_CONVERSATIONS_URL}`, so that the one file serves the server process, `rasa shell` and
`rasa test` alike.
"""

from __future__ import annotations

import hashlib
import hmac
import os

from bot.settings import Settings

_TOKEN_LABEL = b"bot.server.actions_token"


def rasa_environment(settings: Settings) -> dict[str, str]:
    """The environment variables that Rasa's files and libraries need.

    Args:
        settings: where the ports and the databases are read from.

    Returns:
        Names and values, to be put into a process's environment.
    """
    return {
        "ASSISTANT_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "ASSISTANT_ACTIONS_TOKEN": actions_token(settings),
        "ASSISTANT_CONVERSATIONS_URL": conversations_url(settings),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }


def fill_environment(settings: Settings) -> None:
    """Put `rasa_environment` into this process's environment, where it isn't set already."""
    for name, value in rasa_environment(settings).items():
        os.environ.setdefault(name, value)


def actions_token(settings: Settings) -> str:
    """What Rasa shows to the action server, which obeys nobody else.

    A call of an action says for itself which conversation it is in, so whoever may call one may
    act for any buyer.

    Args:
        settings: where the signing key is read from; the token is derived from it.

    Returns:
        64 hexadecimal digits, the same in all processes.
    """
    key = settings.signing_key().encode()
    return hmac.new(key, _TOKEN_LABEL, hashlib.sha256).hexdigest()


def conversations_url(settings: Settings) -> str:
    """The database of the conversations: a file beside the desk's, or the desk's own server.

    SQLite lets one writer in at a time, so conversations have a file of their own there; a
    database server holds both.
    """
    if settings.database_url.startswith("sqlite"):
        return f"sqlite:///{settings.var_dir}/conversations.db"
    return settings.database_url

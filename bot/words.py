"""The sentences of domain.yml, for those who speak outside a Rasa response.

The channel's own answers and button titles made from data need a text before Rasa has one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ruamel.yaml import YAML

from bot.settings import ROOT


@lru_cache
def _responses() -> dict[str, list[dict[str, Any]]]:
    with (ROOT / "domain.yml").open(encoding="utf-8") as file:
        domain = YAML(typ="safe", pure=False).load(file)
    responses: dict[str, list[dict[str, Any]]] = domain["responses"]
    return responses


def say(response: str, **values: Any) -> str:
    """The text of a response, filled in.

    Args:
        response: its name in domain.yml.
        **values: what fills its placeholders.

    Raises:
        KeyError: when there is no such response.
    """
    text: str = _responses()[response][0]["text"]
    return text.format(**values) if values else text


def label(kind: str, key: str, default: str = "") -> str:
    """A few words that name something, such as an intent.

    Args:
        kind: such as "intent".
        key: the thing's id.
        default: returned when it has no label.
    """
    name = f"utter_label_{kind}_{key}"
    return say(name) if name in _responses() else default

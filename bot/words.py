"""The sentences of domain.yml, for those who speak outside a Rasa response.

The channel's own answers and button titles made from data need a text before Rasa has one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.settings import ROOT


class MissingWords(ValueError):
    """A sentence that is needed is not among the responses."""


@dataclass(frozen=True)
class Button:
    """A button of a response.

    Attributes:
        title: what it says.
        intent: the intent of its payload.
        values: the entities of its payload.
    """

    title: str
    intent: str
    values: Mapping[str, Any]


class Words:
    """The responses of a domain file, as far as they are plain text."""

    def __init__(self, domain_file: Path) -> None:
        """Reads the responses.

        Args:
            domain_file: a Rasa domain file.
        """
        domain = YAML(typ="safe").load(domain_file.read_text(encoding="utf-8")) or {}
        responses = domain.get("responses") or {}
        self.texts = {name: _text(variants) for name, variants in responses.items()}
        self._buttons = {name: _buttons(variants) for name, variants in responses.items()}

    def leaves_a_next_step(self, name: str) -> bool:
        """Whether a response asks something or offers buttons."""
        return bool(self._buttons.get(name)) or "?" in self.texts.get(name, "")

    def buttons(self, name: str) -> list[Button]:
        """The buttons of a response, in their order; none for one that has none."""
        return self._buttons.get(name, [])

    def say(self, name: str, **values: Any) -> str:
        """The sentence of a response, filled in.

        Args:
            name: the response's name, such as "utter_message_empty".
            **values: what stands in its braces.

        Raises:
            MissingWords: when there is no such response.
        """
        text = self.texts.get(name)
        if not text:
            raise MissingWords(f"domain.yml has no text for the response {name}")
        return text.format(**values)


def _buttons(variants: list[dict[str, Any]]) -> list[Button]:
    return [_button(one) for variant in variants or [] for one in variant.get("buttons") or []]


def _button(written: Mapping[str, str]) -> Button:
    """A button as domain.yml has it; the braces of its payload stand doubled there."""
    intent, brace, values = written["payload"].replace("{{", "{").replace("}}", "}").partition("{")
    return Button(written["title"], intent.lstrip("/"), json.loads(brace + values or "{}"))


def _text(variants: list[dict[str, Any]]) -> str:
    """The text of the first variant that is for every channel or for ours."""
    for variant in variants or []:
        if variant.get("channel", "help_center") == "help_center" and variant.get("text"):
            return str(variant["text"]).strip()
    return ""


@lru_cache
def domain_words() -> Words:
    """The words of the project's domain.yml, read once."""
    return Words(ROOT / "domain.yml")


def say(name: str, **values: Any) -> str:
    """The sentence of a response of the project's domain.yml; see `Words.say`."""
    return domain_words().say(name, **values)


def buttons(name: str) -> list[Button]:
    """The buttons of a response of the project's domain.yml; see `Words.buttons`."""
    return domain_words().buttons(name)


def label(kind: str, key: str) -> str:
    """A few words that name something, such as an intent; empty when it has none.

    Args:
        kind: such as "intent".
        key: the thing's id.
    """
    return domain_words().texts.get(f"utter_label_{kind}_{key}", "")

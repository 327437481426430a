"""The sentences that the channel and the page say, read from the responses in domain.yml."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from bot.settings import ROOT

CHANNEL_WORDS = (
    "utter_message_empty",
    "utter_message_too_long",
    "utter_message_not_understood_format",
    "utter_too_many_messages",
    "utter_too_many_sessions",
    "utter_session_expired",
    "utter_technical_problem",
    "utter_button_expired",
    "utter_page_not_found",
)
CLIENT_WORDS = (
    "utter_client_title",
    "utter_client_subtitle",
    "utter_client_open",
    "utter_client_close",
    "utter_client_input_label",
    "utter_client_placeholder",
    "utter_client_send",
    "utter_client_typing",
    "utter_client_you",
    "utter_client_assistant",
    "utter_client_offline",
    "utter_client_retry",
    "utter_client_sources",
    "utter_client_attachment",
    "utter_client_last_day",
    "utter_client_paid_by",
)


class MissingWords(ValueError):
    """A sentence that the help center needs is not among the responses."""


class Words:
    """The responses of a domain file, as far as they are plain text."""

    def __init__(self, domain_file: Path) -> None:
        """Reads the responses.

        Args:
            domain_file: a Rasa domain file.

        Raises:
            MissingWords: when the file lacks a sentence of the channel or the client.
        """
        domain = YAML(typ="safe").load(domain_file.read_text(encoding="utf-8")) or {}
        responses = domain.get("responses") or {}
        self._texts = {name: _text(variants) for name, variants in responses.items()}
        self._check(domain_file, (*CHANNEL_WORDS, *CLIENT_WORDS))

    def say(self, name: str, **values: str | int) -> str:
        """The sentence of a response, filled in.

        Args:
            name: the response's name, such as "utter_message_empty".
            values: what stands in its braces.

        Raises:
            MissingWords: when there is no such response.
        """
        text = self._texts.get(name)
        if not text:
            raise MissingWords(f"domain.yml has no text for the response {name}")
        return text.format(**values)

    def client(self) -> dict[str, str]:
        """The sentences of the browser's client by their short names, such as "title"."""
        return {name[len("utter_client_") :]: self.say(name) for name in CLIENT_WORDS}

    def _check(self, domain_file: Path, names: Iterable[str]) -> None:
        missing = [name for name in names if not self._texts.get(name)]
        if missing:
            raise MissingWords(f"{domain_file.name} lacks responses: {', '.join(missing)}")


def _text(variants: list[dict]) -> str:
    """The text of the first variant that is for every channel or for ours."""
    for variant in variants or []:
        if variant.get("channel", "help_center") == "help_center" and variant.get("text"):
            return str(variant["text"]).strip()
    return ""


@lru_cache
def get_words() -> Words:
    """The words of the project's domain.yml, read once."""
    return Words(ROOT / "domain.yml")

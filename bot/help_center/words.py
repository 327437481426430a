"""The sentences that the channel and the page say, read from the responses in domain.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from bot.settings import ROOT
from bot.words import MissingWords, Words

CHANNEL_WORDS = (
    "utter_message_empty",
    "utter_message_too_long",
    "utter_message_not_understood_format",
    "utter_too_many_messages",
    "utter_too_many_sessions",
    "utter_session_expired",
    "utter_sign_in_refused",
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
    "utter_client_closed_ways",
    "utter_client_not_loaded",
    "utter_client_about_order",
    "utter_client_new_message",
    "utter_client_new_messages",
    "utter_client_attach",
    "utter_client_add_files",
    "utter_client_drop",
    "utter_client_adding",
    "utter_client_arrived",
    "utter_client_added",
    "utter_client_not_added",
    "utter_client_photo",
    "utter_client_photos",
    "utter_client_video",
    "utter_client_videos",
    "utter_client_document",
    "utter_client_documents",
    "utter_client_preview",
    "utter_client_cancel",
    "utter_client_cancel_short",
    "utter_client_remove",
    "utter_client_remove_short",
    "utter_client_removed",
    "utter_client_too_large",
    "utter_client_too_many",
    "utter_client_upload_lost",
    "utter_client_reloaded",
)
# What the browser fills in by itself.
_LEFT_OPEN = {
    name: f"{{{name}}}" for name in ("order", "count", "what", "n", "file", "files", "mb")
}


class HelpCenterWords(Words):
    """The responses of a domain file that has all sentences of the channel and the client."""

    def __init__(self, domain_file: Path) -> None:
        """Reads and checks the responses.

        Args:
            domain_file: a Rasa domain file.

        Raises:
            MissingWords: when the file lacks a sentence of the channel or the client.
        """
        super().__init__(domain_file)
        missing = [name for name in (*CHANNEL_WORDS, *CLIENT_WORDS) if not self.texts.get(name)]
        if missing:
            raise MissingWords(f"{domain_file.name} lacks responses: {', '.join(missing)}")

    def client(self) -> dict[str, str]:
        """The sentences of the browser's client by their short names, such as "title"."""
        return {name[len("utter_client_") :]: self.say(name, **_LEFT_OPEN) for name in CLIENT_WORDS}


@lru_cache
def get_words() -> HelpCenterWords:
    """The words of the project's domain.yml, read once."""
    return HelpCenterWords(ROOT / "domain.yml")

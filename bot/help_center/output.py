"""Collects what the assistant says to one message: one JSON message per utterance."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

from bot.help_center.clauses import cite
from bot.help_center.payloads import Buttons

CHANNEL_NAME = "help_center"
_CUSTOM_FIELDS = ("card", "citations")
FOLLOWED = frozenset(
    {
        "utter_filed",
        "utter_handed_off",
        "utter_handed_off_again",
        "utter_withdrawn",
        "utter_tracking_request",
    }
)
"""Responses after which there may be news: a request or a ticket stands."""


class Replies(OutputChannel):
    """The answers to one message of one conversation.

    Attributes:
        messages: what was said so far, in order; docs/channel.md has their shape.
    """

    def __init__(self, conversation_id: str, buttons: Buttons) -> None:
        """Starts empty.

        Args:
            conversation_id: the conversation, which the buttons are signed for.
            buttons: what signs them.
        """
        self.messages: list[dict[str, Any]] = []
        self._conversation_id = conversation_id
        self._buttons = buttons

    @classmethod
    def name(cls) -> str:
        """The name by which responses in domain.yml can address this channel."""
        return CHANNEL_NAME

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps an utterance whole, where Rasa would split it into one message per part."""
        reply: dict[str, Any] = {"text": message.get("text") or ""}
        offered = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
        if buttons := [self._button(button) for button in offered]:
            reply["buttons"] = buttons
        custom = message.get("custom")
        if isinstance(custom, dict):
            reply.update({key: custom[key] for key in _CUSTOM_FIELDS if custom.get(key)})
        if reply.get("citations"):
            reply["citations"] = [self._citation(entry) for entry in reply["citations"]]
        for key in ("image", "attachment"):
            if isinstance(message.get(key), str) and message[key]:
                reply[key] = message[key]
        if len(reply) > 1 or reply["text"].strip():
            if message.get("utter_action"):
                reply["response"] = message["utter_action"]
            if message.get("utter_action") in FOLLOWED:
                reply["follow"] = True
            self.messages.append(reply)

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a text."""
        await self.send_response(recipient_id, {"text": text})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keeps a text with its buttons."""
        await self.send_response(recipient_id, {"text": text, "buttons": buttons})

    async def send_image_url(self, recipient_id: str, image: str, **kwargs: Any) -> None:
        """Keeps the address of an image."""
        await self.send_response(recipient_id, {"image": image})

    async def send_attachment(self, recipient_id: str, attachment: str, **kwargs: Any) -> None:
        """Keeps the address of an attachment."""
        await self.send_response(recipient_id, {"attachment": attachment})

    async def send_custom_json(
        self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any
    ) -> None:
        """Keeps a card or citations."""
        await self.send_response(recipient_id, {"custom": json_message})

    @staticmethod
    def _citation(entry: str | dict[str, str]) -> dict[str, str]:
        """A citation in full: a response of domain.yml names only the clause's id."""
        return cite(entry) if isinstance(entry, str) else entry

    def _button(self, button: dict[str, Any]) -> dict[str, str]:
        title = str(button.get("title") or "")
        payload = str(button.get("payload") or title)
        signed = self._buttons.sign(self._conversation_id, payload, title)
        return {"title": title, "payload": signed}

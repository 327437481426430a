"""Webhooks, signed as standardwebhooks.com describes it (docs/webhook.md)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from datetime import datetime

import requests

from bot.desk.outbox.failures import NobodyThere, NotDelivered, named
from bot.desk.outbox.queue import Claimed
from bot.desk.routes import Webhook


def signature(keys: Sequence[bytes], webhook_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` header: an HMAC-SHA256 for each key.

    Args:
        keys: one or more.
        webhook_id: the `webhook-id` header.
        timestamp: the `webhook-timestamp` header, in Unix seconds.
        body: the body's bytes as they are sent.
    """
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    macs = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)


class WebhookSession:
    """Posts to one help desk, over one connection while it lasts.

    Args:
        webhook: the address and its keys; None when it was taken out of the settings.
        now: tells the present moment.
    """

    def __init__(self, webhook: Webhook | None, now: Callable[[], datetime]) -> None:
        self._webhook = webhook
        self._now = now
        self._http = requests.Session()

    def __enter__(self) -> WebhookSession:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def send(self, row: Claimed) -> None:
        """Post one message; any 2xx is a success, and nothing of the answer's body is read.

        Raises:
            NotDelivered: another answer, a redirect among them.
            NobodyThere: nobody answers, or no address is set.
        """
        if self._webhook is None:
            raise NobodyThere("NoWebhookSet")
        body = row.body.encode()
        timestamp = int(self._now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "buyer-protection-assistant",
            "webhook-id": row.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signature(self._webhook.secrets, row.message_id, timestamp, body),
        }
        try:
            answer = self._http.post(
                self._webhook.url,
                data=body,
                headers=headers,
                timeout=self._webhook.timeout,
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, OSError) as error:
            raise NobodyThere(named(error)) from error
        status = answer.status_code
        answer.close()
        if not 200 <= status < 300:
            raise NotDelivered(f"HTTP {status}")

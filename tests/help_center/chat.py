"""A buyer's chat over HTTP."""

from __future__ import annotations

import requests


class Chat:
    """A buyer's chat over HTTP.

    Attributes:
        token: its session.
        start: the payload that makes the assistant greet.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        answer = requests.post(f"{url}/session", timeout=10)
        assert answer.status_code == 200, answer.text
        content = answer.json()
        self.token, self.start = content["session"], content["start"]

    def post(self, token: str | None = None, **options: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token if token is None else token}"}
        return requests.post(f"{self.url}/messages", headers=headers, timeout=20, **options)

    def send(self, message: object, **fields: object) -> requests.Response:
        return self.post(json={"message": message, **fields})

    def says(self, message: object) -> str:
        """What the assistant answers, as one text."""
        return "\n".join(m["text"] for m in self.send(message).json()["messages"])

"""The channel on a real socket, with a scripted assistant in Rasa's place."""

from __future__ import annotations

import asyncio
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic

from bot.help_center.channel import HelpCenterChannel
from bot.help_center.words import HelpCenterWords
from bot.server.request_bodies import guard_request_bodies
from bot.settings import Settings

RESPONSES = Path(__file__).parent / "responses.yml"
# Sanic rewrites its own methods at the first start; only in test mode may several apps start.
Sanic.test_mode = True
KEY = "a key that is only used in tests, long enough"
QUOTE = "you can return the products within 15 calendar days"

GREETING = {
    "text": "Hi! What can I do for you?",
    "buttons": [
        {"title": "Return an item", "payload": '/file_return{"choice": "return"}'},
        {"title": "Just a question", "payload": "/ask_return_policy"},
    ],
}
OPEN_LINE = "✓ Buyer Protection: Open. The blender came damaged. (F1)"
CLOSED_LINE = "✗ EU withdrawal: The 14 days are over."
DECISION = {
    "text": "\n\n".join(
        ("Yes, you can send the blender back.", OPEN_LINE, CLOSED_LINE, "Your rights stay.")
    ),
    "buttons": [{"title": "File it", "payload": '/affirm{"confirm": "file"}'}],
    "custom": {
        "card": {
            "type": "decision",
            "title": "Your ways to a refund",
            "routes": [
                {
                    "name": "Buyer Protection",
                    "status": "open",
                    "status_label": "Open",
                    "last_day": "12 December 2026",
                    "paid_by": "the seller",
                    "line": OPEN_LINE,
                    "why": "The blender came damaged. (F1)",
                },
                {
                    "name": "Free Return",
                    "status": "needs_information",
                    "status_label": "More to know",
                    "last_day": None,
                },
                {
                    "name": "EU withdrawal",
                    "status": "closed",
                    "status_label": "Closed",
                    "line": CLOSED_LINE,
                    "why": "The 14 days are over.",
                },
            ],
        },
        "citations": [{"id": "F1", "title": "15 days", "section": "Free Return", "quote": QUOTE}],
    },
}
SUMMARY = {
    "text": "Here is what I would file.",
    "custom": {
        "card": {
            "type": "summary",
            "title": "Your return",
            "items": [{"title": "Blender", "detail": "1 × €49.90", "badge": "Free Return"}],
            "rows": [{"label": "Refund to", "value": "Your card"}],
        }
    },
}
SUMMARY_IN_LINES = {
    "text": "Please check it.\nOrder: 40010001\nRefund to: your card\nShall I file it?",
    "buttons": [{"title": "Yes, file it", "payload": "/affirm"}],
    "custom": {"card": {"type": "summary"}},
}
ASKS_FOR_PHOTOS = {
    "text": "A photo of the damage helps.",
    "buttons": [{"title": "I'll add it later", "payload": '/defer{"choice": "later"}'}],
    "custom": {"card": {"type": "attach"}},
}
SUMMARY_WITH_PHOTOS = {
    "text": "Please check it.\nOrder: 40010001\nEvidence: 2 photos\nShall I file it?",
    "buttons": [{"title": "Yes, file it", "payload": "/affirm"}],
    "custom": {
        "card": {
            "type": "summary",
            "files": [
                {"kind": "photo", "name": f"{name}.jpg", "thumbnail": f"evidence/{name}/thumbnail"}
                for name in ("crack", "a name that is far too long to stand below its picture")
            ],
        }
    },
}
ITEMS = {
    "text": "Which item is it?",
    "custom": {
        "card": {
            "type": "items",
            "items": [
                {"title": "Blender", "detail": "€49.90", "badge": "Free Return"},
                {"title": "Lamp", "detail": "€19.90", "image": "/static/icon.svg"},
            ],
        }
    },
}
RECEIPT = {
    "text": "Done! Your request number is R-1.\nIts own page shows more: /requests",
    "custom": {
        "card": {
            "type": "receipt",
            "request_number": "R-1",
            "line": "Its own page shows more: /requests",
            "links": [
                {"label": "Open your request", "url": "/requests/R-1?key=k"},
                {"label": "Receipt (PDF)", "url": "/requests/R-1/receipt?key=k"},
                {"label": "Trap", "url": "javascript:alert(1)"},
                {"label": "Another trap", "url": "data:text/html,x"},
            ],
        }
    },
    "utter_action": "utter_filed",
}
LINKS = {"text": "See https://example.org/help. Not javascript:alert(1) or <a href='x'>this</a>."}


class FakeAgent:
    """Answers by the words of a message and keeps what it was asked.

    Attributes:
        seen: every message that came through.
        ready: whether the agent says that it is loaded.
        release: messages that say "wait" stay until this is set.
        asking: the slot that a conversation's filing dialogue asks for, set by "ask for ...".
    """

    def __init__(self) -> None:
        self.seen: list[UserMessage] = []
        self.finished: list[str] = []
        self.ready = True
        self.release = threading.Event()
        self.asking: dict[str, str] = {}
        self.tracker_store = SimpleNamespace(kept=self._kept)

    def is_ready(self) -> bool:
        return self.ready

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.seen]

    def _kept(self, conversation_id: str) -> SimpleNamespace:
        slots = {"requested_slot": self.asking.get(conversation_id)}
        return SimpleNamespace(active_loop_name="file_return_form", get_slot=slots.get)

    async def handle_message(self, message: UserMessage) -> None:
        self.seen.append(message)
        text = message.text
        self.asking.pop(message.sender_id, None)
        if text.startswith("ask for "):
            self.asking[message.sender_id] = text.removeprefix("ask for ")
        if text == "crash":
            raise RuntimeError("the words of a buyer: crash")
        while text == "wait" and not self.release.is_set():
            await asyncio.sleep(0.02)
        for reply in self._script(text):
            await message.output_channel.send_response(message.sender_id, dict(reply))
        self.finished.append(text)

    def _script(self, text: str) -> list[dict]:
        scripted: dict[str, list[dict]] = {
            "/greet": [GREETING],
            "silence": [],
            "decide": [DECISION],
            "summary": [SUMMARY],
            "receipt": [RECEIPT],
            "person": [{"text": "You can also reach us here: /support. Not /supportive."}],
            "links": [LINKS],
            "twice": [{"text": "First."}, {"text": "Second."}],
            "picture": [{"text": "Look.", "image": "https://example.org/label.png"}],
            "photo": [{"text": "Your photo.", "image": "data:image/png;base64," + "A" * 5_000_000}],
            "lines": [SUMMARY_IN_LINES],
            "items": [ITEMS],
            "asks for photos": [ASKS_FOR_PHOTOS],
            "sums up photos": [SUMMARY_WITH_PHOTOS],
            "long": [{"text": "A sentence of the answer. " * 120}],
        }
        return scripted.get(text, [{"text": f"You said: {text}"}])


def settings_for_tests(folder: Path, **changes: object) -> Settings:
    """Settings that read no .env file and write only to `folder`."""
    values: dict = {"var_dir": folder, "secret_key": KEY, "demo": False, **changes}
    return Settings(_env_file=None, **values)


@contextmanager
def running(settings: Settings, reply_timeout: float = 5.0) -> Iterator[SimpleNamespace]:
    """The channel, mounted as Rasa mounts it.

    Yields:
        The address as `url`, the scripted agent as `agent`, the sentences as `words`.
    """
    agent = FakeAgent()
    app = Sanic(f"help_center_{uuid.uuid4().hex}", configure_logging=False)
    app.ctx.agent = agent
    guard_request_bodies()
    words = HelpCenterWords(RESPONSES)
    channel = HelpCenterChannel(settings, words, reply_timeout)
    register([channel], app, route="/webhooks/")
    listener = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    started = threading.Event()
    thread = threading.Thread(target=_serve, args=(loop, app, listener, started), daemon=True)
    thread.start()
    assert started.wait(20), "the test server didn't start"
    try:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        yield SimpleNamespace(url=url, agent=agent, app=app, words=words, settings=settings)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        listener.close()


def _serve(
    loop: asyncio.AbstractEventLoop,
    app: Sanic,
    listener: socket.socket,
    started: threading.Event,
) -> None:
    asyncio.set_event_loop(loop)
    starting = app.create_server(
        sock=listener, return_asyncio_server=True, access_log=False, debug=False
    )
    server = loop.run_until_complete(starting)
    loop.run_until_complete(server.startup())
    loop.run_until_complete(server.before_start())
    loop.run_until_complete(server.after_start())
    loop.call_soon(started.set)
    loop.run_forever()
    server.close()
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(asyncio.sleep(0.05))
    loop.close()

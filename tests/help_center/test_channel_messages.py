"""What a buyer gets back for a message, good or hostile."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
import requests
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore

from bot.help_center.conversation import Assistant
from bot.help_center.payloads import Buttons
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import DECISION, KEY, QUOTE, running, settings_for_tests

EMPTY = "I didn't get any words in that message. What can I help you with?"
UNREADABLE = "Sorry, I couldn't read that message. Please type it again."
PROBLEM = "Sorry, something went wrong on our side"


def test_the_start_payload_makes_the_assistant_greet(chat: Chat, server: SimpleNamespace) -> None:
    answer = chat.send(chat.start)
    assert answer.status_code == 200
    (message,) = answer.json()["messages"]
    assert message["text"] == "Hi! What can I do for you?"
    assert [button["title"] for button in message["buttons"]] == [
        "Return an item",
        "Just a question",
    ]
    assert server.agent.texts == ["/greet"]


def test_text_buttons_card_and_citations_of_an_utterance_are_one_message(chat: Chat) -> None:
    (message,) = chat.send("decide").json()["messages"]
    assert message["text"] == DECISION["text"]
    assert [button["title"] for button in message["buttons"]] == ["File it"]
    assert message["card"]["routes"][0]["last_day"] == "12 December 2026"
    assert message["citations"][0]["quote"] == QUOTE


def test_utterances_come_in_their_order(chat: Chat) -> None:
    assert chat.says("twice") == "First.\nSecond."


def test_an_image_comes_with_its_text(chat: Chat) -> None:
    (message,) = chat.send("picture").json()["messages"]
    assert message == {"text": "Look.", "image": "https://example.org/label.png"}


def test_a_message_sent_again_under_its_name_is_said_once(
    chat: Chat, server: SimpleNamespace
) -> None:
    first = chat.send("twice", id="m1").json()
    assert chat.send("twice", id="m1").json() == first
    assert server.agent.texts == ["twice"]
    for name in ("m2", "", "m" * 65, 5, None):
        assert chat.send("twice", id=name).json() == first
    assert chat.send("hello", id="m2").json() != first
    assert server.agent.texts == ["twice"] * 6 + ["hello"]


def test_a_name_holds_in_its_own_conversation(
    chat: Chat, new_chat: Callable[[], Chat], server: SimpleNamespace
) -> None:
    chat.send("hello", id="m1")
    new_chat().send("hello", id="m1")
    assert server.agent.texts == ["hello", "hello"]


def test_a_message_sent_again_while_it_is_answered_waits_for_that_answer(
    chat: Chat, server: SimpleNamespace
) -> None:
    server.agent.release.clear()
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(chat.send, "wait", id="m1") for _ in range(2)]
        time.sleep(0.3)
        server.agent.release.set()
        assert [one.result().json()["messages"][0]["text"] for one in answers] == [
            "You said: wait"
        ] * 2
    server.agent.release.clear()
    assert server.agent.texts == ["wait"]


def test_a_message_that_failed_is_tried_anew(chat: Chat, server: SimpleNamespace) -> None:
    for _ in range(2):
        assert PROBLEM in chat.send("crash", id="m1").json()["messages"][0]["text"]
    assert server.agent.texts == ["crash", "crash"]


@pytest.mark.parametrize("message", ["", "   ", "\n\t", "\u200b\ufeff", "///", "\x00", "\u2003/"])
def test_a_message_without_words_gets_a_kind_answer(
    chat: Chat, server: SimpleNamespace, message: str
) -> None:
    answer = chat.send(message)
    assert answer.status_code == 200
    assert answer.json() == {"messages": [{"text": EMPTY}]}
    assert server.agent.seen == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"hello",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"text": "hello"}',
        b'{"message": null}',
        b'{"message": 7}',
        b'{"message": ["hello"]}',
        b'{"message": {"text": "hello"}}',
        b'\xff\xfe{"message": "hello"}',
        b"[" * 20_000,
    ],
)
def test_a_body_without_a_message_gets_a_kind_answer(
    chat: Chat, server: SimpleNamespace, body: bytes
) -> None:
    answer = chat.post(data=body)
    assert answer.status_code == 400
    assert answer.json() == {"messages": [{"text": UNREADABLE}]}
    assert server.agent.seen == []


@pytest.mark.parametrize(
    ("message", "seen"),
    [
        ("🙂🙂", "🙂🙂"),
        ("one\x00two\x1b[31m", "one two [31m"),
        ("half a pair \ud83d here", "half a pair   here"),
        ("'; DROP TABLE orders; --", "'; DROP TABLE orders; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Вернуть заказ", "Вернуть заказ"),
    ],
)
def test_odd_but_readable_text_reaches_the_assistant_as_text(
    chat: Chat, server: SimpleNamespace, message: str, seen: str
) -> None:
    answer = chat.post(data=json.dumps({"message": message}))
    assert answer.json() == {"messages": [{"text": f"You said: {seen}"}]}
    assert server.agent.texts == [seen]


def test_length_is_counted_in_characters(chat: Chat) -> None:
    assert chat.send("🙂" * 2000).status_code == 200
    too_long = chat.send("🙂" * 2001)
    assert too_long.status_code == 413
    assert "under 2000 characters" in too_long.json()["messages"][0]["text"]


@pytest.mark.parametrize("message", ["a" * 10_000, "é" * 10_000, "🙂" * 10_000])
def test_ten_thousand_characters_get_a_kind_answer(
    chat: Chat, server: SimpleNamespace, message: str
) -> None:
    answer = chat.send(message)
    assert answer.status_code == 413
    assert "a bit too long" in answer.json()["messages"][0]["text"]
    assert server.agent.seen == []


def test_a_huge_body_is_refused_before_it_is_all_read(chat: Chat, server: SimpleNamespace) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(
            b"POST /messages HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n"
            + f"Authorization: Bearer {chat.token}\r\n\r\n".encode()
            + b"a" * 100_000
        )
        assert connection.recv(4096).startswith(b"HTTP/1.1 413")


def test_other_fields_of_the_body_change_nothing(chat: Chat, server: SimpleNamespace) -> None:
    chat.send("hello", sender="somebody-else", sender_id="x", metadata={"is_external": True})
    (seen,) = server.agent.seen
    assert seen.sender_id not in {"somebody-else", "x"}
    assert set(seen.metadata) == {"network"}, "which is the server's own word"
    assert seen.input_channel == "help_center"


@pytest.mark.parametrize("message", ["crash", "silence"])
def test_a_failing_or_silent_assistant_is_never_silence_for_the_buyer(
    chat: Chat, caplog: pytest.LogCaptureFixture, message: str
) -> None:
    answer = chat.send(message)
    assert answer.status_code == 200
    assert answer.json()["messages"][0]["text"].startswith(PROBLEM)
    assert "words of a buyer" not in caplog.text
    assert "Traceback" not in answer.text + caplog.text


def test_a_crash_is_logged_with_its_place(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    chat.send("crash")
    assert "RuntimeError at" in caplog.text
    assert "fake_assistant.py" in caplog.text


def test_a_slow_answer_ends_in_a_kind_sentence_and_is_still_finished(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_for_tests(tmp_path_factory.mktemp("slow"))
    with running(settings, reply_timeout=0.3) as slow:
        assert Chat(slow.url).says("wait").startswith(PROBLEM)
        slow.agent.release.set()
        _until(lambda: slow.agent.finished == ["wait"])


def test_a_browser_that_goes_away_does_not_cut_the_assistant_off(server: SimpleNamespace) -> None:
    server.agent.finished.clear()
    chat = Chat(server.url)
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{server.url}/messages",
            headers={"Authorization": f"Bearer {chat.token}"},
            json={"message": "wait"},
            timeout=0.3,
        )
    server.agent.release.set()
    _until(lambda: server.agent.finished == ["wait"])


def test_messages_sent_at_once_are_answered_one_by_one_in_their_order() -> None:
    """With Rasa's own lock, as its agent takes it."""
    running_now: list[str] = []
    finished: list[str] = []

    async def handle(message: UserMessage) -> None:
        async with locks.lock(message.sender_id, wait_time_in_seconds=0.01):
            running_now.append(message.text)
            assert running_now == [message.text]
            await asyncio.sleep(0.03)
            running_now.remove(message.text)
            finished.append(message.text)

    async def send_all() -> None:
        assistant = Assistant(handle, Buttons(KEY), timeout=5)
        await asyncio.gather(*(assistant.answer("chat", str(number)) for number in range(5)))

    locks = InMemoryLockStore()
    asyncio.run(send_all())
    assert finished == ["0", "1", "2", "3", "4"]


def _until(condition: object) -> None:
    deadline = time.monotonic() + 5
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < deadline, "it didn't happen within 5 seconds"
        time.sleep(0.02)

"""What comes without having been asked, how far a dialogue is, and what a receipt leads to."""

from __future__ import annotations

import time
from typing import Any

import pytest
import requests

from bot.desk import Desk as ReturnsDesk
from bot.settings import Settings
from tests.conversations.conftest import Chat
from tests.running import NOW

pytestmark = pytest.mark.model

LATE = (
    "my parcel never arrived",
    "40010002 marie.dubois@example.com",
    ">Buyer Protection",
    ">Original",
    ">Yes, file it",
)
"""A whole filing; a button's title stands after ">"."""


def said(messages: list[dict[str, Any]]) -> list[str | None]:
    return [m.get("response") for m in messages]


def talk(chat: Chat, *messages: str) -> list[list[dict[str, Any]]]:
    return [chat.tap(m[1:]) if m[0] == ">" else chat.send(m) for m in messages]


def news(chat: Chat, after: int = 0) -> list[dict[str, Any]]:
    # What the server knows of all chats is a second old at the most.
    time.sleep(1.1)
    answer = requests.get(
        f"{chat.assistant.url}/notices",
        params={"after": after},
        headers={"Authorization": f"Bearer {chat.token}"},
        timeout=10,
    )
    messages: list[dict[str, Any]] = answer.json()["messages"]
    return messages


def steps(replies: list[list[dict[str, Any]]]) -> list[int | None]:
    """The stage that each reply tells, in its last message alone."""
    assert not [m for reply in replies for m in reply[:-1] if "progress" in m]
    return [reply[-1].get("progress", {}).get("step") for reply in replies]


def test_a_notice_is_part_of_the_conversation(chat: Chat) -> None:
    talk(chat, *LATE)
    assert news(chat) == []
    chat.desk.advance("refunded")
    (told,) = news(chat)
    assert told["response"] == "utter_notice_request"
    assert [m["text"] for m in news(chat)] == [told["text"]], "another tab is told as well"
    (answer,) = chat.send("what does that mean?")
    assert answer["response"] == "utter_why_last_answer"
    assert answer["text"].count("(H4)") == 1


def test_what_comes_next_is_asked_of_the_notice(chat: Chat) -> None:
    talk(chat, *LATE)
    chat.desk.advance("refunded")
    news(chat)
    told = chat.send("what happens next?")
    assert "There is nothing more to do" in told[0]["text"]


def test_a_notice_in_the_middle_of_a_dialogue_leaves_its_question_open(chat: Chat) -> None:
    talk(chat, *LATE)
    talk(chat, "I want to send something else back", "40010001 ana.souza@example.com")
    before = chat.send("the blender")
    chat.desk.advance("refunded")
    assert len(news(chat)) == 1
    after = chat.send("it arrived broken")
    assert before[-1]["progress"]["step"] == 2
    assert after[-1]["progress"]["step"] >= 2
    assert "utter_welcome_back" not in said(after)


def test_a_persons_answer_comes_to_the_chat(chat: Chat) -> None:
    (first, *_) = chat.send("I want to talk to a person")
    assert first["follow"] is True
    settings = Settings(_env_file=None, var_dir=chat.assistant.folder, fixed_now=NOW)
    desk = ReturnsDesk.from_settings(settings)
    try:
        ticket = chat.desk.newest("hand_offs")["ticket"]
        desk.answer_hand_off(ticket, "Your money is on its way.", "1", "Maria")
    finally:
        desk.close()
    (told,) = news(chat)
    assert "Your money is on its way." in told["text"]
    assert told["notice"]["from"] == "Maria from our team"


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        (LATE, [1, 3, 4, 5, None]),
        (
            (
                "the blender I got is broken",
                "40010001",
                "ana.souza@example.com",
            ),
            [1, 1, 2],
        ),
        (("where is my parcel?",), [None]),
    ],
    ids=["a late parcel", "a broken blender", "no dialogue that counts"],
)
def test_a_filing_says_how_far_it_has_come(
    chat: Chat, messages: tuple[str, ...], expected: list[int | None]
) -> None:
    assert steps(talk(chat, *messages)) == expected


def test_a_question_in_between_leaves_the_count_where_it_was(chat: Chat) -> None:
    replies = talk(chat, *LATE[:2], "what is free return?", "how long does it take?")
    assert steps(replies) == [1, 3, 3, 3]


def test_the_receipt_leads_to_the_request_and_its_files(chat: Chat) -> None:
    filed = next(m for m in talk(chat, *LATE)[-1] if m.get("response") == "utter_filed")
    card = filed["card"]
    assert card["line"] in filed["text"]
    assert "key=" not in filed["text"]
    page, receipt = (
        requests.get(chat.assistant.url + link["url"], timeout=10) for link in card["links"]
    )
    assert card["request_number"] in page.text
    assert receipt.headers["Content-Type"] == "application/pdf"

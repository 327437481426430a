"""A shop that didn't tell its buyers of the right to withdraw: 12 months more (art. 10)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conversations.conftest import Chat, Desk
from tests.running import RunningAssistant, running_assistant

SINCE = "2026-11-05"
"""The shop tells its buyers from this day on."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningAssistant]:
    folder = tmp_path_factory.mktemp("not_informed")
    with running_assistant(folder, ASSISTANT_WITHDRAWAL_INFORMED_SINCE=SINCE) as assistant:
        yield assistant


def told(shop: RunningAssistant, *messages: str) -> str:
    """What the last reply says; a button's title stands after ">"."""
    chat = Chat(shop, Desk(shop.database))
    chat.start()
    replies = []
    for message in messages:
        replies = chat.tap(message[1:]) if message[0] == ">" else chat.send(message)
    return "\n".join(reply.get("text") or "" for reply in replies)


def test_an_order_placed_before_has_twelve_months_more(shop: RunningAssistant) -> None:
    question = "what are my rights for order 40010047, nora.lindner@example.com?"
    text = told(shop, question, ">I changed my mind")
    assert "You weren't told of this right before you ordered" in text
    assert "12 months more, until Tuesday, 30 November 2027" in text
    assert "You can withdraw until Tuesday, 30 November 2027, no reason needed." in text


def test_an_order_placed_later_has_the_fourteen_days(shop: RunningAssistant) -> None:
    question = "what are my rights for order 40010001, ana.souza@example.com?"
    text = told(shop, question, ">I changed my mind")
    assert "You can withdraw until Wednesday, 2 December 2026" in text
    assert "weren't told" not in text


def test_without_an_order_the_day_of_receipt_tells(shop: RunningAssistant) -> None:
    before = told(
        shop, "I changed my mind, what are my rights in Germany?", "I got it on 2 November"
    )
    assert "12 months more, until Tuesday, 16 November 2027" in before
    after = told(
        shop, "I changed my mind, what are my rights in Germany?", "I got it on 19 November"
    )
    assert "You can withdraw until Thursday, 3 December 2026" in after


def test_the_statement_of_withdrawal_names_the_longer_period(shop: RunningAssistant) -> None:
    question = "withdraw from contract 40010047, nora.lindner@example.com"
    assert "Tuesday, 30 November 2027" in told(shop, question, "both")

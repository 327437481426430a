from __future__ import annotations

import json

import pytest

from bot.desk import BadAnswer, Desk, Line
from tests.desk.shop import CHAT, NOW, rows

SAID = (Line("buyer", "I want to talk\nto a person", NOW), Line("assistant", "Of course", NOW))


def test_a_hand_off_opens_a_ticket_with_what_was_said(desk: Desk) -> None:
    ticket = desk.hand_off(CHAT, "a refund that is late", "Order 50010001", SAID, "key").ticket
    assert ticket.startswith("H-")
    (row,) = rows(desk, "hand_offs")
    assert (row["ticket"], row["need"], row["summary"]) == (
        ticket,
        "a refund that is late",
        "Order 50010001",
    )
    assert json.loads(row["transcript"])[0] == {
        "who": "buyer",
        "text": "I want to talk\nto a person",
        "at": "2026-11-23T10:00:00+00:00",
    }


def test_support_gets_the_ticket_as_a_message(desk: Desk) -> None:
    ticket = desk.hand_off(CHAT, "a refund", "Order 50010001", SAID, "key").ticket
    (message,) = rows(desk, "outbox_messages")
    assert message["recipient"] == "support@example.com"
    assert ticket in message["subject"]
    assert "Buyer, 10:00" in message["body"]
    assert "I want to talk\n      to a person" in message["body"]


def test_the_same_key_opens_one_ticket(desk: Desk) -> None:
    first = desk.hand_off(CHAT, "help", "", SAID, "key")
    assert desk.hand_off(CHAT, "help", "", SAID, "key") == first
    assert desk.hand_off(CHAT, "help", "", SAID, "key 2") != first
    assert desk.hand_off("another chat", "help", "", SAID, "key") != first
    assert len(rows(desk, "outbox_messages")) == 3


def test_a_long_and_dirty_transcript_is_kept_plain_and_bounded(desk: Desk) -> None:
    dirty = tuple(Line("buyer", "\0\x1b[31m" + "x" * 10_000) for _ in range(1000))
    desk.hand_off(CHAT, "n" * 1000, "s" * 100_000, dirty, "key")
    (row,) = rows(desk, "hand_offs")
    kept = json.loads(row["transcript"])
    assert len(kept) == 500
    assert kept[0]["text"].startswith("[31mxxx")
    assert len(kept[0]["text"]) <= 4000
    assert (len(row["need"]), len(row["summary"])) == (200, 5000)


def test_a_hand_off_needs_a_key(desk: Desk) -> None:
    with pytest.raises(BadAnswer):
        desk.hand_off(CHAT, "help", "", (), "")

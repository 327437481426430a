from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.desk import BadAnswer, Desk, Line
from tests.desk.shop import ANA, CHAT, NOW, Hands, bring, filing, order, rows, verified

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


def test_a_proved_order_tells_who_and_what_it_is_about(desk: Desk) -> None:
    bring(desk, order())
    verified(desk)
    tried = ("told the routes", "offered\na Free Return")
    desk.hand_off(CHAT, "help", "late", SAID, "key", order_number="50010001", tried=tried)
    (row,) = rows(desk, "hand_offs")
    assert json.loads(row["tried"]) == ["told the routes", "offered a Free Return"]
    assert row["order_id"] == rows(desk, "orders")[0]["id"]
    (message,) = rows(desk, "outbox_messages")
    for words in ("50010001", "Lumen Kitchen", f"Ana Souza, {ANA}", "- offered a Free Return"):
        assert words in message["body"]


def test_an_order_that_isnt_proved_is_left_out_but_the_person_comes(desk: Desk) -> None:
    bring(desk, order())
    verified(desk, chat="another chat")
    ticket = desk.hand_off(CHAT, "help", "", SAID, "key", order_number="50010001").ticket
    (row,) = rows(desk, "hand_offs")
    assert (row["ticket"], row["order_id"], row["buyer_id"]) == (ticket, None, None)
    (message,) = rows(desk, "outbox_messages")
    assert "none that the buyer has proved" in message["body"]
    assert "Ana" not in message["body"]
    assert "50010001" not in message["body"]


def test_a_chat_opens_no_more_tickets_a_day_than_the_settings_say(desk: Desk, hands: Hands) -> None:
    tickets = [desk.hand_off(CHAT, "help", "", SAID, f"key-{n}").ticket for n in range(5)]
    assert len(set(tickets)) == 3
    assert tickets[3:] == [tickets[2]] * 2
    assert len(rows(desk, "outbox_messages")) == 3
    hands.moment += timedelta(hours=25)
    assert desk.hand_off(CHAT, "help", "", SAID, "key-9").ticket not in tickets


def test_a_buyer_opens_no_more_tickets_a_day_in_however_many_chats(desk: Desk) -> None:
    bring(desk, order())
    tickets = []
    for n in range(7):
        verified(desk, chat=f"chat-{n}")
        handed = desk.hand_off(f"chat-{n}", "help", "", SAID, "key", order_number="50010001")
        tickets.append(handed.ticket)
    assert len(set(tickets)) == 5
    assert tickets[5:] == [tickets[4]] * 2
    assert desk.hand_off("chat-9", "help", "", SAID, "key").ticket not in tickets


BOB = "bob@example.com"


def two_buyers(desk: Desk, hands: Hands) -> tuple[Line, ...]:
    """Ana, then Bob, prove an order each in one chat; what was said meanwhile."""
    bob = {"email": BOB, "name": "Bob", "locale": "en_GB"}
    bring(desk, order(), order(number="50010002", buyer=bob))
    said = []

    def say(text: str) -> None:
        hands.moment += timedelta(seconds=1)
        said.append(Line("buyer", text, hands.moment))

    verified(desk)
    say("Ana's jug is broken")
    say(f"now 5001-0002 and {BOB.upper()}")
    hands.moment += timedelta(seconds=1)
    verified(desk, "50010002", BOB)
    say("Bob's blender smells")
    say(f"as I said, 5001 0001 and {ANA}")
    said.append(Line("buyer", "nobody knows when"))
    return tuple(said)


def test_a_ticket_tells_nothing_of_another_buyers_order(desk: Desk, hands: Hands) -> None:
    said = two_buyers(desk, hands)
    summary = f"orders 50010001 and 50010002 of {ANA} and {BOB}"
    desk.hand_off(CHAT, "help", summary, said, "ana", "50010001", tried=("told 50010002",))
    desk.hand_off(CHAT, "help", "", said, "bob", order_number="50010002")
    desk.hand_off(CHAT, "help", "", said, "nobody")
    ana, bob, nobody = (
        [line["text"] for line in json.loads(row["transcript"])] for row in rows(desk, "hand_offs")
    )
    row = rows(desk, "hand_offs")[0]
    assert row["summary"] == f"orders 50010001 and … of {ANA} and …"
    assert json.loads(row["tried"]) == ["told …"]
    assert ana == ["Ana's jug is broken", "now … and …"]
    assert bob == nobody == ["Bob's blender smells", "as I said, … and …"]


def test_a_proof_taken_back_still_counts_as_another_buyers(desk: Desk, hands: Hands) -> None:
    said = two_buyers(desk, hands)
    desk.forget(CHAT)
    verified(desk)
    desk.hand_off(CHAT, "help", "", said, "ana", order_number="50010001")
    (row,) = rows(desk, "hand_offs")
    assert "Bob" not in row["transcript"]


def test_a_receipt_tells_nothing_of_another_buyers_order(desk: Desk, hands: Hands) -> None:
    said = two_buyers(desk, hands)
    item = desk.order(CHAT, "50010001").items[0].id
    desk.file(CHAT, filing(item, transcript=said))
    (receipt,) = rows(desk, "outbox_messages")
    assert "Ana's jug is broken" in receipt["body"]
    assert "Bob" not in receipt["body"]
    assert BOB not in receipt["body"].lower()


def test_a_buyer_with_two_orders_keeps_all_that_was_said(desk: Desk) -> None:
    bring(desk, order(), order(number="50010002"))
    verified(desk)
    verified(desk, "50010002")
    desk.hand_off(CHAT, "help", "", (Line("buyer", "50010002 too"),), "key", "50010001")
    (row,) = rows(desk, "hand_offs")
    assert json.loads(row["transcript"])[0]["text"] == "50010002 too"

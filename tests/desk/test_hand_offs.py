from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.desk import BadAnswer, Desk, Line, UnknownTicket
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


def notices(desk: Desk, chat: str = CHAT, after: int = 0) -> list[tuple[int, str]]:
    """Place and text of the answers that a chat is told."""
    return [(one.place, one.answer.text) for one in desk.notices(chat, after)[0] if one.answer]


def test_an_answer_reaches_the_chat_and_the_orders_own_address(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    verified(busy_desk)
    ticket = busy_desk.hand_off(CHAT, "a refund", "", SAID, "key", "50010001").ticket
    found = busy_desk.answer_hand_off(ticket.lower(), "It is on\nits way.", "1", "Maria")
    assert (found.in_chat, found.by_mail) == (True, True)
    (notice,), place = busy_desk.notices(CHAT, 0)
    assert (notice.place, place) == (1, 1)
    assert (notice.answer.ticket, notice.answer.name, notice.answer.text) == (
        ticket,
        "Maria",
        "It is on\nits way.",
    )
    mail = rows(busy_desk, "outbox_messages")[-1]
    assert (mail["kind"], mail["recipient"]) == ("hand_off_answered", ANA)
    assert "Maria from our team" in mail["body"]
    assert "  It is on\n  its way." in mail["body"]
    assert rows(busy_desk, "audit_entries")[-1]["action"] == "hand_off_answered"


def test_an_answer_is_given_once_for_each_key(desk: Desk) -> None:
    ticket = desk.hand_off(CHAT, "help", "", SAID, "key").ticket
    for _ in range(3):
        assert len(desk.answer_hand_off(ticket, "Hello", "1").answers) == 1
    with pytest.raises(BadAnswer, match="taken"):
        desk.answer_hand_off(ticket, "Another", "1")
    desk.answer_hand_off(ticket, "Hello", "2")
    assert notices(desk) == [(1, "Hello"), (2, "Hello")]
    assert notices(desk, after=1) == [(2, "Hello")]
    assert notices(desk, "another chat") == []


def test_without_an_order_an_answer_reaches_the_chat_alone(desk: Desk, hands: Hands) -> None:
    ticket = desk.hand_off(CHAT, "help", "", SAID, "key").ticket
    before = rows(desk, "outbox_messages")
    assert not desk.answer_hand_off(ticket, "Hello", "1").by_mail
    hands.moment = NOW + timedelta(hours=13)
    late = desk.answer_hand_off(ticket, "Are you there?", "2")
    assert (late.in_chat, late.by_mail) == (False, False)
    assert notices(desk) == [(1, "Hello")]
    assert rows(desk, "outbox_messages") == before


@pytest.mark.parametrize(
    ("words", "name", "key", "problem"),
    [
        ("", "", "1", "empty"),
        (" \n\u202e\0", "", "1", "empty"),
        ("x" * 4001, "", "1", "too_long"),
        ("Hello", "n" * 61, "1", "too_long"),
        ("Hello", "", "", "invalid"),
        ("Hello", "", "k" * 201, "invalid"),
    ],
)
def test_an_answer_that_cant_be_shown_is_refused(
    desk: Desk, words: str, name: str, key: str, problem: str
) -> None:
    ticket = desk.hand_off(CHAT, "help", "", SAID, "key").ticket
    with pytest.raises(BadAnswer, match=problem):
        desk.answer_hand_off(ticket, words, key, name)
    assert notices(desk) == []
    assert rows(desk, "hand_off_answers") == []


def test_an_answer_is_kept_without_what_could_fool_a_reader(desk: Desk) -> None:
    ticket = desk.hand_off(CHAT, "help", "", SAID, "key").ticket
    desk.answer_hand_off(ticket, "a\u202eb\x1b[31m <b>c</b>", "1", "Ma\nria\u2066")
    (one,) = desk.ticket(ticket).answers
    assert (one.text, one.name) == ("ab[31m <b>c</b>", "Ma ria")
    assert len(desk.answer_hand_off(ticket, "y" * 4000, "2").answers) == 2


def test_nobody_answers_a_ticket_that_isnt_there(desk: Desk) -> None:
    with pytest.raises(UnknownTicket):
        desk.answer_hand_off("H-ZZZZZZZZ", "Hello", "1")
    assert desk.ticket("H-ZZZZZZZZ") is None


def test_unanswered_tickets_can_be_listed_alone(desk: Desk) -> None:
    first, second = (desk.hand_off(CHAT, "help", "", SAID, key).ticket for key in "12")
    desk.answer_hand_off(second, "Hello", "1")
    assert [one.ticket for one in desk.latest_tickets(9)] == [second, first]
    assert [one.ticket for one in desk.latest_tickets(9, unanswered=True)] == [first]

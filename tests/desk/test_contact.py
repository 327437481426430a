"""Messages for sellers, ratings, and what is left of the month's labels."""

from __future__ import annotations

from datetime import date, datetime, timezone
from email import message_from_string

import pytest

from bot.desk import BadAnswer, Desk, NotVerified
from bot.policy import Clauses
from tests.desk.conftest import MakeDesk
from tests.desk.shop import (
    ANA,
    CHAT,
    NOW,
    Hands,
    bring,
    filing,
    items,
    order,
    rows,
    verified,
    with_parameter,
)

WORDS = "Does the jug fit\nthe older base? \u202eThanks"


def test_a_message_is_kept_for_the_seller_and_the_buyer_gets_a_copy(desk: Desk) -> None:
    bring(desk, order())
    verified(desk)
    sent = desk.message_seller(CHAT, "5001-0001", WORDS, "key")
    assert sent.number.startswith("M-")
    assert (sent.seller, sent.sent_at) == ("Lumen Kitchen", NOW)
    (row,) = rows(desk, "seller_messages")
    assert (row["number"], row["text"]) == (sent.number, WORDS.replace("\u202e", ""))
    copy, passed_on = rows(desk, "outbox_messages")
    assert (copy["recipient"], passed_on["recipient"]) == (ANA, "support@example.com")
    assert copy["message_id"] != passed_on["message_id"]
    for message in (copy, passed_on):
        assert sent.number in message["subject"]
        assert "Does the jug fit\n  the older base? Thanks" in message["body"]
    assert "contact seller" in copy["body"].split("WORD FOR WORD")[1]
    assert f"Ana Souza, {ANA}" in passed_on["body"]
    assert [(row["action"], row["about"]) for row in rows(desk, "audit_entries")][-1] == (
        "seller_messaged",
        sent.number,
    )


def test_the_same_key_records_one_message(desk: Desk) -> None:
    bring(desk, order(), order(number="50010002"))
    verified(desk)
    verified(desk, "50010002")
    first = desk.message_seller(CHAT, "50010001", "Hello", "key")
    assert desk.message_seller(CHAT, "50010001", "Hello again", "key") == first
    assert desk.message_seller(CHAT, "50010001", "Hello again", "key-2") != first
    with pytest.raises(BadAnswer):
        desk.message_seller(CHAT, "50010002", "Hello", "key")
    assert [row["text"] for row in rows(desk, "seller_messages")] == ["Hello", "Hello again"]


def test_nobody_writes_about_an_order_that_isnt_proved(desk: Desk) -> None:
    bring(desk, order())
    verified(desk, chat="another chat")
    with pytest.raises(NotVerified):
        desk.message_seller(CHAT, "50010001", "Hello", "key")
    assert rows(desk, "seller_messages") == rows(desk, "outbox_messages") == []


@pytest.mark.parametrize(
    ("text", "key", "problem"),
    [(" \u202e\n", "key", "empty"), ("x" * 4001, "key", "too_long"), ("Hello", "", "invalid")],
)
def test_a_message_that_cant_be_used_is_refused(
    desk: Desk, text: str, key: str, problem: str
) -> None:
    bring(desk, order())
    verified(desk)
    with pytest.raises(BadAnswer) as caught:
        desk.message_seller(CHAT, "50010001", text, key)
    assert caught.value.problem == problem


def test_a_conversation_has_one_rating_and_the_latest_stays(desk: Desk, hands: Hands) -> None:
    desk.rate(CHAT, 2, "Too many questions\0")
    hands.moment = datetime(2026, 11, 23, 11, 0, tzinfo=timezone.utc)
    desk.rate(CHAT, 5)
    desk.rate("another chat", 1, "x" * 10_000)
    mine, other = rows(desk, "ratings")
    assert (mine["stars"], mine["comment"]) == (5, None)
    assert (str(mine["created_at"])[11:16], str(mine["updated_at"])[11:16]) == ("10:00", "11:00")
    assert (other["stars"], len(other["comment"])) == (1, 2000)


@pytest.mark.parametrize("stars", [0, 6, -1, True, 2.5, "5", None])
def test_a_rating_is_one_to_five(desk: Desk, stars: object) -> None:
    with pytest.raises(BadAnswer):
        desk.rate(CHAT, stars)
    assert rows(desk, "ratings") == []


def test_labels_that_are_left_go_down_and_come_back_next_month(desk: Desk, hands: Hands) -> None:
    bring(desk, order(items=items(2)), order(number="50010002"))
    verified(desk, "50010002")
    left = desk.labels_left(CHAT, "50010002")
    assert (left.limit, left.used, left.left) == (3, 0, 3)
    assert left.renews_on == date(2026, 12, 1)
    for n, item in enumerate(verified(desk)):
        desk.file(CHAT, filing(item, f"key-{n}"))
    left = desk.labels_left(CHAT, "50010002")
    assert (left.limit, left.used, left.left) == (3, 2, 1)
    # Berlin is an hour ahead: there it is January already.
    hands.moment = datetime(2026, 12, 31, 23, 30, tzinfo=timezone.utc)
    left = desk.labels_left(CHAT, "50010002")
    assert (left.used, left.left, left.renews_on) == (0, 3, date(2027, 2, 1))


def test_no_labels_are_left_where_the_clauses_allow_none(
    make_desk: MakeDesk, desk: Desk, clauses: Clauses
) -> None:
    bring(desk, order(items=items(2)))
    for n, item in enumerate(verified(desk)):
        desk.file(CHAT, filing(item, f"key-{n}"))
    strict = make_desk(clauses=with_parameter(clauses, "F10", "labels_per_month", 1))
    assert strict.labels_left(CHAT, "50010001").left == 0


def test_labels_are_told_for_a_proved_order_only(desk: Desk) -> None:
    bring(desk, order())
    with pytest.raises(NotVerified):
        desk.labels_left(CHAT, "50010001")


def test_a_buyers_words_cant_reach_a_header(desk: Desk) -> None:
    bring(desk, order())
    verified(desk)
    sent = desk.message_seller(CHAT, "50010001", "Hi\r\nBcc: all@example.com", "key")
    desk.deliver_due()
    for path in desk.context.routes.folder.glob(f"{sent.number}*.eml"):
        assert message_from_string(path.read_text())["Bcc"] is None
    assert len(list(desk.context.routes.folder.glob(f"{sent.number}*.eml"))) == 2

"""Buyers whom the shop has signed in: their own orders, nobody else's, and no longer than told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bot.desk import Desk, NotVerified, SigningIn, TokenUsed
from tests.desk.shop import ANA, Hands, bring, items, order, rows

EVA = "eva@example.com"
SIGNING = SigningIn(email=ANA, name="Ana", fresh="chat-1", current=None, seconds=3600)


def of_eva(**changes: object) -> dict:
    return order(number="60010001", buyer={"email": EVA, "name": "Eva"}, **changes)


def numbers(desk: Desk, chat: str, limit: int = 5) -> list[str]:
    return [own.order.number for own in desk.own_orders(chat, limit)]


def test_a_buyer_sees_the_own_orders_newest_first_and_no_others(busy_desk: Desk) -> None:
    desk = busy_desk
    older = order(number="50010000", placed_on="2026-10-01")
    newest = order(number="50010002", placed_on="2026-11-10")
    bring(desk, order(), of_eva(), older, newest)
    assert desk.sign_in(SIGNING).name == "Ana"
    assert numbers(desk, "chat-1") == ["50010002", "50010001", "50010000"]
    assert numbers(desk, "chat-1", 2) == ["50010002", "50010001"]
    assert numbers(desk, "chat-2") == []


def test_an_own_order_needs_no_email_and_opens_like_a_proved_one(desk: Desk) -> None:
    bring(desk, order(), of_eva())
    desk.sign_in(SIGNING)
    with pytest.raises(NotVerified):
        desk.order("chat-1", "50010001")
    taken = desk.take_own("chat-1", "# 5001-0001")
    assert taken is not None
    assert taken == desk.order("chat-1", "50010001")


@pytest.mark.parametrize("number", ["60010001", "99999999", "", "' OR 1=1"])
def test_others_orders_are_as_unknown_as_those_that_are_not(desk: Desk, number: str) -> None:
    bring(desk, order(), of_eva())
    desk.sign_in(SIGNING)
    assert desk.take_own("chat-1", number) is None
    assert desk.take_own("chat-2", "50010001") is None
    assert rows(desk, "conversation_grants") == []


def test_orders_that_are_loaded_later_are_seen_too(desk: Desk) -> None:
    desk.sign_in(SIGNING)
    assert numbers(desk, "chat-1") == []
    bring(desk, order())
    assert numbers(desk, "chat-1") == ["50010001"]


def test_the_shops_word_ends_with_the_session(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    desk.sign_in(SIGNING)
    hands.moment += timedelta(seconds=3599)
    assert desk.signed_in("chat-1")
    hands.moment += timedelta(seconds=1)
    assert desk.signed_in("chat-1") is None
    assert numbers(desk, "chat-1") == []
    assert desk.take_own("chat-1", "50010001") is None


def test_what_has_expired_is_deleted_by_the_next_to_sign_in(desk: Desk, hands: Hands) -> None:
    desk.sign_in(replace(SIGNING, token_id="t-1", token_seconds=900))
    hands.moment += timedelta(hours=2)
    desk.sign_in(replace(SIGNING, email=EVA, fresh="chat-2"))
    assert [row["email"] for row in rows(desk, "conversation_buyers")] == [EVA]
    assert rows(desk, "buyer_tokens") == []


def test_the_same_buyer_goes_on_in_the_conversation(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    desk.sign_in(SIGNING)
    desk.take_own("chat-1", "50010001")
    hands.moment += timedelta(minutes=50)
    again = desk.sign_in(replace(SIGNING, fresh="chat-2", current="chat-1"))
    assert (again.conversation_id, again.rejoined) == ("chat-1", True)
    hands.moment += timedelta(minutes=50)
    assert desk.order("chat-1", "50010001")
    assert desk.signed_in("chat-1")


def test_another_buyer_gets_a_new_conversation_and_ends_the_old_one(desk: Desk) -> None:
    bring(desk, order(), of_eva())
    desk.sign_in(SIGNING)
    desk.take_own("chat-1", "50010001")
    other = desk.sign_in(replace(SIGNING, email=EVA, fresh="chat-2", current="chat-1"))
    assert (other.conversation_id, other.rejoined) == ("chat-2", False)
    assert desk.signed_in("chat-1") is None
    with pytest.raises(NotVerified):
        desk.order("chat-1", "50010001")
    assert numbers(desk, "chat-2") == ["60010001"]


def test_nobody_is_signed_in_to_a_chat_that_was_begun_without(desk: Desk) -> None:
    # Whoever began it could read on.
    desk.verify("chat-0", "1", "nobody@example.com")
    signed_in = desk.sign_in(replace(SIGNING, current="chat-0"))
    assert (signed_in.conversation_id, signed_in.rejoined) == ("chat-1", False)
    assert desk.signed_in("chat-0") is None


def test_signing_out_forgets_the_buyer_and_what_was_proved(desk: Desk) -> None:
    bring(desk, order())
    desk.sign_in(SIGNING)
    desk.take_own("chat-1", "50010001")
    desk.sign_out("chat-1")
    assert desk.signed_in("chat-1") is None
    assert desk.verified_orders("chat-1") == []
    assert desk.take_own("chat-1", "50010001") is None


def test_a_token_with_an_id_starts_one_conversation(desk: Desk) -> None:
    once = replace(SIGNING, token_id="t-1", token_seconds=900)
    desk.sign_in(once)
    with pytest.raises(TokenUsed):
        desk.sign_in(replace(once, fresh="chat-2"))
    assert desk.signed_in("chat-2") is None
    # A page that is shown again has the old token, and the session that it started.
    assert desk.sign_in(replace(once, fresh="chat-3", current="chat-1")).rejoined


def test_of_many_at_once_with_one_token_one_gets_in(busy_desk: Desk) -> None:
    start, got = Barrier(4), []

    def come(chat: str) -> None:
        start.wait(5)
        try:
            busy_desk.sign_in(replace(SIGNING, fresh=chat, token_id="t-1", token_seconds=900))
            got.append(chat)
        except TokenUsed:
            pass

    threads = [Thread(target=come, args=(f"chat-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(got) == 1
    assert [row["conversation_id"] for row in rows(busy_desk, "conversation_buyers")] == got


def test_the_badge_stands_where_free_return_may_be_open(desk: Desk) -> None:
    labelled, plain = items(2)
    late = order(number="50010003", shipment={"status": "delivered", "delivered_on": "2026-11-08"})
    late["placed_on"] = "2026-11-01"
    bring(desk, order(items=[labelled, plain | {"free_return_label": False}]), late)
    desk.sign_in(SIGNING)
    newer, older = desk.own_orders("chat-1", 5)
    assert newer.free_returns == {newer.order.items[0].id}
    assert len(older.free_returns) == 1
    # The 15 days are over.
    bring(
        desk,
        order(
            number="50010004",
            placed_on="2026-10-01",
            shipment={"status": "delivered", "delivered_on": "2026-10-05"},
        ),
    )
    assert [bool(own.free_returns) for own in desk.own_orders("chat-1", 5)] == [True, True, False]

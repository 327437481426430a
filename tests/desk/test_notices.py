"""What chats are told of requests without having asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.desk import Desk, IllegalStep, RequestStatus, Step
from bot.desk.submissions import SigningIn
from tests.desk.shop import ANA, CHAT, NOW, Hands, bring, filing, order, rows, verified

OTHER = "chat-2"


def filed(desk: Desk, number: str = "50010001") -> str:
    bring(desk, order(number=number))
    return desk.file(CHAT, filing(verified(desk, number)[0], f"key-{number}", number)).number


def told(desk: Desk, chat: str = CHAT, after: int = 0) -> list[str]:
    return [one.reached.value for one in desk.notices(chat, after)[0] if one.reached]


def test_every_step_of_a_request_is_told_once_and_in_order(busy_desk: Desk) -> None:
    number = filed(busy_desk)
    steps = [Step.PARCEL_SENT, RequestStatus.RECEIVED, Step.QUALITY_CONTROL, RequestStatus.REFUNDED]
    for step in [one for one in steps for _ in range(2)]:
        busy_desk.advance(number, step, "tests")
    found, place = busy_desk.notices(CHAT, 0)
    assert [one.reached for one in found] == steps
    assert [one.place for one in found] == [1, 2, 3, 4]
    assert place == 4
    assert {one.request.number for one in found} == {number}
    assert told(busy_desk, after=2) == ["quality_control", "refunded"]
    assert busy_desk.notices(CHAT, 4) == ([], 4)


def test_a_request_is_told_of_as_it_stood_then(desk: Desk) -> None:
    number = filed(desk)
    desk.advance(number, Step.SELLER_ANSWERED, "tests")
    desk.advance(number, RequestStatus.REFUNDED, "tests")
    first, second = (one.request for one in desk.notices(CHAT, 0)[0])
    assert (first.status, first.steps) == (RequestStatus.SUBMITTED, (Step.SELLER_ANSWERED,))
    assert (second.status, second.steps) == (RequestStatus.REFUNDED, ())


def test_a_refused_step_tells_nobody(desk: Desk) -> None:
    number = filed(desk)
    desk.advance(number, RequestStatus.REFUNDED, "tests")
    with pytest.raises(IllegalStep):
        desk.advance(number, RequestStatus.RECEIVED, "tests")
    assert told(desk) == ["refunded"]


def test_every_open_chat_that_proved_the_order_is_told_and_no_other(desk: Desk) -> None:
    number = filed(desk)
    verified(desk, chat=OTHER)
    bring(desk, order(number="50010002"))
    verified(desk, "50010002", chat="a chat about another order")
    assert not desk.verify("a guess", "50010001", "someone@example.com").ok
    desk.advance(number, RequestStatus.RECEIVED, "tests")
    assert told(desk) == told(desk, OTHER) == ["received"]
    assert {row["conversation_id"] for row in rows(desk, "conversation_notices")} == {CHAT, OTHER}


def test_who_gave_the_proof_back_is_told_nothing(desk: Desk) -> None:
    number = filed(desk)
    desk.advance(number, RequestStatus.RECEIVED, "tests")
    desk.forget(CHAT)
    desk.advance(number, RequestStatus.REFUNDED, "tests")
    # What was written before isn't shown either, and isn't asked for again.
    assert desk.notices(CHAT, 0) == ([], 1)


def test_a_chat_that_is_over_is_told_nothing_and_what_it_was_told_is_removed(
    desk: Desk, hands: Hands
) -> None:
    number = filed(desk)
    desk.advance(number, RequestStatus.RECEIVED, "tests")
    hands.moment = NOW + timedelta(hours=14)
    desk.verify(OTHER, "50010001", ANA)
    desk.advance(number, RequestStatus.REFUNDED, "tests")
    assert [row["conversation_id"] for row in rows(desk, "conversation_notices")] == [OTHER]


def test_a_chat_that_the_shops_word_renews_goes_on_being_told(desk: Desk, hands: Hands) -> None:
    number = filed(desk)
    desk.advance(number, Step.PARCEL_SENT, "tests")
    hands.moment = NOW + timedelta(hours=11)
    desk.sign_in(SigningIn(ANA, "Ana", fresh=CHAT, current=None, seconds=12 * 3600))
    hands.moment = NOW + timedelta(hours=20)
    desk.advance(number, RequestStatus.RECEIVED, "tests")
    assert told(desk, after=1) == ["received"], "places go on, whatever was told long ago"
    hands.moment = NOW + timedelta(hours=24)
    desk.advance(number, RequestStatus.REFUNDED, "tests")
    assert told(desk, after=2) == []


def test_an_answer_about_an_order_isnt_told_to_who_gave_the_proof_back(desk: Desk) -> None:
    filed(desk)
    for key, about in (("1", "50010001"), ("2", None)):
        ticket = desk.hand_off(CHAT, "help", "", (), key, about).ticket
        desk.answer_hand_off(ticket, f"answer {key}", key)
    assert [one.answer.text for one in desk.notices(CHAT, 0)[0]] == ["answer 1", "answer 2"]
    desk.forget(CHAT)
    assert [one.answer.text for one in desk.notices(CHAT, 0)[0]] == ["answer 2"]


def test_who_watches_all_chats_sees_which_have_something_new(desk: Desk, hands: Hands) -> None:
    assert desk.noticed(None) == []
    number = filed(desk)
    desk.advance(number, Step.PARCEL_SENT, "tests")
    hands.moment = NOW + timedelta(minutes=5)
    desk.advance(number, RequestStatus.RECEIVED, "tests")
    (one,) = desk.noticed(None)
    assert (one.conversation_id, one.place, one.created_at) == (CHAT, 2, hands.moment)
    assert desk.noticed(hands.moment) == [one]
    assert desk.noticed(hands.moment + timedelta(seconds=1)) == []


def test_notices_written_at_once_take_places_of_their_own(busy_desk: Desk) -> None:
    numbers = [filed(busy_desk, f"5001000{n}") for n in range(1, 4)]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: busy_desk.advance(n, RequestStatus.RECEIVED, "tests"), numbers))
    found, place = busy_desk.notices(CHAT, 0)
    assert [one.place for one in found] == [1, 2, 3]
    assert place == 3
    assert {one.request.number for one in found} == set(numbers)


BROKEN = {
    "about nothing": "UPDATE conversation_notices SET request_id = NULL, reached = NULL",
    "of a request, with nothing reached": "UPDATE conversation_notices SET reached = NULL",
    "reached what there isn't": "UPDATE conversation_notices SET reached = 'eaten'",
    "place nought": "UPDATE conversation_notices SET place = 0",
    "told twice": "INSERT INTO conversation_notices (conversation_id, place, key, request_id,"
    " reached, created_at) SELECT conversation_id, 2, key, request_id, reached, created_at"
    " FROM conversation_notices",
    "two in one place": "INSERT INTO conversation_notices (conversation_id, place, key, request_id,"
    " reached, created_at) SELECT conversation_id, place, 'k', request_id, reached, created_at"
    " FROM conversation_notices",
}


@pytest.mark.parametrize("statement", BROKEN.values(), ids=list(BROKEN))
def test_the_database_refuses(busy_desk: Desk, statement: str) -> None:
    busy_desk.advance(filed(busy_desk), RequestStatus.RECEIVED, "tests")
    with busy_desk.context.database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(statement))

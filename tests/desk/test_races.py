"""Real threads at one database; each test also runs on PostgreSQL where a server is offered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from bot.desk import (
    AlreadyCancelled,
    AlreadyFiled,
    AlreadyShipped,
    CancellationView,
    Desk,
    DeskError,
    FilingItem,
    IllegalStep,
    QuotaExhausted,
    RequestStatus,
    RequestView,
)
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from tests.desk.shop import (
    ANA,
    CHAT,
    Hands,
    bring,
    counts,
    filing,
    items,
    order,
    pieces,
    rows,
    verified,
)


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all tasks at the same moment; their results, or the desk's refusals."""
    start = threading.Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return task()
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def filed(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, DeskError)]


def test_two_requests_at_once_cant_take_a_fourth_label(busy_desk: Desk) -> None:
    numbers = [f"5001000{n}" for n in range(1, 7)]
    bring(busy_desk, *(order(number=number) for number in numbers))
    ids = {number: verified(busy_desk, number)[0] for number in numbers}
    tasks = [
        lambda number=number: busy_desk.file(CHAT, filing(ids[number], number, number))
        for number in numbers
    ]
    results = at_once(tasks)
    assert len(filed(results)) == 3
    assert [type(one) for one in results if one not in filed(results)] == [QuotaExhausted] * 3
    assert sorted(row["slot"] for row in rows(busy_desk, "return_labels")) == [1, 2, 3]
    found = counts(busy_desk)
    assert found["return_requests"] == found["outbox_messages"] == found["refunds"] == 3


def test_requests_at_once_under_one_order_each_get_a_slot_of_their_own(busy_desk: Desk) -> None:
    bring(busy_desk, order(items=items(3)))
    tasks = [
        lambda item=item: busy_desk.file(CHAT, filing(item, f"key-{item}"))
        for item in verified(busy_desk)
    ]
    assert len(filed(at_once(tasks))) == 3
    assert sorted(row["slot"] for row in rows(busy_desk, "return_labels")) == [1, 2, 3]


def test_the_same_key_at_once_files_once_and_tells_everyone_the_same(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    item = verified(busy_desk)[0]
    results = at_once([lambda: busy_desk.file(CHAT, filing(item))] * 5)
    assert len({result.number for result in results}) == 1
    found = counts(busy_desk)
    assert found["return_requests"] == found["return_labels"] == found["outbox_messages"] == 1


def test_one_item_wanted_by_two_conversations_at_once_stands_in_one_request(
    busy_desk: Desk,
) -> None:
    bring(busy_desk, order(items=items(1, quantity=1)))
    chats = [f"chat-{n}" for n in range(4)]
    item = {verified(busy_desk, chat=chat)[0] for chat in chats}.pop()
    results = at_once([lambda chat=chat: busy_desk.file(chat, filing(item)) for chat in chats])
    (winner,) = filed(results)
    losers = [result for result in results if isinstance(result, AlreadyFiled)]
    assert [loser.request_number for loser in losers] == [winner.number] * 3
    assert counts(busy_desk)["return_labels"] == 1


def test_of_two_filings_at_once_of_three_of_four_pieces_one_wins(busy_desk: Desk) -> None:
    bring(busy_desk, order(items=items(1, quantity=4)))
    chats = ["chat-1", "chat-2"]
    item = {verified(busy_desk, chat=chat)[0] for chat in chats}.pop()
    results = at_once(
        [lambda chat=chat: busy_desk.file(chat, pieces(item, 3, "key")) for chat in chats]
    )
    (winner,) = filed(results)
    (loser,) = (result for result in results if isinstance(result, AlreadyFiled))
    assert (loser.request_number, loser.pieces_left) == (winner.number, 1)
    assert len(rows(busy_desk, "return_request_pieces")) == 3


def test_filings_at_once_take_every_piece_and_none_twice(busy_desk: Desk) -> None:
    bring(busy_desk, order(items=items(1, quantity=4)))
    chats = [f"chat-{n}" for n in range(6)]
    item = {verified(busy_desk, chat=chat)[0] for chat in chats}.pop()
    results = at_once(
        [lambda chat=chat: busy_desk.file(chat, pieces(item, 1, "key")) for chat in chats]
    )
    assert len(filed(results)) == 4
    assert [type(one) for one in results if one not in filed(results)] == [AlreadyFiled] * 2
    standing = rows(busy_desk, "return_request_pieces")
    assert sorted(row["piece"] for row in standing) == [1, 2, 3, 4]


def test_an_order_is_cancelled_once_however_often_it_is_asked_at_once(busy_desk: Desk) -> None:
    bring(busy_desk, order(shipment={"status": "not_shipped"}))
    verified(busy_desk)
    tasks = [
        lambda key=key: busy_desk.cancel(CHAT, "50010001", key) for key in ("a", "b", "c", "c")
    ]
    assert len({result.number for result in at_once(tasks)}) == 1
    assert counts(busy_desk)["order_cancellations"] == 1
    assert counts(busy_desk)["outbox_messages"] == 1


def test_an_order_cancelled_in_one_chat_and_filed_on_in_another_at_once_is_only_one_of_both(
    busy_desk: Desk,
) -> None:
    numbers = [f"5002000{n}" for n in range(8)]
    late = {"status": "not_shipped", "guaranteed_by": "2026-11-15"}
    bring(
        busy_desk,
        *(order(number=number, placed_on="2026-10-08", shipment=late) for number in numbers),
    )
    outcomes = []
    for number in numbers:
        item = verified(busy_desk, number)[0]
        verified(busy_desk, number, chat="chat-2")
        wanted = FilingItem(item, 2, Reason.NOT_ARRIVED, {})
        claim = filing(item, number, number, items=(wanted,), route=RouteId.BUYER_PROTECTION)
        claimed, cancelled = at_once(
            [
                lambda claim=claim: busy_desk.file(CHAT, claim),
                lambda number=number: busy_desk.cancel("chat-2", number, "key"),
            ]
        )
        outcomes.append((type(claimed), type(cancelled)))
    allowed = {(RequestView, AlreadyFiled), (AlreadyCancelled, CancellationView)}
    assert set(outcomes) <= allowed
    found = counts(busy_desk)
    assert found["return_requests"] + found["order_cancellations"] == len(numbers)


def test_misses_at_once_are_all_counted(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    at_once([lambda: busy_desk.verify(CHAT, "50010001", "x@example.com")] * 5)
    assert busy_desk.verify(CHAT, "50010001", ANA).locked


def test_guesses_of_many_conversations_at_once_dont_outrun_the_count(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    tasks = [
        lambda n=n: busy_desk.verify(f"chat-{n}", "50010001", f"guess{n}@example.com")
        for n in range(14)
    ]
    answers = at_once(tasks)
    assert sorted(answer.locked for answer in answers) == [False] * 9 + [True] * 5
    assert busy_desk.verify(CHAT, "50010001", ANA).locked


def test_old_counts_are_dropped_by_many_at_once(busy_desk: Desk, hands: Hands) -> None:
    for n in range(20):
        busy_desk.verify(f"old-{n}", f"7001{n:04d}", f"guess{n}@example.com")
    hands.moment += timedelta(hours=2)
    answers = at_once(
        [
            lambda n=n: busy_desk.verify(f"new-{n}", f"7001{n:04d}", f"guess{19 - n}@example.com")
            for n in range(8)
        ]
    )
    assert {(answer.ok, answer.locked, answer.misses) for answer in answers} == {(False, False, 1)}
    assert len(rows(busy_desk, "verification_misses")) == 24


def test_hand_offs_with_one_key_at_once_open_one_ticket(busy_desk: Desk) -> None:
    tasks = [lambda: busy_desk.hand_off(CHAT, "help", "nothing yet", (), "key")] * 4
    assert len({result.ticket for result in at_once(tasks)}) == 1


def test_what_the_desk_refuses_on_sqlite_it_refuses_on_postgresql(busy_desk: Desk) -> None:
    bring(busy_desk, order(items=items(1, quantity=1)))
    item = verified(busy_desk)[0]
    first = busy_desk.file(CHAT, filing(item, "a", evidence=("nul \0 and \ud800 are dropped",)))
    assert busy_desk.requests(CHAT, "50010001") == [first]
    assert first.evidence == ("nul  and  are dropped",)
    refusals = at_once(
        [
            lambda: busy_desk.file(CHAT, filing(item, "b")),
            lambda: busy_desk.cancel(CHAT, "50010001", "c"),
        ]
    )
    assert [type(refusal) for refusal in refusals] == [AlreadyFiled, AlreadyShipped]


def test_a_message_for_a_seller_with_one_key_at_once_is_recorded_once(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    verified(busy_desk)
    tasks = [lambda: busy_desk.message_seller(CHAT, "50010001", "Hello", "key")] * 4
    assert len({sent.number for sent in at_once(tasks)}) == 1
    assert len(rows(busy_desk, "seller_messages")) == 1


def test_ratings_at_once_leave_one(busy_desk: Desk) -> None:
    at_once([lambda stars=stars: busy_desk.rate(CHAT, stars) for stars in range(1, 6)])
    assert len(rows(busy_desk, "ratings")) == 1


def test_of_two_ends_at_once_a_request_gets_one(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    number = busy_desk.file(CHAT, filing(verified(busy_desk)[0])).number
    ends = (RequestStatus.REFUNDED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN)
    results = at_once([lambda end=end: busy_desk.advance(number, end, "tests") for end in ends])
    (winner,) = filed(results)
    assert sum(isinstance(result, IllegalStep) for result in results) == 2
    assert busy_desk.request(number).status is winner.status
    assert len(rows(busy_desk, "outbox_messages")) == 2

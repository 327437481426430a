from __future__ import annotations

from datetime import date, datetime, timezone
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.desk import (
    AlreadyCancelled,
    AlreadyFiled,
    BadAnswer,
    Desk,
    DeskUnavailable,
    FilingItem,
    NotEligible,
    RefundMethod,
    RequestStatus,
)
from bot.policy import Clauses
from bot.policy.decision import RouteId, Status
from bot.policy.facts import Reason
from tests.desk.conftest import MakeDesk
from tests.desk.shop import (
    AS_NEW,
    CHAT,
    TABLES,
    Hands,
    bring,
    counts,
    filing,
    items,
    order,
    pieces,
    rows,
    verified,
    with_parameter,
)

NOTHING = dict.fromkeys(TABLES, 0)


def damaged(item_id: int, quantity: int = 1) -> FilingItem:
    return FilingItem(item_id, quantity, Reason.ARRIVED_DAMAGED, AS_NEW)


def test_a_filed_request_can_be_seen_again_as_it_was_filed(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    request = desk.file(
        CHAT,
        filing(
            item,
            items=(damaged(item, 2),),
            route=RouteId.BUYER_PROTECTION,
            refund_method=RefundMethod.BONUS,
            evidence=("https://example.com/photo.jpg", "I'll add a video later"),
        ),
    )
    assert request.number.startswith("R-")
    assert len(request.number) == 10
    assert request.status is RequestStatus.SUBMITTED
    assert (request.amount_cents, request.currency) == (2 * 5490, "EUR")
    assert request.refund_method is RefundMethod.BONUS
    assert request.last_day == date(2026, 12, 20)
    assert request.evidence == ("https://example.com/photo.jpg", "I'll add a video later")
    assert [(one.title, one.quantity, one.reason) for one in request.items] == [
        ("Glass jug blender", 2, Reason.ARRIVED_DAMAGED)
    ]
    assert request.label is None
    assert desk.requests(CHAT, "50010001") == [request]
    assert desk.order(CHAT, "50010001").items[0].request_number == request.number


def test_the_decision_is_kept_with_its_facts_and_the_clauses_word_for_word(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    kept = desk.file(CHAT, filing(item)).decision["items"][0]
    assert kept["facts"]["order"]["delivered_on"] == "2026-11-18"
    assert kept["facts"]["condition"]["used"] is False
    assert kept["decision"]["asked_on"] == "2026-11-23"
    route = next(one for one in kept["decision"]["routes"] if one["id"] == "free_return")
    assert (route["status"], route["last_day"]) == ("open", "2026-12-03")
    first = next(clause for clause in route["clauses"] if clause["id"] == "F1")
    assert "within 15 calendar days from receiving" in first["quote"]


def test_a_repair_promises_no_money(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    request = desk.file(CHAT, filing(item, items=(damaged(item),), route=RouteId.EU_CONFORMITY))
    assert request.amount_cents is None
    assert rows(desk, "refunds") == []


def test_filing_is_written_to_the_audit(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0]))
    entry = next(row for row in rows(desk, "audit_entries") if row["action"] == "request_filed")
    assert (entry["actor"], entry["about"]) == (CHAT, request.number)


def test_the_same_key_files_once_and_gives_the_same_request_back(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    first = desk.file(CHAT, filing(item))
    before = counts(desk)
    assert desk.file(CHAT, filing(item)) == first
    assert counts(desk) == before


def test_a_key_belongs_to_its_conversation(desk: Desk) -> None:
    bring(desk, order(items=items(2)))
    one, other = verified(desk)
    verified(desk, chat="chat-2")
    first = desk.file(CHAT, filing(one, "key"))
    second = desk.file("chat-2", filing(other, "key"))
    assert first.number != second.number


def test_a_key_that_filed_for_one_order_cant_file_for_another(desk: Desk) -> None:
    bring(desk, order(), order(number="50010002"))
    desk.file(CHAT, filing(verified(desk)[0], "key"))
    with pytest.raises(BadAnswer) as caught:
        desk.file(CHAT, filing(verified(desk, "50010002")[0], "key", "50010002"))
    assert (caught.value.path, caught.value.problem) == ("key", "taken")


def test_a_piece_cant_stand_in_two_requests(desk: Desk) -> None:
    bring(desk, order(items=items(1, quantity=1)))
    item = verified(desk)[0]
    first = desk.file(CHAT, filing(item, "a"))
    with pytest.raises(AlreadyFiled) as caught:
        desk.file(CHAT, filing(item, "b"))
    assert (caught.value.request_number, caught.value.pieces_left) == (first.number, 0)
    assert counts(desk)["return_requests"] == 1


def test_what_is_left_of_an_item_can_be_filed_later(desk: Desk) -> None:
    bring(desk, order(items=items(1, quantity=4)))
    item = verified(desk)[0]
    first = desk.file(CHAT, pieces(item, 2, "a"))
    seen = desk.order(CHAT, "50010001").items[0]
    assert (seen.pieces_left, seen.pieces_filed, seen.request_number) == (2, 2, first.number)
    with pytest.raises(AlreadyFiled) as caught:
        desk.file(CHAT, pieces(item, 3, "b"))
    assert (caught.value.request_number, caught.value.pieces_left) == (first.number, 2)
    second = desk.file(CHAT, pieces(item, 2, "c"))
    assert (first.amount_cents, second.amount_cents) == (2 * 5490, 2 * 5490)
    seen = desk.order(CHAT, "50010001").items[0]
    assert (seen.pieces_left, seen.request_numbers) == (0, (first.number, second.number))
    with pytest.raises(AlreadyFiled):
        desk.file(CHAT, pieces(item, 1, "d"))


def test_a_key_that_took_the_last_pieces_files_nothing_more(desk: Desk) -> None:
    bring(desk, order(items=items(1, quantity=4)))
    item = verified(desk)[0]
    desk.file(CHAT, pieces(item, 1, "a"))
    rest = desk.file(CHAT, pieces(item, 3, "b"))
    assert desk.file(CHAT, pieces(item, 3, "b")) == rest
    assert counts(desk)["return_requests"] == 2


NUMBERS = count(60_000_000)
"""Each example has an order of its own in the one database."""
STEPS = st.lists(st.tuples(st.sampled_from(["file", "refuse", "refund"]), st.integers(1, 5)))


@given(steps=STEPS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_filed_and_refused_no_more_pieces_stand_than_were_ordered(
    desk: Desk, steps: list[tuple[str, int]]
) -> None:
    """A plain count beside the desk tells what it must do: file, or say how many are left."""
    number = str(next(NUMBERS))
    bring(desk, order(number=number, items=items(1, quantity=5)))
    item = verified(desk, number)[0]
    standing: dict[str, int] = {}
    for turn, (step, asked) in enumerate(steps):
        left = 5 - sum(standing.values())
        wanted = pieces(item, asked, f"{number}-{turn}", number)
        if step == "file" and asked <= left:
            standing[desk.file(CHAT, wanted).number] = asked
        elif step == "file":
            with pytest.raises(AlreadyFiled) as caught:
                desk.file(CHAT, wanted)
            assert caught.value.pieces_left == left
        elif standing:
            oldest = next(iter(standing))
            ends = RequestStatus.REFUSED if step == "refuse" else RequestStatus.REFUNDED
            if desk.request(oldest).status is RequestStatus.SUBMITTED:
                desk.advance(oldest, ends, "tests")
                if step == "refuse":
                    del standing[oldest]
        seen = desk.order(CHAT, number).items[0]
        assert seen.pieces_left == 5 - sum(standing.values())
        assert seen.request_numbers == tuple(standing)


@pytest.mark.parametrize(
    "mistake",
    [
        "UPDATE return_request_pieces SET piece = 1 WHERE piece = 2",
        "UPDATE return_request_pieces SET piece = 0 WHERE piece = 2",
        "UPDATE return_request_pieces SET piece = 5 WHERE piece = 2",
        "UPDATE return_request_pieces SET piece = 5, ordered = 5 WHERE piece = 2",
        "UPDATE return_request_pieces SET order_item_id = order_item_id + 1 WHERE piece = 2",
        "UPDATE order_items SET quantity = 1",
        "DELETE FROM return_request_items",
    ],
)
def test_the_database_itself_keeps_every_piece_in_one_request_of_its_own_item(
    busy_desk: Desk, mistake: str
) -> None:
    from sqlalchemy.exc import IntegrityError

    bring(busy_desk, order(items=items(2, quantity=4)))
    item = verified(busy_desk)[0]
    busy_desk.file(CHAT, pieces(item, 1, "a"))
    busy_desk.file(CHAT, pieces(item, 1, "b"))
    with busy_desk.context.database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(mistake))


def test_an_item_of_a_withdrawn_request_can_be_filed_again(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    desk.file(CHAT, filing(item, "a"))
    with desk.context.database.writing() as session:
        session.execute(text("UPDATE return_requests SET status = 'withdrawn'"))
        session.execute(text("UPDATE return_request_pieces SET active = false"))
        session.commit()
    assert desk.order(CHAT, "50010001").items[0].request_number is None
    desk.file(CHAT, filing(item, "b"))
    assert counts(desk)["return_requests"] == 2


def test_it_is_decided_again_at_the_moment_of_writing(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    decision = desk.decide(CHAT, "50010001", item, Reason.CHANGE_OF_MIND, AS_NEW)
    assert decision.route(RouteId.FREE_RETURN).status is Status.OPEN
    hands.moment = datetime(2026, 12, 4, 10, 0, tzinfo=timezone.utc)
    with pytest.raises(NotEligible) as caught:
        desk.file(CHAT, filing(item))
    assert caught.value.decision.route(RouteId.FREE_RETURN).status is Status.CLOSED
    assert counts(desk) == NOTHING


def test_the_last_day_ends_when_it_ends_for_the_buyer(desk: Desk, hands: Hands) -> None:
    bring(
        desk,
        order(address={"country": "NZ", "region": "Auckland"}),
        order(
            number="50010002", address={"country": "US", "region": "Hawaii", "postal_code": "10001"}
        ),
    )
    auckland, hawaii = verified(desk)[0], verified(desk, "50010002")[0]
    hands.moment = datetime(2026, 12, 3, 12, 0, tzinfo=timezone.utc)
    with pytest.raises(NotEligible):
        desk.file(CHAT, filing(auckland))
    hands.moment = datetime(2026, 12, 4, 9, 59, tzinfo=timezone.utc)
    assert desk.file(CHAT, filing(hawaii, number="50010002")).last_day == date(2026, 12, 3)


def test_a_missing_answer_keeps_a_route_from_being_filed(desk: Desk) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    unsaid = FilingItem(item, 1, Reason.CHANGE_OF_MIND, {})
    with pytest.raises(NotEligible):
        desk.file(CHAT, filing(item, items=(unsaid,)))
    assert counts(desk) == NOTHING


def test_one_item_that_isnt_eligible_keeps_all_from_being_filed(desk: Desk) -> None:
    unlabelled = items(2)
    unlabelled[1]["free_return_label"] = False
    bring(desk, order(items=unlabelled))
    one, other = verified(desk)
    both = tuple(FilingItem(id_, 1, Reason.CHANGE_OF_MIND, AS_NEW) for id_ in (one, other))
    with pytest.raises(NotEligible):
        desk.file(CHAT, filing(one, items=both))
    assert counts(desk) == NOTHING


def test_several_items_go_into_one_request_with_one_label(desk: Desk) -> None:
    bring(desk, order(items=items(3)))
    wanted = tuple(FilingItem(id_, 2, Reason.CHANGE_OF_MIND, AS_NEW) for id_ in verified(desk))
    request = desk.file(CHAT, filing(0, items=wanted))
    assert request.amount_cents == 3 * 2 * 5490
    assert counts(desk)["return_labels"] == 1


@pytest.mark.parametrize(
    ("changes", "path", "problem"),
    [
        ({"items": ()}, "items", "empty"),
        ({"items": "twice"}, "items", "twice"),
        ({"items": "three of two"}, "quantity", "invalid"),
        ({"items": "none of two"}, "quantity", "invalid"),
        ({"key": ""}, "key", "invalid"),
        ({"route": RouteId.CANCELLATION}, "route", "invalid"),
        ({"evidence": ("x" * 2001,)}, "evidence", "too_long"),
        ({"evidence": ("x",) * 21}, "evidence", "too_many"),
    ],
)
def test_what_cant_be_filed_is_refused_by_name(
    desk: Desk, changes: dict[str, Any], path: str, problem: str
) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    named = {
        "twice": (damaged(item), damaged(item)),
        "three of two": (damaged(item, 3),),
        "none of two": (damaged(item, 0),),
    }
    if isinstance(changes.get("items"), str):
        changes = {"items": named[changes["items"]]}
    with pytest.raises(BadAnswer) as caught:
        desk.file(CHAT, filing(item, **changes))
    assert (caught.value.path, caught.value.problem) == (path, problem)
    assert counts(desk) == NOTHING


def test_many_requests_are_marked_for_a_person_and_never_refused(
    make_desk: MakeDesk, clauses: Clauses
) -> None:
    desk = make_desk(clauses=with_parameter(clauses, "F12", "requests", 2))
    bring(desk, order(items=items(3)))
    marks = [
        desk.file(CHAT, filing(item, f"key-{n}")).needs_review
        for n, item in enumerate(verified(desk))
    ]
    assert marks == [False, False, True]


def test_nothing_of_a_cancelled_order_can_be_returned(desk: Desk) -> None:
    bring(desk, order(shipment={"status": "not_shipped"}))
    item = verified(desk)[0]
    cancelled = desk.cancel(CHAT, "50010001", "key")
    with pytest.raises(AlreadyCancelled) as caught:
        desk.file(CHAT, filing(item))
    assert caught.value.cancellation_number == cancelled.number
    assert counts(desk)["return_requests"] == 0


def test_a_transaction_rolls_back_by_default(desk: Desk) -> None:
    with desk.context.database.writing() as session:
        session.execute(text("INSERT INTO sellers (name) VALUES ('Somebody')"))
    assert rows(desk, "sellers") == []


@pytest.mark.parametrize("part", ["labels.issue", "audit.note", "receipts.request_filed"])
def test_when_any_part_of_a_filing_fails_nothing_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    bring(desk, order())
    item = verified(desk)[0]
    entries = len(rows(desk, "audit_entries"))

    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("INSERT", {}, Exception("disk I/O error"))

    with monkeypatch.context() as patch:
        patch.setattr(f"bot.desk.{part}", fail)
        with pytest.raises(DeskUnavailable):
            desk.file(CHAT, filing(item))
    assert counts(desk) == NOTHING
    assert len(rows(desk, "audit_entries")) == entries
    assert desk.file(CHAT, filing(item)).number

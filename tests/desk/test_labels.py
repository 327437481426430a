"""Pre-paid return labels and the month's quota (F10, F11)."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.desk import Desk, NotEligible, QuotaExhausted
from bot.policy import Clauses
from bot.policy.decision import PaidBy
from tests.desk.conftest import MakeDesk
from tests.desk.shop import (
    CHAT,
    Hands,
    bring,
    counts,
    filing,
    items,
    order,
    rows,
    verified,
    with_parameter,
)


def test_a_free_return_comes_with_a_label_and_a_refund_is_expected(desk: Desk) -> None:
    bring(desk, order())
    request = desk.file(CHAT, filing(verified(desk)[0]))
    assert request.label.number.startswith("L-")
    assert (request.label.month, request.label.shared) == ("2026-11", False)
    assert request.return_paid_by is PaidBy.PLATFORM
    assert [(row["amount_cents"], row["status"]) for row in rows(desk, "refunds")] == [
        (5490, "expected")
    ]


def test_three_labels_a_month_and_a_new_month_brings_new_ones(desk: Desk, hands: Hands) -> None:
    bring(
        desk, order(items=items(4), shipment={"status": "delivered", "delivered_on": "2026-11-22"})
    )
    ids = verified(desk)
    for n, item in enumerate(ids[:3]):
        desk.file(CHAT, filing(item, f"key-{n}", number="50010001"))
    bring(
        desk,
        order(number="50010002", shipment={"status": "delivered", "delivered_on": "2026-11-22"}),
    )
    fourth = verified(desk, "50010002")[0]
    before = counts(desk)
    with pytest.raises(QuotaExhausted) as caught:
        desk.file(CHAT, filing(fourth, "fourth", "50010002"))
    assert caught.value.limit == 3
    assert counts(desk) == before
    # Berlin is an hour ahead: there it is December already.
    hands.moment = datetime(2026, 11, 30, 23, 30, tzinfo=timezone.utc)
    assert desk.file(CHAT, filing(fourth, "fourth", "50010002")).label.month == "2026-12"


def test_the_month_is_the_buyers(desk: Desk, hands: Hands) -> None:
    west = {"country": "US", "region": "Hawaii", "postal_code": "10001"}
    bring(desk, order(address=west, shipment={"status": "delivered", "delivered_on": "2026-11-22"}))
    hands.moment = datetime(2026, 12, 1, 9, 0, tzinfo=timezone.utc)
    assert desk.file(CHAT, filing(verified(desk)[0])).label.month == "2026-11"


def test_an_item_that_isnt_eligible_anyway_isnt_blamed_on_the_quota(desk: Desk) -> None:
    bring(
        desk,
        order(items=items(3)),
        order(number="50010002", items=items(1, free_return_label=False)),
    )
    for n, item in enumerate(verified(desk)):
        desk.file(CHAT, filing(item, f"key-{n}"))
    with pytest.raises(NotEligible):
        desk.file(CHAT, filing(verified(desk, "50010002")[0], "x", "50010002"))


def test_the_clauses_parameter_sets_the_quota(make_desk: MakeDesk, clauses: Clauses) -> None:
    generous = make_desk(clauses=with_parameter(clauses, "F10", "labels_per_month", 1))
    bring(generous, order(items=items(2)))
    one, other = verified(generous)
    generous.file(CHAT, filing(one, "a"))
    with pytest.raises(QuotaExhausted) as caught:
        generous.file(CHAT, filing(other, "b"))
    assert caught.value.limit == 1


def test_with_one_label_per_order_a_second_request_goes_with_the_first_ones(
    make_desk: MakeDesk, clauses: Clauses
) -> None:
    one_label = with_parameter(clauses, "F11", "labels_per_order", 1)
    desk = make_desk(clauses=with_parameter(one_label, "F10", "labels_per_month", 1))
    bring(desk, order(items=items(2)))
    one, other = verified(desk)
    first = desk.file(CHAT, filing(one, "a"))
    second = desk.file(CHAT, filing(other, "b"))
    assert second.label.number == first.label.number
    assert (first.label.shared, second.label.shared) == (False, True)
    assert counts(desk)["return_labels"] == 1
    body = next(
        row["body"] for row in rows(desk, "outbox_messages") if row["about"] == second.number
    )
    assert "send everything in one parcel" in body

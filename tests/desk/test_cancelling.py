from __future__ import annotations

import pytest

from bot.desk import AlreadyShipped, BadAnswer, Desk, NotEligible
from bot.policy.decision import RouteId
from tests.desk.shop import CHAT, bring, counts, items, order, rows, verified

WAITING = {"status": "not_shipped"}


def test_an_order_that_wasnt_shipped_is_cancelled_and_all_of_it_refunded(desk: Desk) -> None:
    bring(desk, order(shipment=WAITING, items=items(2)))
    verified(desk)
    cancelled = desk.cancel(CHAT, "50010001", "key")
    assert cancelled.number.startswith("C-")
    assert (cancelled.amount_cents, cancelled.currency) == (2 * 2 * 5490, "EUR")
    assert desk.order(CHAT, "50010001").cancellation_number == cancelled.number
    (receipt,) = rows(desk, "outbox_messages")
    assert receipt["about"] == cancelled.number
    assert "€219.60" in receipt["body"]
    assert [row["about"] for row in rows(desk, "audit_entries")][-1] == cancelled.number


@pytest.mark.parametrize("key", ["key", "another key"])
def test_cancelling_again_gives_the_same_cancellation(desk: Desk, key: str) -> None:
    bring(desk, order(shipment=WAITING))
    verified(desk)
    first = desk.cancel(CHAT, "50010001", "key")
    assert desk.cancel(CHAT, "50010001", key) == first
    assert counts(desk)["outbox_messages"] == 1


def test_one_key_may_cancel_two_orders_apart(desk: Desk) -> None:
    bring(desk, order(shipment=WAITING), order(number="50010002", shipment=WAITING))
    verified(desk)
    verified(desk, "50010002")
    first = desk.cancel(CHAT, "50010001", "key")
    assert desk.cancel(CHAT, "50010002", "key").number != first.number


@pytest.mark.parametrize("status", ["in_transit", "lost", "delivered"])
def test_a_shipped_order_cant_be_cancelled(desk: Desk, status: str) -> None:
    bring(desk, order(shipment={"status": status}))
    verified(desk)
    with pytest.raises(AlreadyShipped):
        desk.cancel(CHAT, "50010001", "key")
    assert counts(desk)["order_cancellations"] == 0


def test_an_order_that_wasnt_paid_has_nothing_to_cancel(desk: Desk) -> None:
    bring(desk, order(shipment=WAITING, paid=False))
    verified(desk)
    with pytest.raises(NotEligible) as caught:
        desk.cancel(CHAT, "50010001", "key")
    assert caught.value.decision.route(RouteId.CANCELLATION).findings[0].clause == "S1"


def test_a_cancellation_needs_a_key(desk: Desk) -> None:
    bring(desk, order(shipment=WAITING))
    verified(desk)
    with pytest.raises(BadAnswer):
        desk.cancel(CHAT, "50010001", "")

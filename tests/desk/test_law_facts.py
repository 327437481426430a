"""What the desk knows for the law: parcels that come apart, who was told, complaints."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.desk import AlreadyShipped, BadAnswer, Complaint, Desk, Verdict
from bot.policy.decision import Decision, Route, RouteId, Status
from bot.policy.facts import Reason
from bot.settings import Settings
from tests.desk.shop import BLENDER, CHAT, NOW, Hands, bring, order, verified

DELIVERED = "delivered"
BRAZIL = {"country": "BR", "region": "São Paulo", "postal_code": "01310-100"}


def apart(*days: str | None, **changes: Any) -> dict[str, Any]:
    """An order whose first item came with the order's parcel, each other one in its own."""
    own = (
        {"status": DELIVERED, "delivered_on": day} if day else {"status": "in_transit"}
        for day in days
    )
    others = [
        BLENDER | {"reference": str(n), "title": f"Thing {n}", "shipment": parcel}
        for n, parcel in enumerate(own, start=2)
    ]
    return order(items=[BLENDER, *others], **changes)


def decided(desk: Desk, item: int, reason: Reason = Reason.CHANGE_OF_MIND) -> Decision:
    return desk.decide(CHAT, "50010001", item, reason, {})


def withdrawal(desk: Desk, item: int) -> Route:
    return decided(desk, item).route(RouteId.EU_WITHDRAWAL)


def codes(route: Route) -> set[str]:
    return {f"{finding.clause}.{finding.code}" for finding in route.findings}


def test_the_last_parcel_starts_the_days_of_every_item(desk: Desk) -> None:
    shipment = {"status": DELIVERED, "delivered_on": "2026-11-08"}
    bring(desk, apart("2026-11-20", shipment=shipment))
    for item in verified(desk):
        assert withdrawal(desk, item).last_day == date(2026, 12, 4)
    (contract,) = desk.contracts(CHAT)
    assert contract.verdict is Verdict.IN_TIME
    assert (contract.delivered_on, contract.last_day) == (date(2026, 11, 20), date(2026, 12, 4))


def test_while_a_parcel_is_still_to_come_the_days_havent_begun(desk: Desk, hands: Hands) -> None:
    bring(desk, apart("2026-11-12", None))
    hands.moment = NOW.replace(year=2027)
    came, also_came, awaited = verified(desk)
    for item in (came, also_came):
        route = withdrawal(desk, item)
        assert (route.status is Status.CLOSED, route.last_day) == (False, None)
        assert "EU-2011/83-9(2)(b).more_to_come" in codes(route)
    assert "EU-2011/83-9(1).before_delivery" in codes(withdrawal(desk, awaited))
    (contract,) = desk.contracts(CHAT)
    assert contract.delivered_on is None


def test_a_program_period_counts_from_the_items_own_parcel(desk: Desk) -> None:
    shipment = {"status": DELIVERED, "delivered_on": "2026-11-08"}
    bring(desk, apart("2026-11-20", shipment=shipment))
    first, second = (decided(desk, item).route(RouteId.FREE_RETURN) for item in verified(desk))
    # 15 days each (F1); the first item's end while the second's go on.
    assert (first.last_day, second.last_day) == (date(2026, 11, 23), date(2026, 12, 5))


def test_an_order_that_was_shipped_in_part_cant_be_cancelled(desk: Desk) -> None:
    sent = BLENDER | {"reference": "2", "shipment": {"status": "in_transit"}}
    bring(desk, order(items=[BLENDER, sent], shipment={"status": "not_shipped"}))
    verified(desk)
    with pytest.raises(AlreadyShipped):
        desk.cancel(CHAT, "50010001", "key-1")


@pytest.mark.parametrize(
    ("changes", "last_day"),
    [
        ({}, date(2026, 12, 2)),
        ({"withdrawal_informed": False}, date(2027, 12, 2)),
        ({"withdrawal_informed_since": date(2026, 11, 8)}, date(2026, 12, 2)),
        ({"withdrawal_informed_since": date(2026, 11, 9)}, date(2027, 12, 2)),
    ],
    ids=["told", "never told", "told since the day of the order", "told since the day after"],
)
def test_the_shops_setting_tells_who_was_informed(
    settings: Settings, hands: Hands, changes: dict[str, Any], last_day: date
) -> None:
    shop = settings.copy(update=changes)
    desk = Desk.from_settings(shop, clock=hands)
    bring(desk, order())
    assert withdrawal(desk, verified(desk)[0]).last_day == last_day
    desk.close()


def test_a_day_of_the_setting_may_be_empty_and_must_be_a_day() -> None:
    assert Settings(_env_file=None, withdrawal_informed_since="").withdrawal_informed_since is None
    with pytest.raises(ValueError, match="withdrawal_informed_since"):
        Settings(_env_file=None, withdrawal_informed_since="20261108")


@pytest.mark.parametrize(
    ("told", "last_day", "code"),
    [
        ({"withdrawal_informed": False}, date(2027, 12, 2), "longer"),
        ({"withdrawal_informed_on": "2026-11-21"}, date(2026, 12, 7), "informed_late"),
    ],
)
def test_an_order_tells_for_itself_who_was_informed(
    desk: Desk, told: dict[str, Any], last_day: date, code: str
) -> None:
    bring(desk, order(**told))
    route = withdrawal(desk, verified(desk)[0])
    assert route.last_day == last_day
    assert f"EU-2011/83-10.{code}" in codes(route)


def warranty(desk: Desk, item: int, reason: Reason = Reason.ARRIVED_DAMAGED) -> Route:
    return decided(desk, item, reason).route(RouteId.BR_WARRANTY)


def complain(desk: Desk, *items: int, fault: Reason = Reason.ARRIVED_DAMAGED) -> None:
    words = "It came with a crack."
    desk.message_seller(CHAT, "50010001", words, "key-1", Complaint(fault, items))


def test_a_complaint_stops_brazils_clock_on_its_day(desk: Desk, hands: Hands) -> None:
    bring(desk, order(address=BRAZIL))
    (item,) = verified(desk)
    assert warranty(desk, item).last_day == date(2027, 2, 16)
    complain(desk, item)
    hands.moment = NOW.replace(year=2027, month=4)
    route = warranty(desk, item)
    assert route.status is not Status.CLOSED
    (stopped,) = [f for f in route.findings if f.code == "stopped"]
    assert stopped.values["made_on"] == "2026-11-23"
    # The 30 days in which the seller could put it right are over, so the choice is the buyer's.
    assert "BR-CDC-18§1.choice" in codes(route)


def test_the_complaints_day_is_the_buyers(desk: Desk, hands: Hands) -> None:
    bring(desk, order(address=BRAZIL))
    (item,) = verified(desk)
    hands.moment = NOW.replace(hour=1)
    complain(desk, item)
    (stopped,) = [f for f in warranty(desk, item).findings if f.code == "stopped"]
    assert stopped.values["made_on"] == "2026-11-22"


def test_without_a_complaint_the_clock_runs_out(desk: Desk, hands: Hands) -> None:
    bring(desk, order(address=BRAZIL))
    (item,) = verified(desk)
    desk.message_seller(CHAT, "50010001", "Do you have it in green?", "key-1")
    hands.moment = NOW.replace(year=2027, month=4)
    assert warranty(desk, item).status is Status.CLOSED


def test_a_complaint_made_too_late_stops_nothing(desk: Desk, hands: Hands) -> None:
    bring(desk, order(address=BRAZIL))
    (item,) = verified(desk)
    hands.moment = NOW.replace(year=2027, month=4)
    complain(desk, item)
    assert warranty(desk, item).status is Status.CLOSED


def test_a_complaint_is_about_its_items_and_its_kind_of_fault(desk: Desk) -> None:
    second = BLENDER | {"reference": "2", "title": "Lid"}
    bring(desk, order(address=BRAZIL, items=[BLENDER, second]))
    first, other = verified(desk)
    complain(desk, first)
    stopped = "BR-CDC-26§2-I.stopped"
    assert stopped in codes(warranty(desk, first))
    assert stopped in codes(warranty(desk, first, Reason.NOT_AS_DESCRIBED))
    assert stopped not in codes(warranty(desk, first, Reason.STOPPED_WORKING))
    assert stopped not in codes(warranty(desk, other))


def test_a_complaint_without_items_is_about_the_whole_order(desk: Desk) -> None:
    bring(desk, order(address=BRAZIL))
    (item,) = verified(desk)
    complain(desk)
    assert "BR-CDC-26§2-I.stopped" in codes(warranty(desk, item))


@pytest.mark.parametrize(
    ("complaint", "path"),
    [(Complaint(Reason.CHANGE_OF_MIND), "reason"), (Complaint(Reason.SHORTAGE, (999,)), "items")],
)
def test_what_is_no_complaint_is_refused(desk: Desk, complaint: Complaint, path: str) -> None:
    bring(desk, order(address=BRAZIL))
    verified(desk)
    with pytest.raises(BadAnswer) as caught:
        desk.message_seller(CHAT, "50010001", "Hello there", "key-1", complaint)
    assert caught.value.path == path

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from bot.desk import BadAnswer, Desk, FilingItem
from bot.policy.facts import Reason, ShipmentStatus
from tests.desk.shop import AS_NEW, BLENDER, CHAT, Hands, bring, filing, items, order, verified

DELIVERED_SOMETIME = {"status": "delivered"}


def ask(desk: Desk, answers: dict, number: str = "50010001"):
    item = verified(desk, number)[0]
    return desk.facts(CHAT, number, item, Reason.ARRIVED_DAMAGED, answers)


def refused(desk: Desk, answers: dict, number: str = "50010001") -> tuple[str, str]:
    with pytest.raises(BadAnswer) as caught:
        ask(desk, answers, number)
    return caught.value.path, caught.value.problem


def test_facts_hold_what_the_desk_has_stored(desk: Desk) -> None:
    bring(desk, order())
    facts = ask(desk, {})
    assert facts.order.placed_on == date(2026, 11, 8)
    assert facts.order.delivered_on == date(2026, 11, 18)
    assert facts.order.protection_ends_on == date(2026, 12, 20)
    assert (facts.order.country, facts.order.postal_code) == ("DE", "10115")
    assert facts.order.shipment is ShipmentStatus.DELIVERED
    assert facts.item.category == "kitchen_appliances"
    assert (facts.item.length_cm, facts.item.weight_kg) == (40, 3.5)
    assert facts.item.free_return_label is True
    assert facts.reason is Reason.ARRIVED_DAMAGED
    assert facts.condition.used is None


def test_the_buyer_answers_for_the_items_condition(desk: Desk) -> None:
    bring(desk, order())
    assert ask(desk, {"condition.used": True}).condition.used is True


def test_what_is_stored_wins_over_an_answer(desk: Desk) -> None:
    bring(desk, order(items=[BLENDER | {"durable": True}]))
    facts = ask(
        desk,
        {
            "order.delivered_on": date(2026, 11, 22),
            "order.protection_ends_on": date(2027, 12, 31),
            "order.postal_code": "35001",
            "order.region": "Canarias",
            "item.durable": False,
            "item.oversize": True,
        },
    )
    assert facts.order.delivered_on == date(2026, 11, 18)
    assert facts.order.protection_ends_on == date(2026, 12, 20)
    assert (facts.order.region, facts.order.postal_code) == ("Berlin", "10115")
    assert facts.item.durable is True
    assert facts.item.oversize is None


def test_an_answer_fills_what_the_desk_doesnt_know(desk: Desk) -> None:
    bring(
        desk,
        order(
            address={"country": "ES"},
            protection_ends_on=None,
            shipment=DELIVERED_SOMETIME,
            items=[{"reference": "1", "title": "Lamp", "category": "home_decor", "price_cents": 1}],
        ),
    )
    facts = ask(
        desk,
        {
            "order.delivered_on": "2026-11-20",
            "order.guaranteed_by": "2026-11-25",
            "order.protection_ends_on": date(2026, 12, 31),
            "order.postal_code": "35001",
            "order.region": "Canarias",
            "item.durable": False,
            "item.oversize": True,
        },
    )
    assert facts.order.delivered_on == date(2026, 11, 20)
    assert facts.order.guaranteed_by == date(2026, 11, 25)
    assert facts.order.protection_ends_on == date(2026, 12, 31)
    assert (facts.order.region, facts.order.postal_code) == ("Canarias", "35001")
    assert (facts.item.durable, facts.item.oversize) == (False, True)


@pytest.mark.parametrize(
    "path",
    [
        "order.paid",
        "order.placed_on",
        "order.country",
        "order.shipment",
        "item.traits",
        "item.category",
        "item.length_cm",
        "labels_used_this_month",
        "recent_requests",
        "reason",
        "condition",
        "condition.__class__",
        "",
    ],
)
def test_no_other_fact_is_the_buyers_to_answer(desk: Desk, path: str) -> None:
    bring(desk, order())
    assert refused(desk, {path: 1}) == (path, "not_answerable")


@pytest.mark.parametrize(
    ("day", "problem"),
    [("2026-11-24", "in_the_future"), ("2026-11-07", "before_order"), ("yesterday", "invalid")],
)
def test_a_delivery_day_that_cant_be_is_refused(desk: Desk, day: str, problem: str) -> None:
    bring(desk, order(shipment=DELIVERED_SOMETIME))
    assert refused(desk, {"order.delivered_on": day}) == ("order.delivered_on", problem)


@pytest.mark.parametrize("day", ["2026-11-23", "2026-11-08"])
def test_the_first_and_the_last_possible_delivery_day_are_taken(desk: Desk, day: str) -> None:
    bring(desk, order(shipment=DELIVERED_SOMETIME))
    assert ask(desk, {"order.delivered_on": day}).order.delivered_on == date.fromisoformat(day)


def test_the_buyers_clock_tells_whether_a_day_is_in_the_future(desk: Desk, hands: Hands) -> None:
    tokyo, denver = {"country": "JP"}, {"country": "US", "region": "Colorado"}
    bring(
        desk,
        order(address=tokyo, shipment=DELIVERED_SOMETIME),
        order(number="50010002", address=denver, shipment=DELIVERED_SOMETIME),
    )
    hands.moment = datetime(2026, 11, 23, 16, 0, tzinfo=timezone.utc)
    tomorrow = {"order.delivered_on": "2026-11-24"}
    assert ask(desk, tomorrow).order.delivered_on == date(2026, 11, 24)
    assert refused(desk, tomorrow, "50010002")[1] == "in_the_future"


@pytest.mark.parametrize("status", ["in_transit", "not_shipped"])
def test_a_parcel_that_the_carrier_still_has_wasnt_delivered(desk: Desk, status: str) -> None:
    bring(desk, order(shipment={"status": status}))
    facts = ask(desk, {"order.delivered_on": "2026-11-20"})
    assert facts.order.delivered_on is None
    assert facts.order.shipment.value == status


def test_a_buyer_cant_put_the_free_return_label_on(desk: Desk) -> None:
    bring(desk, order(items=[BLENDER | {"free_return_label": False}]))
    assert ask(desk, {"item.free_return_label": True}).item.free_return_label is False


def test_an_answer_of_the_wrong_kind_is_refused(desk: Desk) -> None:
    bring(desk, order())
    assert refused(desk, {"condition.used": "banana"}) == ("condition.used", "invalid")


NOWHERE = {"country": "ES"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cana\u202eri\u200bas\n<b>x</b>\0", "Canarias bx/b"),
        ("  Île-de-France ", "Île-de-France"),
        ("Кировоградская обл.", "Кировоградская обл."),
        ("Provence-Alpes-Côte d'Azur", "Provence-Alpes-Côte d'Azur"),
        ("जम्मू और कश्मीर", "जम्मू और कश्मीर"),
        ("r" * 90, "r" * 60),
    ],
)
def test_a_typed_region_is_kept_as_a_places_name_and_nothing_more(
    desk: Desk, typed: str, kept: str
) -> None:
    bring(desk, order(address=NOWHERE))
    assert ask(desk, {"order.region": typed}).order.region == kept


def test_a_typed_region_is_clean_in_the_stored_decision(desk: Desk) -> None:
    bring(desk, order(address=NOWHERE))
    item = verified(desk)[0]
    answers = AS_NEW | {
        "order.region": "Mad\u2066rid\r\n<script>",
        "order.postal_code": "28\u202e001<b>",
    }
    wanted = FilingItem(item, 1, Reason.CHANGE_OF_MIND, answers)
    filed = desk.file(CHAT, filing(item, items=(wanted,)))
    stored = desk.request(filed.number).decision["items"][0]["facts"]["order"]
    assert (stored["region"], stored["postal_code"]) == ("Madrid script", "28001b")


@pytest.mark.parametrize("path", ["order.region", "order.postal_code"])
@pytest.mark.parametrize("typed", ["\u202e\u200b", "<>", "", 7, ["x"]])
def test_a_place_without_a_name_is_refused(desk: Desk, path: str, typed: object) -> None:
    bring(desk, order(address=NOWHERE))
    assert refused(desk, {path: typed}) == (path, "invalid")


def test_labels_of_this_month_and_recent_requests_are_counted_per_buyer(
    desk: Desk, hands: Hands
) -> None:
    bring(
        desk,
        order(items=items(2)),
        order(number="50010002", items=items(1)),
        order(number="50010003", buyer={"email": "ben@example.org", "name": "Ben"}),
    )
    first, second = verified(desk)
    desk.file(CHAT, filing(first, "a"))
    desk.file(CHAT, filing(second, "b"))
    facts = ask(desk, {}, "50010002")
    assert (facts.labels_used_this_month, facts.recent_requests) == (2, 2)
    desk.verify(CHAT, "50010003", "ben@example.org")
    bens = desk.order(CHAT, "50010003").items[0].id
    facts = desk.facts(CHAT, "50010003", bens, None, {})
    assert (facts.labels_used_this_month, facts.recent_requests) == (0, 0)
    hands.moment = datetime(2026, 12, 1, 10, 0, tzinfo=timezone.utc)
    facts = ask(desk, {}, "50010002")
    assert (facts.labels_used_this_month, facts.recent_requests) == (0, 2)
    hands.moment = datetime(2027, 3, 1, 10, 0, tzinfo=timezone.utc)
    assert ask(desk, {}, "50010002").recent_requests == 0

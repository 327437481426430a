from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk
from bot.desk.importing import ImportRefused
from bot.policy.facts import ShipmentStatus
from tests.desk.shop import ANA, BLENDER, CHAT, bring, items, order, rows, verified

BEFORE_ITEMS_WENT_APART = "8700afb12bf96c2145618bfedaf07b46e9bbd6b7ac007a46ca09bb0537602f8c"

DELIVERED = {"status": "delivered"}


def problems(desk: Desk, *lines: str | dict[str, Any]) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        desk.import_orders(
            [line if isinstance(line, str) else json.dumps(line) for line in lines], "tests"
        )
    assert rows(desk, "orders") == []
    return [str(problem) for problem in caught.value.problems]


def test_an_imported_order_is_there_with_all_it_tells(desk: Desk) -> None:
    bring(
        desk,
        order(
            shipment={
                "status": "delivered",
                "shipped_on": "2026-11-10",
                "guaranteed_by": "2026-11-25",
                "delivered_on": "2026-11-18",
                "tracking_number": "TRK1",
            }
        ),
    )
    verified(desk)
    view = desk.order(CHAT, "50010001")
    assert (view.seller, view.buyer_name, view.locale) == ("Lumen Kitchen", "Ana Souza", "en_GB")
    assert (view.country, view.region, view.postal_code) == ("DE", "Berlin", "10115")
    assert view.shipment.tracking_number == "TRK1"
    assert view.time_zone == "Europe/Berlin"
    (item,) = view.items
    assert (item.title, item.quantity, item.price_cents) == ("Glass jug blender", 2, 5490)


def test_one_bad_line_keeps_all_from_being_loaded(desk: Desk) -> None:
    bad = order(number="50010002", currency="XXQ")
    assert problems(desk, order(), "", bad) == ["line 3, currency: isn't an ISO 4217 code"]


def test_every_problem_is_told_with_its_line_and_field(desk: Desk) -> None:
    found = problems(
        desk,
        order(items=[BLENDER | {"price_cents": 39.9}, BLENDER | {"reference": "2", "quantity": 0}]),
        "{not json",
        "[1]",
        order(colour="red", buyer={"email": "no address", "name": "Ana"}),
    )
    assert found == [
        "line 1, items.0.price_cents: value is not a valid integer",
        "line 1, items.1.quantity: ensure this value is greater than 0",
        "line 2: isn't a JSON object: Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)",
        "line 3: isn't a JSON object: it is something else",
        "line 4, buyer.email: isn't an e-mail address",
        "line 4, colour: extra fields not permitted",
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"number": ""}, "number: must be"),
        ({"number": 50010001}, "number: must be"),
        ({"number": "5001/0001"}, "number: must be"),
        ({"placed_on": "8 November"}, "placed_on: invalid date"),
        ({"paid": "yes"}, "paid: value is not a valid boolean"),
        ({"placed_on": "2026-11-26"}, "shipment.delivered_on is before placed_on"),
        ({"placed_on": "2027-01-01", "protection_ends_on": None, "shipment": {"status": "lost"}},
         "placed_on: is in the future"),
        ({"protection_ends_on": "2026-11-07"}, "protection_ends_on is before placed_on"),
        ({"address": {"country": "Germany"}}, "address.country: isn't an ISO 3166-1"),
        ({"address": {"country": "ZZ"}}, "address.country: isn't an ISO 3166-1"),
        ({"shipment": {"status": "eaten"}}, "shipment.status: value is not a valid enumeration"),
        ({"shipment": {"status": "in_transit", "delivered_on": "2026-11-18"}}, "isn't delivered"),
        ({"shipment": {"status": "not_shipped", "tracking_number": "T"}}, "isn't shipped"),
        ({"shipment": {"status": "delivered", "shipped_on": "2026-11-19",
                       "delivered_on": "2026-11-18"}}, "delivered before it was shipped"),
        ({"items": [BLENDER | {"shipment": {"status": "lost", "delivered_on": "2026-11-18"}}]},
         "items.0.shipment: has a delivery day, but isn't delivered"),
        ({"items": [BLENDER | {"shipment": DELIVERED | {"delivered_on": "2026-11-07"}}]},
         "items.0.shipment.delivered_on is before placed_on"),
        ({"items": [BLENDER | {"shipment": DELIVERED | {"delivered_on": "2026-11-26"}}]},
         "items.0.shipment.delivered_on: is in the future"),
        ({"withdrawal_informed": "no"}, "withdrawal_informed: value is not a valid boolean"),
        ({"withdrawal_informed": True, "withdrawal_informed_on": "2026-11-20"}, "told late"),
        ({"withdrawal_informed_on": "2026-11-26"}, "withdrawal_informed_on: is in the future"),
        ({"items": []}, "items: is empty"),
        ({"items": [BLENDER, BLENDER]}, "items: two items have the same reference"),
        ({"items": [BLENDER | {"category": "boats"}]}, "items.0.category: isn't a category"),
        ({"items": [BLENDER | {"category": None}]}, "items.0: needs a category or traits"),
        ({"items": [BLENDER | {"traits": ["shiny"]}]}, "items.0.traits.0: value is not a valid"),
        ({"items": [BLENDER | {"price_cents": -1}]}, "items.0.price_cents: ensure"),
        ({"items": [BLENDER | {"weight_kg": 0}]}, "items.0.weight_kg: ensure"),
        ({"items": [BLENDER | {"title": ""}]}, "items.0.title: ensure"),
        ({"buyer": {"email": "a@b@example.com", "name": "A"}}, "buyer.email: isn't"),
        ({"buyer": {"email": "josé@example.com", "name": "J"}}, "buyer.email: isn't"),
        ({"buyer": {"email": ANA, "name": "A", "locale": "klingon"}}, "buyer.locale: isn't"),
        ({"past_returns": [{"filed_on": "2026-11-20", "items": ["9"]}]}, "isn't in the order"),
        ({"past_returns": [{"filed_on": "2026-11-01"}]}, "past_returns is before placed_on"),
    ],
)  # fmt: skip
def test_what_cant_be_is_refused(desk: Desk, changes: dict[str, Any], problem: str) -> None:
    (found,) = problems(desk, order(**changes))
    assert problem in found


@pytest.mark.parametrize("line", ["[" * 100_000, '{"number": NaN}', '{"a":' * 50_000])
def test_a_hostile_line_is_a_problem_like_any_other(desk: Desk, line: str) -> None:
    assert all(problem.startswith("line 1") for problem in problems(desk, line))


def test_loading_the_same_file_again_changes_nothing(desk: Desk) -> None:
    bring(desk, order())
    again = desk.import_orders([json.dumps(dict(reversed(order().items())))], "tests")
    assert (again.added, again.unchanged) == (0, 1)


def test_a_file_that_was_loaded_before_items_could_go_apart_is_still_the_same(desk: Desk) -> None:
    bring(desk, order())
    (stored,) = rows(desk, "orders")
    # The digest that the first release wrote for this order.
    assert stored["digest"] == BEFORE_ITEMS_WENT_APART


def test_an_items_own_parcel_is_kept_beside_the_orders(desk: Desk) -> None:
    own = {"status": "in_transit", "shipped_on": "2026-11-19", "guaranteed_by": "2026-11-30"}
    second = BLENDER | {"reference": "2", "title": "Lid", "shipment": own}
    bring(desk, order(items=[BLENDER, second]))
    first_item, second_item = desk.verify("chat", "50010001", ANA).order.items
    assert first_item.shipment.delivered_on == date(2026, 11, 18)
    assert second_item.shipment.status is ShipmentStatus.IN_TRANSIT
    assert second_item.shipment.guaranteed_by == date(2026, 11, 30)


def test_the_order_of_traits_makes_no_difference(desk: Desk) -> None:
    first = BLENDER | {"traits": ["food", "perishable"]}
    bring(desk, order(items=[first]))
    turned = BLENDER | {"traits": ["perishable", "food", "food"]}
    assert desk.import_orders([json.dumps(order(items=[turned]))], "tests").unchanged == 1


def test_an_order_number_with_other_content_is_refused_and_nothing_of_the_file_loaded(
    desk: Desk,
) -> None:
    bring(desk, order())
    changed = order(items=[BLENDER | {"price_cents": 1}])
    with pytest.raises(ImportRefused) as caught:
        desk.import_orders([json.dumps(order(number="50010002")), json.dumps(changed)], "tests")
    assert str(caught.value) == "line 2, number: order 50010001 exists with other content"
    assert [row["number"] for row in rows(desk, "orders")] == ["50010001"]


def test_one_number_twice_in_a_file_with_other_content_is_refused(desk: Desk) -> None:
    (found,) = problems(desk, order(), order(paid=False))
    assert found.startswith("line 2, number")


def test_orders_of_one_email_belong_to_one_buyer(desk: Desk) -> None:
    bring(desk, order(), order(number="50010002", buyer={"email": ANA.upper(), "name": "A. S."}))
    (buyer,) = rows(desk, "buyers")
    assert (buyer["email"], buyer["name"]) == (ANA, "Ana Souza")
    assert len(rows(desk, "sellers")) == 1


def test_past_returns_count_for_the_quota_and_their_items_are_taken(desk: Desk) -> None:
    past = [
        {"filed_on": "2026-11-20", "items": ["1"], "prepaid_label": True},
        {"filed_on": "2026-11-21", "items": ["2"], "reason": "arrived_damaged"},
    ]
    bring(desk, order(items=items(3), past_returns=past))
    third = verified(desk)[2]
    facts = desk.facts(CHAT, "50010001", third, None, {})
    assert (facts.labels_used_this_month, facts.recent_requests) == (1, 2)
    first, second = desk.requests(CHAT, "50010001")
    assert first.status.value == "refunded"
    assert first.label.month == "2026-11"
    assert (second.label, second.decision) == (None, None)
    view = desk.order(CHAT, "50010001")
    taken = [item.request_number for item in view.items]
    assert taken == [first.number, second.number, None]
    assert [item.pieces_left for item in view.items] == [0, 0, 2]


def test_the_import_is_written_to_the_audit(desk: Desk) -> None:
    bring(desk, order())
    (entry,) = rows(desk, "audit_entries")
    assert (entry["actor"], entry["action"]) == ("tests", "orders_imported")


def test_the_documented_example_can_be_loaded(desk: Desk) -> None:
    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    example = page.split("```json\n")[1].split("```")[0]
    assert desk.import_orders([json.dumps(json.loads(example))], "tests").added == 1


def test_every_field_of_the_format_is_documented() -> None:
    from bot.desk import records

    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    for prefix, record in (
        ("", records.OrderRecord),
        ("buyer.", records.BuyerRecord),
        ("address.", records.AddressRecord),
        ("shipment.", records.ShipmentRecord),
        ("items[].", records.ItemRecord),
        ("past_returns[].", records.PastReturnRecord),
    ):
        for name in record.__fields__:
            if name not in ("buyer", "address", "shipment", "items", "past_returns") or prefix:
                assert f"| `{prefix}{name}` |" in page

"""What holds for any facts at all."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import (
    Decision,
    Facts,
    Reason,
    RouteId,
    ShipmentStatus,
    Status,
    Trait,
    decide,
    load_clauses,
    parse_facts,
    to_json,
)
from bot.policy.as_text import to_text
from bot.policy.facts import ComplaintFacts, ConditionFacts, ItemFacts, OrderFacts
from bot.policy.paths import FACT_PATHS

CLAUSES = load_clauses()
UNDELIVERED = (ShipmentStatus.NOT_SHIPPED, ShipmentStatus.IN_TRANSIT)

near = st.dates(date(2024, 1, 1), date(2028, 12, 31))
PROGRAM_ONLY = [
    *(Trait.FRAGILE, Trait.DATED, Trait.FREE_GIFT, Trait.SOCKS, Trait.BATTERY, Trait.PROHIBITED),
]
any_day = near | st.dates()
maybe_day = st.none() | near
maybe = st.none() | st.booleans()
size = st.none() | st.floats(0.1, 300) | st.sampled_from([120.0, 210.0, 30.0])
EU_COUNTRIES = sorted(CLAUSES.in_force(date(2026, 1, 1)).param("EU-TEU-52", "countries"))
statutory_country = st.sampled_from([*EU_COUNTRIES, "BR", "GF", "RE", "AX"])
country = (
    st.none()
    | st.sampled_from(["DE", "ES", "BR", "US", "UA", "PR", "CL", "GF", "ZZ"])
    | statutory_country
)
postal = (
    st.none()
    | st.sampled_from(["35001", "09001", "10115", "08001", "01310-100", "98800", "x", ""])
    | st.text(max_size=20)
)
region = st.none() | st.sampled_from(["Kherson", "Київ", "BY", "SP"]) | st.text(max_size=30)


@st.composite
def orders(draw: st.DrawFn) -> OrderFacts:
    placed_on, delivered_on = draw(st.none() | any_day), draw(st.none() | any_day)
    if placed_on and delivered_on and delivered_on < placed_on:
        placed_on, delivered_on = delivered_on, placed_on
    shipments = [None, ShipmentStatus.DELIVERED, ShipmentStatus.LOST]
    if delivered_on is None:
        shipments += UNDELIVERED
    return OrderFacts(
        placed_on=placed_on,
        paid=draw(st.booleans()),
        shipment=draw(st.sampled_from(shipments)),
        guaranteed_by=draw(st.none() | any_day),
        delivered_on=delivered_on,
        protection_ends_on=draw(maybe_day),
        country=draw(country),
        region=draw(region),
        postal_code=draw(postal),
        last_delivered_on=delivered_on and draw(st.none() | st.just(delivered_on)),
        more_to_come=draw(st.booleans()),
        withdrawal_informed=draw(maybe),
        withdrawal_informed_on=draw(maybe_day),
    )


items = st.builds(
    ItemFacts,
    category=st.none() | st.sampled_from(CLAUSES.categories) | st.just("made up"),
    traits=st.none() | st.frozensets(st.sampled_from(Trait), max_size=3),
    durable=maybe,
    free_return_label=maybe,
    length_cm=size,
    width_cm=size,
    height_cm=size,
    weight_kg=size,
    oversize=maybe,
)
conditions = st.builds(
    ConditionFacts,
    used=maybe,
    damaged_by_buyer=maybe,
    seals_removed=maybe,
    packaging_kept=maybe,
    complete=maybe,
    media_unwrapped=maybe,
    hidden_defect=maybe,
    discovered_on=maybe_day,
)


@st.composite
def complaints(draw: st.DrawFn) -> ComplaintFacts:
    made_on = draw(maybe_day)
    answered_on = draw(st.none() | st.integers(0, 400)) if made_on else None
    return ComplaintFacts(
        made_on=made_on,
        answered_on=None if answered_on is None else made_on + timedelta(days=answered_on),
        cured=draw(st.booleans()),
        repair_chosen=draw(st.booleans()),
    )


all_facts = st.builds(
    Facts,
    order=orders(),
    item=items,
    condition=conditions,
    complaint=complaints(),
    reason=st.none() | st.sampled_from(Reason),
    labels_used_this_month=st.integers(0, 5),
    recent_requests=st.integers(0, 50),
)


@given(all_facts, any_day)
@settings(max_examples=300, deadline=None)
def test_any_valid_facts_get_a_whole_decision(facts: Facts, asked_on: date) -> None:
    decision = decide(facts, CLAUSES, asked_on)
    assert sorted(r.id for r in decision.routes) == sorted(RouteId)
    json.dumps(to_json(decision))
    assert to_text(decision, CLAUSES.texts)
    assert "{" not in "".join(_words(decision))


@given(all_facts, near)
@settings(max_examples=200, deadline=None)
def test_asking_twice_gives_the_same_answer(facts: Facts, asked_on: date) -> None:
    assert decide(facts, CLAUSES, asked_on) == decide(facts, CLAUSES, asked_on)
    again = parse_facts(json.loads(facts.json())) if facts.item.category != "made up" else facts
    assert decide(again, CLAUSES, asked_on) == decide(facts, CLAUSES, asked_on)


@given(all_facts, any_day)
@settings(max_examples=300, deadline=None)
def test_every_closed_route_names_a_clause_and_what_would_have_changed_it(
    facts: Facts, asked_on: date
) -> None:
    for route in decide(facts, CLAUSES, asked_on).routes:
        if route.status is Status.CLOSED:
            assert route.findings
            assert route.would_change
            cited = {c.id for c in route.clauses}
            assert {f.clause for f in route.findings + route.would_change} <= cited
            assert not route.missing


@given(all_facts, near, st.integers(1, 1000))
@settings(max_examples=400, deadline=None)
def test_more_days_never_open_a_route_save_for_a_late_parcel(
    facts: Facts, asked_on: date, days: int
) -> None:
    # The contract's day is fixed, as it is for every order the desk has.
    placed_on = facts.order.placed_on or facts.order.delivered_on or asked_on
    order = facts.order.copy(update={"placed_on": placed_on})
    facts = facts.copy(update={"order": order})
    before = decide(facts, CLAUSES, asked_on)
    after = decide(facts, CLAUSES, asked_on + timedelta(days=days))
    for route in before.routes:
        if route.id is RouteId.BUYER_PROTECTION and facts.reason is Reason.NOT_ARRIVED:
            continue
        if route.status is not Status.OPEN:
            assert after.route(route.id).status is not Status.OPEN


@given(all_facts, near)
@settings(max_examples=300, deadline=None)
def test_only_what_can_be_answered_is_asked_and_only_what_is_unknown(
    facts: Facts, asked_on: date
) -> None:
    decision = decide(facts, CLAUSES, asked_on)
    assert set(decision.missing) <= FACT_PATHS
    assert len(set(decision.missing)) == len(decision.missing)
    assert set(decision.missing) == {p for r in decision.routes for p in r.missing}
    for route in decision.routes:
        assert bool(route.missing) == (route.status is Status.NEEDS_INFORMATION)
    known = facts.dict()
    for path in decision.missing:
        value = known
        for part in path.split("."):
            value = value[part]
        blank = isinstance(value, str) and not value.strip()
        assert value is None or blank or value == "made up", path
    if "order.delivered_on" in decision.missing:
        assert facts.order.shipment not in UNDELIVERED, "an answer would contradict the order"


@given(all_facts, near)
@settings(max_examples=200, deadline=None)
def test_the_day_a_late_parcel_is_promised_is_the_day_it_opens(
    facts: Facts, asked_on: date
) -> None:
    route = decide(facts, CLAUSES, asked_on).route(RouteId.BUYER_PROTECTION)
    if route.opens_on and not _other_problems(route.findings):
        before = decide(facts, CLAUSES, route.opens_on - timedelta(days=1))
        after = decide(facts, CLAUSES, route.opens_on)
        assert before.route(RouteId.BUYER_PROTECTION).status is Status.CLOSED
        assert after.route(RouteId.BUYER_PROTECTION).status is not Status.CLOSED


@given(all_facts, near)
@settings(max_examples=200, deadline=None)
def test_open_routes_come_first(facts: Facts, asked_on: date) -> None:
    order = list(Status)
    ranks = [order.index(r.status) for r in decide(facts, CLAUSES, asked_on).routes]
    assert ranks == sorted(ranks)


STATUTORY = (
    RouteId.EU_WITHDRAWAL,
    RouteId.EU_CONFORMITY,
    RouteId.BR_REGRET,
    RouteId.BR_WARRANTY,
)
faulty = st.sampled_from([Reason.NOT_AS_DESCRIBED, Reason.STOPPED_WORKING, Reason.CHANGE_OF_MIND])
place = st.sampled_from(["BY", "SP", "CT", "Alsace", "Roma", "20"]) | st.none()


def ends(facts: Facts) -> dict[RouteId, date | None]:
    """The last day of each right by law, asked on the day of receipt."""
    asked_on = facts.order.delivered_on
    routes = decide(facts, CLAUSES, asked_on).routes
    return {r.id: r.last_day for r in routes if r.id in STATUTORY and r.last_day}


def received(country: str, region: str | None, placed_on: date, days: int, **more: Any) -> Facts:
    order = OrderFacts(
        country=country,
        region=region,
        placed_on=placed_on,
        delivered_on=placed_on + timedelta(days=days),
        **more,
    )
    return Facts(order=order, item=ItemFacts(traits=frozenset(), durable=True))


recent = st.dates(date(2022, 6, 1), date(2032, 12, 31))


@given(statutory_country, place, recent, st.integers(0, 60), st.integers(1, 40), faulty)
@settings(max_examples=300, deadline=None)
def test_a_later_receipt_never_ends_earlier(
    country: str, region: str | None, placed_on: date, days: int, more: int, reason: Reason
) -> None:
    first = received(country, region, placed_on, days).copy(update={"reason": reason})
    second = received(country, region, placed_on, days + more).copy(update={"reason": reason})
    before, after = ends(first), ends(second)
    assert before or country in ("FI", "NL", "AX")
    for route in before:
        assert before[route] <= after[route]


@given(statutory_country, recent, st.integers(0, 30), st.integers(0, 600), st.integers(0, 90))
@settings(max_examples=300, deadline=None)
def test_an_extension_never_shortens(
    country: str, placed_on: date, days: int, told_after: int, parcels: int
) -> None:
    plain = received(country, None, placed_on, days)
    delivered_on = plain.order.delivered_on
    longer = [
        plain.order.copy(update={"withdrawal_informed": False}),
        plain.order.copy(
            update={"withdrawal_informed_on": delivered_on + timedelta(days=told_after)}
        ),
        plain.order.copy(update={"last_delivered_on": delivered_on + timedelta(days=parcels)}),
    ]
    for order in longer:
        for route, end in ends(plain).items():
            assert ends(plain.copy(update={"order": order}))[route] >= end
    for reason in (Reason.NOT_AS_DESCRIBED, Reason.STOPPED_WORKING):
        faulty_item = plain.copy(update={"reason": reason})
        repaired = faulty_item.copy(update={"complaint": ComplaintFacts(repair_chosen=True)})
        made_on = delivered_on + timedelta(days=told_after % 80)
        answered = ComplaintFacts(made_on=made_on, answered_on=made_on + timedelta(days=parcels))
        complained = faulty_item.copy(update={"complaint": answered})
        for route, end in ends(faulty_item).items():
            assert ends(repaired)[route] >= end
            assert ends(complained)[route] >= end


@given(statutory_country, place, recent, st.integers(0, 30))
@settings(max_examples=300, deadline=None)
def test_a_region_that_is_not_known_never_shortens(
    country: str, region: str | None, placed_on: date, days: int
) -> None:
    known, unknown = (
        received(country, region, placed_on, days),
        received(country, None, placed_on, days),
    )
    for route, end in ends(known).items():
        assert ends(unknown)[route] >= end


@given(all_facts, near)
@settings(max_examples=400, deadline=None)
def test_no_exception_of_the_program_closes_a_right_by_law(facts: Facts, asked_on: date) -> None:
    decision = decide(facts, CLAUSES, asked_on)
    for id_ in STATUTORY:
        route = decision.route(id_)
        if route.status in (Status.CLOSED, Status.ASK_SUPPORT):
            against = {f.clause for f in route.findings} - {"S10", "P2"}
            assert against
            assert all(clause.startswith(("EU-", "BR-")) for clause in against)


@given(statutory_country, recent, st.integers(0, 30), st.frozensets(st.sampled_from(PROGRAM_ONLY)))
@settings(max_examples=200, deadline=None)
def test_what_only_the_program_takes_out_changes_no_right_by_law(
    country: str, placed_on: date, days: int, traits: frozenset[Trait]
) -> None:
    plain = received(country, None, placed_on, days)
    item = plain.item.copy(update={"traits": traits})
    condition = ConditionFacts(used=True, packaging_kept=False, complete=False)
    excluded = plain.copy(update={"item": item, "condition": condition})
    for reason in Reason:
        before = decide(plain.copy(update={"reason": reason}), CLAUSES, plain.order.delivered_on)
        after = decide(excluded.copy(update={"reason": reason}), CLAUSES, plain.order.delivered_on)
        for id_ in STATUTORY:
            assert before.route(id_).status is after.route(id_).status


def _other_problems(findings: tuple) -> bool:
    return any(f.code not in ("not_late_yet", "talk_first") for f in findings)


def _words(decision: Decision) -> list[str]:
    said = [f.text for r in decision.routes for f in r.findings + r.would_change]
    return [
        w for w in said if "postal code" not in w and "ZIP code" not in w and "region (" not in w
    ]

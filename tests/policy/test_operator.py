"""An operator changes a value or a clause in the data, and decisions follow from that day."""

from __future__ import annotations

from datetime import date
from typing import Any

from bot.policy import Clauses, Decision, Facts, RouteId, Status, decide, parse_facts
from tests.policy.case_tables import FOLDER, merged, read
from tests.policy.clause_folder import ClauseFolder

ASKED_ON = date(2026, 11, 10)


def facts(**changes: Any) -> Facts:
    return parse_facts(merged(read(FOLDER / "defaults.yml")["facts"], changes))


def free_return(clauses: Clauses, **changes: Any) -> Status:
    return decide(facts(**changes), clauses, ASKED_ON).route(RouteId.FREE_RETURN).status


def test_a_country_list_closes_free_return_elsewhere(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "2010-01-01: []", "2010-01-01: [DE, FR]")
    clauses = folder.load()
    assert free_return(clauses, order={"country": "DE"}) is Status.OPEN
    route = decide(facts(), clauses, ASKED_ON).route(RouteId.FREE_RETURN)
    assert route.status is Status.CLOSED
    assert [(f.clause, f.code) for f in route.findings] == [("F3", "not_served")]
    assert "(CL)" in route.findings[0].text
    assert [(f.clause, f.code) for f in route.would_change] == [("F3", "served")]


def test_reaching_the_abuse_threshold_flags_and_refuses_nothing(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "2010-01-01: null", "2010-01-01: 5")
    clauses = folder.load()

    def decided(requests: int) -> Decision:
        return decide(facts(recent_requests=requests), clauses, ASKED_ON)

    assert decided(4).flags == ()
    assert decided(5).flags == ("F12",)
    assert "F12" in {n.clause for n in decided(5).notes}
    assert decided(5).routes == decided(4).routes


def test_a_new_value_holds_for_orders_from_its_day_on(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "2010-01-01: 15", "2010-01-01: 15\n          2026-10-16: 30")
    clauses = folder.load()

    def last_day(placed_on: str) -> date | None:
        changed = facts(order={"placed_on": placed_on})
        return decide(changed, clauses, ASKED_ON).route(RouteId.FREE_RETURN).last_day

    assert last_day("2026-10-15") == date(2026, 11, 16)
    assert last_day("2026-10-16") == date(2026, 12, 1)


def test_the_day_of_the_question_counts_when_the_order_has_none(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "2010-01-01: 15", "2010-01-01: 15\n          2026-10-16: 30")
    changed = facts(order={"placed_on": None})
    route = decide(changed, folder.load(), ASKED_ON).route(RouteId.FREE_RETURN)
    assert route.last_day == date(2026, 12, 1)


def test_an_ended_clause_says_nothing_about_later_orders(folder: ClauseFolder) -> None:
    line = "    title: Suspended in parts of Ukraine\n"
    folder.replace("free_return.yml", line, f"{line}    valid_to: 2026-10-14\n")
    clauses = folder.load()
    kherson = {"country": "UA", "region": "Kherson"}
    assert free_return(clauses, order={**kherson, "placed_on": "2026-10-14"}) is Status.CLOSED
    assert free_return(clauses, order={**kherson, "placed_on": "2026-10-15"}) is Status.OPEN


def test_a_route_without_its_clause_is_closed_and_says_why(folder: ClauseFolder) -> None:
    line = "    title: 14 days to withdraw\n"
    folder.replace("acts/2011_83.yml", line, f"{line}    valid_to: 2026-10-14\n")
    route = decide(facts(order={"country": "DE"}), folder.load(), ASKED_ON).route(
        RouteId.EU_WITHDRAWAL
    )
    assert route.status is Status.CLOSED
    assert [(f.clause, f.code) for f in route.findings] == [("EU-2011/83-9(1)", "not_in_force")]
    assert "15 October 2026" in route.findings[0].text
    assert [c.id for c in route.clauses] == ["EU-2011/83-9(1)"]


def test_an_order_cites_the_version_of_its_day(folder: ClauseFolder) -> None:
    text = (folder.path / "how_it_works.yml").read_text(encoding="utf-8")
    start = text.index("  - id: H3")
    h3 = text[start : text.index("  - id: H4")]
    old = h3.replace(
        "    valid_from: 2010-01-01\n", "    valid_from: 2010-01-01\n    valid_to: 2026-10-14\n"
    )
    new = h3.replace("2010-01-01", "2026-10-15").replace(
        "title: You changed", "title: Now you changed"
    )
    folder.replace("how_it_works.yml", h3, old + new)
    clauses = folder.load()

    def title(placed_on: str) -> str:
        changed = facts(order={"placed_on": placed_on})
        return decide(changed, clauses, ASKED_ON).route(RouteId.SELLER_RETURN).clauses[0].title

    assert title("2026-10-14") == "You changed your mind"
    assert title("2026-10-15") == "Now you changed your mind"


def test_changed_words_are_what_the_buyer_reads(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "This item doesn't carry", "Esta peça não traz")
    folder.replace("routes.yml", "locale: en_GB", "locale: pt_BR")
    decision = decide(facts(item={"free_return_label": False}), folder.load(), ASKED_ON)
    assert decision.route(RouteId.FREE_RETURN).findings[0].text.startswith("Esta peça não traz")
    seller = decide(facts(order={"country": "DE"}), folder.load(), ASKED_ON)
    assert "16 de novembro de 2026" in seller.route(RouteId.EU_WITHDRAWAL).findings[0].text


def test_three_labels_are_the_most_until_an_operator_says_otherwise(folder: ClauseFolder) -> None:
    assert free_return(folder.load(), labels_used_this_month=3) is Status.CLOSED
    changed = ClauseFolder(folder.path / "changed")
    labels = "unit: labels\n        values:\n          2010-01-01: "
    changed.replace("free_return.yml", f"{labels}3", f"{labels}4")
    assert free_return(changed.load(), labels_used_this_month=3) is Status.OPEN

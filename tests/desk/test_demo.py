"""Each clause can be tried in the chat with a demo order."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.desk import Desk, migrate
from bot.desk.demo import Example, examples, load
from bot.policy import Clauses, Decision, load_clauses
from bot.policy.facts import Reason
from bot.settings import Settings
from tests.desk.shop import AS_NEW, NOW, with_parameter

CARED_FOR = AS_NEW | {"condition.media_unwrapped": False}
TOLD = {"order.delivered_on": "2026-11-20", "order.protection_ends_on": "2026-12-01"}
PLAIN: list[dict[str, Any]] = [{}, CARED_FOR]
SPOILT: list[dict[str, Any]] = [
    CARED_FOR | TOLD | {"item.oversize": True},
    *(CARED_FOR | {path: not value} for path, value in CARED_FOR.items()),
]
SPOILT_FOR = Reason.NOT_AS_DESCRIBED
ONLY_WHEN_SET = {"F3", "F12"}
"""The page names no countries and no number of requests; an operator does."""
NO_DECISION = {"S11"}
"""It gives items their traits, and is cited through what follows from them."""


@pytest.fixture(scope="module")
def operated() -> Clauses:
    """The clauses as an operator may set them where the page leaves a value open."""
    countries = with_parameter(load_clauses(), "F3", "countries", ["DE", "FR", "ES", "PT"])
    return with_parameter(countries, "F12", "requests", 5)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, operated: Clauses) -> Iterator[Desk]:
    folder: Path = tmp_path_factory.mktemp("demo")
    settings = Settings(_env_file=None, var_dir=folder, database_url="", outbox_dir=None)
    migrate(settings.database_url)
    desk = Desk.from_settings(settings, clock=lambda: NOW)
    assert load(desk) == len(examples())
    yield desk
    desk.close()


def decisions(desk: Desk, example: Example) -> Iterator[Decision]:
    order = desk.verify("chat", example.order_number, example.email).order
    for item in order.items:
        for reason in Reason:
            for answers in PLAIN + (SPOILT if reason is SPOILT_FOR else []):
                yield desk.decide("chat", order.number, item.id, reason, answers)


def cited(decision: Decision) -> set[str]:
    found = {citation.id for route in decision.routes for citation in route.clauses}
    return found | {note.clause for note in decision.notes}


@pytest.fixture(scope="module")
def shown(demo: Desk) -> dict[str, set[str]]:
    """Clause ids that each demo order's decisions cite."""
    found: dict[str, set[str]] = defaultdict(set)
    for example in examples():
        # Each in turn, so that no order can borrow what another shows.
        for decision in decisions(demo, example):
            found[example.order_number] |= cited(decision)
    return found


def test_every_clause_of_the_page_is_shown_by_some_demo_order(
    shown: dict[str, set[str]], demo: Desk
) -> None:
    everything = set().union(*shown.values())
    page = {clause.id for clause in demo.context.clauses.versions if not clause.is_law}
    assert page - everything == ONLY_WHEN_SET | NO_DECISION


def test_every_clause_that_an_order_promises_to_show_is_in_its_decisions(
    shown: dict[str, set[str]],
) -> None:
    for example in examples():
        assert set(example.shows) - shown[example.order_number] <= ONLY_WHEN_SET, example


def test_what_an_operator_sets_is_shown_too(demo: Desk, operated: Clauses) -> None:
    from dataclasses import replace

    desk = Desk(replace(demo.context, clauses=operated))
    found: set[str] = set()
    for example in examples():
        if "F12" in example.shows or "F7" in example.shows:
            found |= set().union(*(cited(decision) for decision in decisions(desk, example)))
    assert found >= ONLY_WHEN_SET


def test_items_take_their_traits_from_their_category(demo: Desk) -> None:
    cream = next(
        example for example in examples() if "X3" in example.shows and "S8" in example.shows
    )
    assert any("X3" in cited(decision) for decision in decisions(demo, cream))


@pytest.mark.parametrize(
    ("number", "route", "reason", "status"),
    [
        ("40010001", "buyer_protection", "arrived_damaged", "open"),
        ("40010002", "buyer_protection", "not_arrived", "open"),
        ("40010003", "buyer_protection", "not_arrived", "open"),
        ("40010004", "buyer_protection", "not_arrived", "closed"),
        ("40010005", "cancellation", "change_of_mind", "open"),
        ("40010006", "cancellation", "change_of_mind", "closed"),
        ("40010007", "free_return", "change_of_mind", "open"),
        ("40010008", "free_return", "change_of_mind", "open"),
        ("40010009", "free_return", "change_of_mind", "closed"),
        ("40010011", "free_return", "change_of_mind", "ask_support"),
        ("40010012", "free_return", "change_of_mind", "open"),
        ("40010013", "free_return", "change_of_mind", "ask_support"),
        ("40010017", "free_return", "change_of_mind", "closed"),
        ("40010018", "free_return", "change_of_mind", "open"),
        ("40010019", "free_return", "change_of_mind", "closed"),
        ("40010020", "free_return", "change_of_mind", "closed"),
        ("40010021", "free_return", "change_of_mind", "closed"),
        ("40010024", "free_return", "change_of_mind", "open"),
        ("40010026", "free_return", "change_of_mind", "closed"),
        ("40010035", "br_regret", "change_of_mind", "open"),
        ("40010036", "br_warranty", "stopped_working", "open"),
        ("40010037", "br_warranty", "not_as_described", "open"),
        ("40010038", "br_warranty", "stopped_working", "needs_information"),
        ("40010039", "eu_conformity", "stopped_working", "open"),
        ("40010040", "eu_conformity", "stopped_working", "ask_support"),
    ],
)
def test_a_demo_order_does_what_its_hint_says(
    demo: Desk, number: str, route: str, reason: str, status: str
) -> None:
    example = next(one for one in examples() if one.order_number == number)
    order = demo.verify("chat", number, example.email).order
    decision = demo.decide("chat", number, order.items[0].id, Reason(reason), CARED_FOR)
    found = next(one for one in decision.routes if one.id.value == route)
    assert found.status.value == status


def test_demo_numbers_and_emails_are_easy_to_type_and_nobodys() -> None:
    for example in examples():
        assert re.fullmatch(r"4001\d{4}", example.order_number)
        assert re.fullmatch(r"[a-z]+\.[a-z]+@example\.(com|org)", example.email)
        assert example.hint.endswith(".")


def test_there_are_as_many_examples_as_asked_for() -> None:
    assert [example.order_number for example in examples(2)] == ["40010001", "40010002"]
    assert str(examples(1)[0]).startswith("40010001, ana.souza@example.com: ")

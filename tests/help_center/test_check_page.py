"""The check decides as `python -m bot decide`, in the chat's words, and is kind about errors."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from actions.wording import decision_custom, explain, intro_for
from bot.policy import Decision, decide, load_clauses, parse_facts
from bot.policy.wording import long_date
from bot.settings import ROOT
from bot.words import say
from tests.help_center.check_page import answers_for, check_pages, plain, shown, without_stale_days
from tests.policy.case_tables import Case, all_cases


def _decided(case: Case) -> Decision:
    return decide(parse_facts(case.facts), load_clauses(), case.asked_on)


TODAY = date(2026, 11, 23)
RULES = load_clauses().in_force(TODAY)
_PLAIN = [replace(case, facts=without_stale_days(case.facts)) for case in all_cases()]
_ALL = [(case, answers_for(case.facts, RULES)) for case in _PLAIN]
CASES = [(case, answers) for case, answers in _ALL if answers]
KNOWN = [(case, answers) for case, answers in CASES[::5] if not _decided(case).missing]
"""Some whose facts are all known: what isn't stands in a result by its own name."""
BOUGHT = {
    "reason": "change_of_mind",
    "country": "PT",
    "category": "electronics_gadgets",
    "placed_on": "2026-11-10",
    "delivered_on": "2026-11-18",
}
KEPT = {
    "free_return_label": "yes",
    "oversize": "no",
    "used": "no",
    "damaged_by_buyer": "no",
    "seals_removed": "no",
    "packaging_kept": "yes",
    "complete": "yes",
}


@pytest.fixture(scope="module")
def decided() -> dict[str, Any]:
    """What the command says to every case, by the case's id."""
    lines = [
        json.dumps(
            {**case.facts, "id": case.id, "asked_on": case.asked_on.isoformat()}, default=str
        )
        for case, _ in CASES
    ]
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "decide", "--batch", "-"],
        cwd=ROOT,
        input="\n".join(lines),
        capture_output=True,
        text=True,
        env=os.environ | {"ASSISTANT_SECRET_KEY": "x" * 32},
        check=True,
    )
    found = (json.loads(line) for line in answer.stdout.splitlines())
    return {one["id"]: one["decision"] for one in found}


def test_most_cases_of_the_tables_can_be_told_to_the_page() -> None:
    assert len(CASES) > 250


@pytest.mark.parametrize(("case", "answers"), CASES, ids=[case.id for case, _ in CASES])
def test_the_page_decides_as_the_command_does(
    case: Case, answers: dict[str, str], decided: dict[str, Any], tmp_path: Path
) -> None:
    page = check_pages(tmp_path, case.asked_on, answers["country"]).page(_sent(answers))
    routes = shown(page)
    texts = load_clauses().texts
    said = {route["id"]: route for route in decided[case.id]["routes"]}
    assert routes, plain(page)
    for id_, route in routes.items():
        assert route.status == said[id_]["status"]
        if route.status != "closed":
            day = said[id_]["last_day"]
            locale = texts.locale
            assert route.last_day == (long_date(date.fromisoformat(day), locale) if day else None)
            assert route.paid_by == texts.paid_by[said[id_]["return_paid_by"]]
    open_ones = [r["id"] for r in decided[case.id]["routes"] if r["status"] == "open"]
    assert [id_ for id_, route in routes.items() if route.status == "open"] == open_ones


@pytest.mark.parametrize(("case", "answers"), KNOWN, ids=[case.id for case, _ in KNOWN])
def test_the_page_says_it_in_the_chats_words(
    case: Case, answers: dict[str, str], tmp_path: Path
) -> None:
    page = check_pages(tmp_path, case.asked_on, answers["country"]).page(_sent(answers))
    decision = _decided(case)
    text = plain(page)
    intro, *_ = explain(decision, intro_for(decision, say("utter_label_the_item"))).split("\n\n")
    assert intro in text
    for route in decision_custom(decision)["card"]["routes"]:
        assert " ".join(route["why"].split()) == " ".join(shown(page)[route["id"]].why.split())
        for citation in decision_custom(decision)["citations"]:
            assert citation["quote"] in text


def test_every_quote_of_a_result_folds_open_with_its_source(tmp_path: Path) -> None:
    page = check_pages(tmp_path, TODAY, "PT").page(_sent(BOUGHT | KEPT))
    links = re.findall(r'<a class="number" href="#([^"]+)"', page)
    assert links
    for place in links:
        found = re.search(rf'<details.*?<figure id="{re.escape(place)}">.*?</figure>', page, re.S)
        assert found, f"{place} is linked, but isn't on the page"
    assert RULES.cite("F1").quote in plain(page)
    assert 'href="https://eur-lex.europa.eu/eli/dir/2011/83/oj"' in page


def test_only_what_the_decision_lacks_is_asked_one_thing_at_a_time(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "PT")
    asked, answers = [], dict(BOUGHT)
    while True:
        page = pages.page(_sent(answers))
        found = re.search(r'<button class="secondary" name="(\w+)" value="(\w+)"', page)
        if not found:
            break
        name = found[1]
        assert name not in answers, f"{name} is asked twice"
        assert say(f"utter_ask_{name}").split("?")[0] in plain(page)
        for kept, value in answers.items():
            assert f'<input type="hidden" name="{kept}" value="{value}">' in page
        answers[name] = KEPT[name]
        asked.append(name)
    assert asked == [
        "free_return_label",
        "oversize",
        "damaged_by_buyer",
        "packaging_kept",
        "seals_removed",
        "used",
        "complete",
    ]
    assert "the best way is Free Return, until Thursday, 3 December 2026" in plain(page)


def test_what_one_doesnt_know_is_asked_once(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "PT")
    damaged = BOUGHT | {"reason": "arrived_damaged"}
    assert 'value="unknown">I don&#39;t know</button>' in pages.page(_sent(damaged))
    page = pages.page({**_sent(damaged), "protection_ends_on": ["", "unknown"]})
    assert "protection_ends_on" in page
    assert '<label for="check-protection_ends_on">' not in page


def test_a_kind_with_rules_of_its_own_needs_no_category(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "PT")
    worn = BOUGHT | KEPT | {"category": "underwear"}
    assert shown(pages.page(_sent(worn)))["free_return"].status == "closed"
    # In Brazil only one thing is left to know of it.
    faulty = {"reason": "arrived_damaged", "country": "BR", "category": "food"}
    days = {"delivered_on": "2026-11-18", "protection_ends_on": "unknown"}
    said = {"damaged_by_buyer": "no", "packaging_kept": "yes", "seals_removed": "no", "used": "no"}
    page = pages.page(_sent(faulty | days | said))
    assert 'name="durable"' in page
    page = pages.page(_sent(faulty | days | said | {"durable": "no"}))
    assert shown(page)["br_warranty"].last_day == "Friday, 18 December 2026"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"delivered_on": "2026-02-30"}, "That isn't a day in the calendar."),
        ({"delivered_on": "soon"}, "That isn't a day in the calendar."),
        ({"delivered_on": "2026-11-24"}, "Tuesday, 24 November 2026 is still to come."),
        ({"delivered_on": "2026-11-09"}, "is before the day of the order, Tuesday, 10 November"),
        ({"placed_on": "2027-01-01"}, "Friday, 1 January 2027 is still to come."),
        ({"placed_on": "0001-01-01"}, "That day is too far away."),
        ({"delivered_on": "9999-12-31"}, "That day is too far away."),
        ({"reason": "not_arrived"}, "You chose that it never arrived."),
        ({"reason": "because"}, "Please choose what fits."),
        ({"reason": ""}, "Please choose what fits."),
        ({"country": "XX"}, "Please choose what fits."),
        ({"country": "pt"}, "Please choose what fits."),
        ({"category": "weapons"}, "Please choose what fits."),
    ],
)
def test_what_cant_be_gets_a_kind_sentence_beside_its_field(
    wrong: dict[str, str], said: str, tmp_path: Path
) -> None:
    page = check_pages(tmp_path, TODAY, "PT").page(_sent(BOUGHT | wrong))
    field = "delivered_on" if "not_arrived" in wrong.values() else next(iter(wrong))
    problem = re.search(rf'<p class="problem" id="check-{field}-problem">(.*?)</p>', page)
    assert problem, plain(page)
    assert said in plain(problem[1])
    described = re.search(rf'id="check-{field}"[^>]*aria-describedby="[^"]*-problem"', page)
    assert described
    assert page.count('aria-invalid="true"') == 1
    # The rest is kept, and so is a day that can be corrected.
    for name, value in (BOUGHT | wrong).items():
        if name not in wrong or name.endswith("_on"):
            assert re.search(rf'value="{value}"( selected| checked| maxlength)', page), name


def test_a_later_answer_that_cant_be_is_asked_again(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "PT")
    damaged = BOUGHT | {"reason": "arrived_damaged"}
    page = pages.page(_sent(damaged | {"protection_ends_on": "2026-13-01"}))
    assert "That isn't a day in the calendar." in plain(page)
    assert 'value="2026-13-01"' in page
    page = pages.page(_sent(BOUGHT | {"free_return_label": "perhaps"}))
    assert '<button class="secondary" name="free_return_label" value="yes">' in page
    assert "perhaps" not in page


def test_an_answer_can_be_changed_and_the_others_stay(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "PT")
    page = pages.page(_sent(BOUGHT | KEPT))
    again = re.findall(r'<a href="(/check\?[^"]+)">Change<', page)
    assert len(again) == len(BOUGHT | KEPT)
    assert all("change=1" in address for address in again[: len(BOUGHT)])
    form = pages.page(_sent(BOUGHT | KEPT | {"change": "1"}))
    assert 'value="change_of_mind" checked' in form
    for name, value in KEPT.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in form


def test_with_the_country_goes_what_was_said_of_its_regions(tmp_path: Path) -> None:
    pages = check_pages(tmp_path, TODAY, "UA")
    lived = BOUGHT | KEPT | {"country": "UA", "region": "Luhansk", "change": "1"}
    form = pages.page(_sent(lived))
    assert 'value="UA" selected' in form
    assert "Luhansk" not in form


def test_a_day_told_later_replaces_where_the_parcel_was(tmp_path: Path) -> None:
    page = check_pages(tmp_path, TODAY, "PT").page(
        _sent(BOUGHT | KEPT | {"shipment": "in_transit"})
    )
    assert shown(page)["free_return"].status == "open"


@pytest.mark.parametrize("name", ["region", "category", "delivered_on", "country", "used"])
def test_nothing_that_is_sent_becomes_part_of_the_page(tmp_path: Path, name: str) -> None:
    evil = '"><script>alert(1)</script>'
    page = check_pages(tmp_path, TODAY, "UA").page(_sent(BOUGHT | {"country": "UA", name: evil}))
    assert "<script>alert" not in page
    assert "alert(1)</script>" not in page


def test_the_page_is_served_with_a_form_and_is_kept_nowhere(server: SimpleNamespace) -> None:
    answer = requests.get(f"{server.url}/check", params=BOUGHT, timeout=5)
    assert answer.status_code == 200
    assert "form-action 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert requests.get(f"{server.url}/check?used=%ff&a[]=1&country", timeout=5).status_code == 200


def _sent(answers: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in answers.items()}

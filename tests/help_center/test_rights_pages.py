"""Rights by country: every state's figure with its source, honest about what wasn't compared."""

from __future__ import annotations

import html
import re
from datetime import date
from types import SimpleNamespace

import pytest
import requests

from bot.policy.loader import load_clauses

RULES = load_clauses().in_force(date(2026, 11, 23))
PERIODS = RULES.param("EU-2019/771-10(3)", "periods")
STATES = RULES.param("EU-TEU-52", "countries")


def page(server: SimpleNamespace, path: str, status: int = 200) -> str:
    answer = requests.get(server.url + path, timeout=5)
    assert answer.status_code == status
    return html.unescape(answer.text)


@pytest.mark.parametrize("code", STATES)
def test_each_state_of_the_eu_has_its_period_with_act_since_when_and_source(
    server: SimpleNamespace, code: str
) -> None:
    row = PERIODS[code]
    told = page(server, f"/rights/{code}")
    years = f"{row.years} years" if row.years else "no fixed end"
    assert re.search(rf"<strong>{years}</strong>", told)
    assert "<strong>14 days</strong>" in told
    counted = f"{row.presumed_years} year" + ("s" if row.presumed_years > 1 else "")
    assert f"<strong>{counted}</strong>" in told
    assert row.act in told
    assert row.article in told
    assert f'href="{row.url}"' in told
    assert f"{row.since.day} {row.since:%B %Y}" in told
    assert row.also in told
    if row.checked:
        assert f"Compared with: {row.checked}." in told
        assert "haven't compared" not in told
    else:
        assert "We haven't compared the figures of" in told
        assert "Compared with" not in told


def test_what_the_law_says_stands_there_in_its_own_words(server: SimpleNamespace) -> None:
    told = page(server, "/rights/PT")
    for id_ in ("EU-2011/83-9(1)", "EU-2011/83-16(c)", "EU-2019/771-10(1)"):
        assert RULES.say(id_, "rule").text in told
        assert RULES.cite(id_).quote in told
        assert f'href="{RULES.cite(id_).url}"' in told
    assert 'href="/withdraw"' in told
    assert 'href="/check?country=PT&change=1"' in told


def test_brazil_has_its_regret_and_its_two_warranties(server: SimpleNamespace) -> None:
    told = page(server, "/rights/BR")
    for figure in ("7 days", "30 days", "90 days"):
        assert f"<strong>{figure}</strong>" in told
    assert "14 days" not in told
    assert RULES.cite("S10").quote in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GB", "The United Kingdom, with Northern Ireland, isn't part of the EU"),
        ("NO", "Iceland, Liechtenstein and Norway are in the EEA but not in the EU"),
        ("CH", "Switzerland isn't in the EU"),
        ("US", "The program's page names no legal period for your country"),
        ("GL", "Your address isn't in the part of Europe where EU law holds"),
    ],
)
def test_elsewhere_nothing_is_guessed(server: SimpleNamespace, code: str, said: str) -> None:
    told = page(server, f"/rights/{code}")
    assert said in told
    assert "The program is open to you as well." in told
    assert "<strong>" not in told


def test_a_territory_has_the_law_of_its_state(server: SimpleNamespace) -> None:
    told = page(server, "/rights/AX")
    assert "For faults, the law of Finland holds." in told
    assert "no fixed end" in told


def test_the_overview_lists_all_states_and_leads_to_each(server: SimpleNamespace) -> None:
    told = page(server, "/rights")
    assert len(STATES) == 27
    for code in STATES:
        row = re.search(rf'<a href="/rights/{code}">.*?</tr>', told)
        assert row
        years = PERIODS[code].years
        assert (f"<td>{years} years</td>" if years else "<td>no fixed end</td>") in row[0]
        assert ("not yet" in row[0]) is not bool(PERIODS[code].checked)
    assert 'href="/rights/BR"' in told


def test_a_country_is_chosen_without_script(server: SimpleNamespace) -> None:
    answer = requests.get(f"{server.url}/rights?country=pt", timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/rights/PT")
    answer = requests.get(f"{server.url}/rights/pt", timeout=5, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/rights/PT")
    assert "Choose your country" in page(server, "/rights?country=")


@pytest.mark.parametrize("path", ["/rights/XX", "/rights/%3Cscript%3E", "/rights/portugal"])
def test_an_unknown_country_gets_a_kind_sentence_and_the_list(
    server: SimpleNamespace, path: str
) -> None:
    told = page(server, path, 404)
    assert "There is no such country in our list." in told
    assert "<option" in told
    assert "<script>" not in told

"""Quotes are the page's exact words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.policy import Clause, load_clauses
from bot.policy.sentences import RULE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "bot/policy/program_page.txt").read_text(encoding="utf-8")
ORIGINAL = ROOT.parent / "shared" / "program"


OF_THE_PAGE = [c for c in load_clauses().versions if not c.is_law]
OF_LAW = [c for c in load_clauses().versions if c.is_law]


@pytest.mark.parametrize("clause", OF_THE_PAGE, ids=lambda c: c.id)
def test_quote_and_section_stand_on_the_page(clause: Clause) -> None:
    assert clause.quote in PAGE
    assert clause.section in PAGE


@pytest.mark.parametrize("clause", OF_LAW, ids=lambda c: c.id)
def test_a_clause_of_law_names_act_article_and_official_text(clause: Clause) -> None:
    cited = clause.citation(plain="")
    official = ("https://eur-lex.europa.eu/eli/", "https://www.planalto.gov.br/ccivil_03/")
    assert cited.url.startswith(official)
    assert cited.act
    assert cited.article.startswith("art. ")
    assert cited.section == f"{cited.act}, {cited.article}"


def test_every_member_state_has_its_period_with_a_source() -> None:
    today = load_clauses().in_force(date(2026, 11, 23))
    periods = today.param("EU-2019/771-10(3)", "periods")
    assert set(periods) == set(today.param("EU-TEU-52", "countries"))
    assert len(periods) == 27
    for country, row in periods.items():
        assert row.act, country
        assert row.article, country
        assert row.url.startswith("https://"), country
        assert row.since <= date(2026, 11, 23), country
        assert row.years is None or row.years >= 2, country
        assert row.presumed_years in (1, 2), country


def test_the_rows_that_were_compared_are_those_that_the_docs_name() -> None:
    periods = load_clauses().in_force(date(2026, 11, 23)).param("EU-2019/771-10(3)", "periods")
    page = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")
    left = ", ".join(country for country, row in periods.items() if not row.checked)
    assert f"Not compared: {left}." in page
    assert all(f"| {country} |" in page for country, row in periods.items() if row.checked)


@pytest.mark.parametrize("clause", load_clauses().versions, ids=lambda c: c.id)
def test_every_sentence_is_one_for_a_buyer(clause: Clause) -> None:
    for sentence in clause.says.values():
        assert sentence == sentence.strip()
        assert sentence[-1] in ".?!"
        assert sentence[0].isupper() or sentence[0] == "{"
    assert clause.says[RULE]


def test_our_copy_of_the_page_is_the_original() -> None:
    """Where the original lies beside the project; elsewhere the copy is all there is."""
    for original in ORIGINAL.glob("000_*.txt"):
        assert original.read_text(encoding="utf-8") == PAGE
    assert "satefy seals" in PAGE, "the page's own typo, kept"

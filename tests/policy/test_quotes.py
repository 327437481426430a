"""Quotes are the page's exact words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.policy import Clause, load_clauses
from bot.policy.sentences import RULE

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "bot/policy/program_page.txt").read_text(encoding="utf-8")
ORIGINAL = ROOT.parent / "shared" / "program"


@pytest.mark.parametrize("clause", load_clauses().versions, ids=lambda c: c.id)
def test_quote_and_section_stand_on_the_page(clause: Clause) -> None:
    assert clause.quote in PAGE
    assert clause.section in PAGE


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

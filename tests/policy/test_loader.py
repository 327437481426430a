"""Clause data that isn't understood is refused, with file and line."""

from __future__ import annotations

import pytest

from bot.policy import BadClauses, load_clauses
from tests.policy.clause_folder import ClauseFolder

F1 = "    title: Free Return within 15 days\n"

REFUSED = {
    "unknown key": (F1, f"{F1}    colour: red\n", "F1.colour: extra fields not permitted", 1),
    "no title": (F1, "", "F1.title: field required", -1),
    "missing quote": (
        "    quote: in an eligible delivery location\n",
        "",
        "F3.quote: field required",
        None,
    ),
    "empty quote": (
        "quote: in an eligible delivery location\n",
        'quote: " "\n',
        "F3.quote: is empty",
        0,
    ),
    "no such day": (
        "valid_from: 2010-01-01",
        "valid_from: 2010-13-01",
        "2010-13-01: not a date",
        0,
    ),
    "not a date": (
        "valid_from: 2010-01-01",
        "valid_from: soon",
        "F1.valid_from: must be a date",
        0,
    ),
    "a date in quotes": (
        "valid_from: 2010-01-01",
        'valid_from: "2010-01-01"',
        "F1.valid_from: must be a date",
        0,
    ),
    "ends before it starts": (
        F1,
        f"{F1}    valid_to: 2009-01-01\n",
        "F1.valid_to: is before valid_from",
        1,
    ),
    "duplicate id": (
        "- id: F14\n",
        "- id: F8\n",
        "duplicate id F8, still in force at free_return.yml:",
        0,
    ),
    "bad id": ("- id: F2\n", "- id: Free2\n", "isn't a clause id", 0),
    "unknown placeholder": (
        "{days} calendar days",
        "{weeks} calendar days",
        "unknown placeholder {weeks}",
        0,
    ),
    "braces that don't match": ("{days} calendar days", "{days calendar days", "bad braces", 0),
    "attribute in a placeholder": (
        "{days} calendar days",
        "{days.__class__} calendar days",
        "unknown placeholder",
        0,
    ),
    "a sentence no rule says": (
        "      no_label:",
        "      no_lable:",
        "F1.says.no_lable: no rule says this",
        0,
    ),
    "a sentence missing": ("      no_label:", "      no_lable:", "F1.says: lacks 'no_label'", None),
    "wrong type": ("2010-01-01: 15", "2010-01-01: fifteen", "must be a whole number", None),
    "a number in quotes": ("2010-01-01: 15", '2010-01-01: "15"', "must be a whole number", None),
    "a negative number": ("2010-01-01: 15", "2010-01-01: -1", "must be a whole number", None),
    "no value": ("2010-01-01: 15", "2010-01-01: null", "must be a whole number", None),
    "value by no date": ("2010-01-01: 15", "always: 15", "always: must be a date", None),
    "no value from the start": (
        "2010-01-01: 15",
        "2011-01-01: 15",
        "no value from 2010-01-01",
        None,
    ),
    "unknown unit": ("unit: days", "unit: fortnights", "unknown unit 'fortnights'", 0),
    "no such country": ("2010-01-01: []", "2010-01-01: [DE, XX]", "country code: XX", None),
    "no such trait": (
        "[food, live_plant, perishable]",
        "[food, alive]",
        "no such trait: alive",
        None,
    ),
    "a prefix read as a number": ('"090"', "090", "list of words", None),
    "a key twice": (F1, F1 + F1, "title: stands here twice", 1),
    "not YAML": (F1, "    title: [\n", "not YAML", None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_loader_refuses(folder: ClauseFolder, name: str) -> None:
    old, new, problem, offset = REFUSED[name]
    line = folder.replace("free_return.yml", old, new)
    with pytest.raises(BadClauses) as refusal:
        folder.load()
    found = [p for p in refusal.value.problems if problem in p]
    assert found, refusal.value.problems
    file, number, _ = found[0].split(":", 2)
    assert file == "free_return.yml"
    assert int(number) >= 1
    if offset is not None:
        assert int(number) == line + offset


def test_every_problem_is_told_at_once(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "unit: days", "unit: fortnights")
    folder.replace("guarantee.yml", "    title: Money back", "    titel: Money back")
    with pytest.raises(BadClauses) as refusal:
        folder.load()
    assert {p.split(":")[0] for p in refusal.value.problems} == {"free_return.yml", "guarantee.yml"}


def test_the_line_of_a_duplicate_points_to_the_other_one(folder: ClauseFolder) -> None:
    first = folder.replace("how_it_works.yml", "- id: H2\n", "- id: H2\n")
    second = folder.replace("how_it_works.yml", "- id: H4\n", "- id: H2\n")
    with pytest.raises(BadClauses) as refusal:
        folder.load()
    assert any(
        p.startswith(f"how_it_works.yml:{second}: duplicate id H2")
        and p.endswith(f"how_it_works.yml:{first}")
        for p in refusal.value.problems
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("locale: en_GB", "locale: xx_XX", "unknown locale"),
        ("remedy: full_refund", "remedy: fortune", "routes.free_return.remedy: not among"),
        ("evidence: [photo_of_damage]", "evidence: [song]", "evidence: not among the evidence"),
        ("  cancellation:\n", "  cancelation:\n", "routes: lacks 'cancellation'"),
        ("  condition.used:", "  condition.worn:", "facts.condition.worn: unknown"),
        ("rests_on: [H3]", "rests_on: [H33]", "no clause H33"),
        ("order of {placed_on}", "order of {day}", "unknown placeholder {day}"),
    ],
)
def test_loader_refuses_words_for_what_does_not_exist(
    folder: ClauseFolder, old: str, new: str, problem: str
) -> None:
    folder.replace("routes.yml", old, new)
    with pytest.raises(BadClauses, match=problem.replace("{", r"\{")):
        folder.load()


def test_a_clause_that_a_rule_needs_may_not_be_left_out(folder: ClauseFolder) -> None:
    folder.replace("free_return.yml", "- id: F14\n", "- id: F99\n")
    with pytest.raises(BadClauses, match="no clause F14"):
        folder.load()


def test_a_folder_without_words_is_refused(folder: ClauseFolder) -> None:
    (folder.path / "routes.yml").unlink()
    with pytest.raises(BadClauses, match=r"lacks routes\.yml"):
        folder.load()


def test_clauses_are_read_once() -> None:
    assert load_clauses() is load_clauses()

"""The decision's card and its text tell the same."""

from __future__ import annotations

import pytest

from actions.wording import decision_custom, explain
from bot.policy import decide, load_clauses, parse_facts
from tests.policy.case_tables import Case, all_cases

CASES = all_cases()


@pytest.mark.parametrize("case", CASES[::7], ids=str)
def test_each_line_of_the_card_stands_in_the_text_and_says_what_the_card_doesnt(
    case: Case,
) -> None:
    clauses = load_clauses()
    decision = decide(parse_facts(case.facts), clauses, case.asked_on)
    text = explain(decision, "Good news.").split("\n")
    for route in decision_custom(decision)["card"]["routes"]:
        assert route["line"] in text
        assert route["line"].endswith(route["why"])
        assert route["name"] in route["line"].removesuffix(route["why"])
        assert not route["why"].startswith(
            (f"{route['name']}: ", f"{route['status_label']}.", "✓", "✗", "?")
        )

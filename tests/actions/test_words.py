"""Every sentence that code names is in domain.yml, and every one there is said somewhere."""

from __future__ import annotations

import re

from bot.settings import ROOT
from bot.words import domain_words

FAMILIES = (
    *("utter_label_", "utter_shipment_", "utter_next_", "utter_why_", "utter_help_"),
    "utter_other_language_",
)
"""Names that are put together from a value."""


def test_sentences_and_code_name_each_other() -> None:
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    slots = set(re.findall(r"^  (\w+): \{ type", domain, re.M))
    files = [
        *(ROOT / "actions").rglob("*.py"),
        *(ROOT / "bot" / "help_center").glob("*.py"),
        ROOT / "bot" / "withdrawal_words.py",
        ROOT / "bot" / "request_words.py",
        ROOT / "bot" / "decision_words.py",
        *(ROOT / "data").rglob("*.yml"),
    ]
    named = set(re.findall(r"utter_\w+", "".join(f.read_text(encoding="utf-8") for f in files)))
    named |= {f"utter_ask_{slot}" for slot in slots}
    there = set(domain_words().texts)
    assert {n for n in there - named if not n.startswith(FAMILIES)} == set(), "never said"
    made_up = {f"utter_ask_{slot}" for slot in slots} | {"utter_action", "utter_message"}
    missing = {name for name in named - there - made_up if not name.endswith("_")}
    assert missing == set(), "not in domain.yml"


def test_every_slot_is_filled_by_our_own_code_alone() -> None:
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    slots = domain[domain.index("\nslots:") : domain.index("\nforms:")]
    mappings = re.findall(r"mappings: (.*)", slots)
    assert mappings
    assert set(mappings) == {"[{ type: custom }] }"}

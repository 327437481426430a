"""The sentences that a buyer reads keep to docs/tone.md, as far as a program can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ruamel.yaml import YAML

from bot.policy.loader import CLAUSES_DIR
from bot.settings import ROOT

LONGEST_SENTENCE = 30
"""In words, placeholders counted as one."""
LONGEST_REPLY = 90
"""In words; a phone's screen and a half."""
MANY_LANGUAGES = "utter_other_language"

STIFF = re.compile(
    r"please note|kindly|hereby|herewith|pursuant|aforementioned|in order to|utili[sz]e|"
    r"regret to inform|you must|you failed|you entered|invalid|as per\b|do not|can ?not|exception!",
    re.I,
)
SENTENCE_END = re.compile(r"(?<=[.!?:])[\"')]*\s+|\n")


def responses() -> Iterator[tuple[str, str]]:
    """Name and text of every response."""
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        for variant in variants:
            if variant.get("text"):
                yield name, variant["text"].strip()


def clause_sentences() -> Iterator[tuple[str, str]]:
    """Clause and code, and the text, of everything that clauses say."""
    for path in sorted(CLAUSES_DIR.rglob("*.yml")):
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
        for clause in data.get("clauses", ()):
            for code, text in (clause.get("says") or {}).items():
                yield f"{clause['id']} {code}", text


def test_sentences_are_short_plain_and_calm() -> None:
    found = []
    for name, text in [*responses(), *clause_sentences()]:
        longest = max(len(sentence.split()) for sentence in SENTENCE_END.split(text))
        found += [(name, "too long")] if longest > LONGEST_SENTENCE else []
        found += [(name, "stiff")] if STIFF.search(text) else []
        found += [(name, "date not written out")] if re.search(r"\d{4}-\d\d-\d\d", text) else []
        found += [(name, "capitals")] if re.search(r"\b(?!HTTP)[A-Z]{4,}\b", text) else []
        found += [(name, "shouting")] if "!!" in text else []
    assert found == []


def test_a_reply_is_short_and_asks_one_thing_at_its_end() -> None:
    found = []
    for name, text in responses():
        if name != MANY_LANGUAGES and len(text.split()) > LONGEST_REPLY:
            found.append((name, "too long"))
        questions = [s for s in SENTENCE_END.split(text) if re.search(r"\w[\"')]*\?$", s.strip())]
        found += [(name, "two questions")] if len(questions) > 1 else []
        after = text.rsplit(questions[0].strip(), 1)[1] if questions else ""
        hints = [sentence for sentence in SENTENCE_END.split(after) if sentence.strip()]
        found += [(name, "more than a hint after the question")] if len(hints) > 1 else []
    assert found == []

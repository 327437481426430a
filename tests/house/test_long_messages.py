"""A message of nothing but marks holds nobody up, and what stands beside them is understood."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.spacy_nlp import HelpCenterSpacyNLP, without_long_runs

SECONDS = 0.15
"""For 2000 characters; a tenth of that is usual. Each of these took 0.3 to 1.1 seconds once."""


@pytest.fixture(scope="module")
def spacy_model() -> SpacyModel:
    return HelpCenterSpacyNLP.load_model("")


def entities_in(text: str, model: SpacyModel) -> list[tuple[str, int, int, str]]:
    component = HelpCenterSpacyNLP(model, HelpCenterSpacyNLP.get_default_config())
    (message,) = component.process([Message({TEXT: text})], model)
    found = message.get("text_spacy_doc").ents
    return [(e.label_, e.start_char, e.end_char, text[e.start_char : e.end_char]) for e in found]


@pytest.mark.parametrize(
    "mark", ["(", "[", '"', "'", ".", "!", "?", "%", "$", "_", ":)", "😀", "'s"]
)
def test_2000_marks_are_read_at_once(spacy_model: SpacyModel, mark: str) -> None:
    text = (mark * 2000)[:2000]
    needed = []
    for _ in range(3):
        begun = time.perf_counter()
        entities_in(text, spacy_model)
        needed.append(time.perf_counter() - begun)
    assert min(needed) < SECONDS


@pytest.mark.parametrize("marks", ["!" * 300, "?!" * 150, "…" + "😀" * 200, "-" * 21])
def test_entities_beside_many_marks_are_where_they_stand(
    spacy_model: SpacyModel, marks: str
) -> None:
    text = f"my order{marks} 40010010 {marks} is for emma@example.com {marks}"
    start, email = text.index("4"), text.index("emma")
    assert entities_in(text, spacy_model) == [
        ("order_number", start, start + 8, "40010010"),
        ("email", email, email + 16, "emma@example.com"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Where is it?!?!?! It's the blender's lid...",
        "https://example.com/a?b=%E2%82%AC%E2%82%AC%E2%82%AC%E2%82%AC%E2%82%AC&c=_____#-.",
        "-" * 20,
    ],
)
def test_what_people_write_is_left_as_it_is(text: str) -> None:
    assert without_long_runs(text) == text


@given(st.text(alphabet=st.sampled_from("(!'sSa1 _😀")))
def test_no_letter_or_number_moves(text: str) -> None:
    read = without_long_runs(text)
    assert len(read) == len(text)
    kept = [(a, b) for a, b in zip(text, read, strict=True) if a.isalnum() and a not in "sS"]
    assert all(a == b for a, b in kept)

"""What the tests of understanding share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from bot.understanding.evaluate import train_on
from bot.understanding.intent_model import IntentModel
from bot.understanding.pipeline import build_pipeline

Entities = Callable[[str], list[tuple[str, str]]]


@pytest.fixture(scope="session")
def spacy_pipeline() -> Language:
    return build_pipeline()


@pytest.fixture(scope="session")
def entities(spacy_pipeline: Language) -> Entities:
    """Finds (entity, text) pairs in a message."""
    return lambda text: [(span.label_, span.text) for span in spacy_pipeline(text).ents]


@pytest.fixture(scope="session")
def trained_model() -> IntentModel:
    """The intent model, trained on all of data/nlu."""
    return train_on()

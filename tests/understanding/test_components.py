"""Our components in a Rasa pipeline: trained, stored, loaded and asked, as Rasa does it."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.model import InvalidModelError
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.settings import get_settings
from bot.understanding.classifier import HelpCenterIntentClassifier
from bot.understanding.entities import HelpCenterEntityExtractor
from bot.understanding.spacy_nlp import HelpCenterSpacyNLP
from bot.understanding.training_sentences import training_sentences

CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage.create(tmp_path)


def spacy_nlp(storage: LocalModelStorage, model: str = "") -> HelpCenterSpacyNLP:
    config = {**HelpCenterSpacyNLP.get_default_config(), "model": model}
    return HelpCenterSpacyNLP.create(config, storage, Resource("spacy"), CONTEXT)


def test_entities_reach_the_message_with_order_numbers_in_one_form(
    storage: LocalModelStorage,
) -> None:
    message = Message({"text": "Order # 4001-0001 by Mia@example.com to Brasil"})
    spacy = spacy_nlp(storage)
    spacy.process([message], spacy.provide())
    extractor = HelpCenterEntityExtractor.create({}, storage, Resource("entities"), CONTEXT)

    extractor.process([message], spacy.provide())

    found = {entity["entity"]: entity for entity in message.get("entities")}
    assert {name: entity["value"] for name, entity in found.items()} == {
        "order_number": "40010001",
        "email": "Mia@example.com",
        "country": "Brasil",
    }
    number = found["order_number"]
    assert message.get("text")[number["start"] : number["end"]] == "4001-0001"


def test_a_message_without_text_has_no_entities(storage: LocalModelStorage) -> None:
    message = Message({"text": ""})
    extractor = HelpCenterEntityExtractor.create({}, storage, Resource("entities"), CONTEXT)
    extractor.process([message], spacy_nlp(storage).provide())
    assert message.get("entities") == []


def test_works_from_any_working_folder(
    storage: LocalModelStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    doc = spacy_nlp(storage).provide().model("order 40010001")
    assert [span.text for span in doc.ents] == ["40010001"]


def test_a_missing_spacy_pipeline_is_named_in_the_error(
    storage: LocalModelStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "spacy_pipeline", "en_not_installed")
    with pytest.raises(InvalidModelError, match=r"en_not_installed.*ASSISTANT_SPACY_PIPELINE"):
        spacy_nlp(storage)


def test_a_trained_classifier_is_stored_loaded_and_ranks_intents(
    storage: LocalModelStorage,
) -> None:
    config = HelpCenterIntentClassifier.get_default_config()
    resource = Resource("classifier")
    examples = [
        Message({"text": text, "intent": intent})
        for text, intent in list(training_sentences())[::12]
    ]
    HelpCenterIntentClassifier.create(config, storage, resource, CONTEXT).train(
        TrainingData(examples)
    )
    message = Message({"text": "where is my refund?"})

    HelpCenterIntentClassifier.load(config, storage, resource, CONTEXT).process([message])

    ranking = message.get("intent_ranking")
    confidences = [entry["confidence"] for entry in ranking]
    assert message.get("intent") == ranking[0]
    assert ranking[0]["name"] == "track_request"
    assert len(ranking) == 10
    assert confidences == sorted(confidences, reverse=True)
    assert all(type(value) is float and 0 <= value <= 1 for value in confidences)


def test_an_untrained_classifier_knows_no_intent(storage: LocalModelStorage) -> None:
    config = HelpCenterIntentClassifier.get_default_config()
    classifier = HelpCenterIntentClassifier.load(config, storage, Resource("none"), CONTEXT)
    message = Message({"text": "where is my refund?"})
    classifier.process([message])
    assert message.get("intent") == {"name": None, "confidence": 0.0}

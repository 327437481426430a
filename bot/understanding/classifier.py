"""The intent model as a component of a Rasa pipeline."""

from __future__ import annotations

import inspect
import json
import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.understanding import around, intent_model, needs, normalise
from bot.understanding.intent_model import IntentModel
from bot.understanding.training_sentences import PAYLOAD
from bot.understanding.words_file import load_words

logger = logging.getLogger(__name__)

SECOND_NEED = "second_need"
"""Key of a parsed message: the intent of another need that it clearly states, if there is one."""

_FILE = "intent_model.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HelpCenterIntentClassifier(IntentClassifier, GraphComponent):
    """Ranks intents with our TF-IDF and logistic-regression model."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        """Makes the component, trained when a model is given."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`regularisation`: see `IntentModel`; `ranking_length`: how many intents to report."""
        return {"regularisation": intent_model.REGULARISATION, "ranking_length": 10}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose versions a cached training depends on."""
        return ["sklearn"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """The code that shapes the model: when it changes, Rasa trains again."""
        code = "".join(map(inspect.getsource, (intent_model, normalise, around)))
        return code + json.dumps(load_words("around"))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HelpCenterIntentClassifier:
        """Makes an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> HelpCenterIntentClassifier:
        """Loads what `train` stored; without it the component knows no intent."""
        try:
            with model_storage.read_from(resource) as folder:
                model = IntentModel.load(folder / _FILE)
        except (ValueError, FileNotFoundError):
            logger.warning("No trained intent model in this assistant: messages get no intent.")
            return cls(config, model_storage, resource)
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Trains on the sentences that carry an intent and stores the model."""
        labelled = (e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT))
        examples = [e for e in labelled if not e.get(TEXT).startswith(PAYLOAD)]
        if len({e.get(INTENT) for e in examples}) < 2:
            logger.warning("Fewer than two intents in the training data: no intent model trained.")
            return self._resource
        self._model = IntentModel(self._config["regularisation"]).fit(
            [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples]
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / _FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the likeliest intent, the ranking and a clear second need to each message."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = needs.read_needs(self._model, text) if self._model else needs.Needs([])
            top = [
                {"name": name, "confidence": confidence}
                for name, confidence in found.ranking[: self._config["ranking_length"]]
            ]
            message.set(
                INTENT, top[0] if top else {"name": None, "confidence": 0.0}, add_to_output=True
            )
            message.set(INTENT_RANKING_KEY, top, add_to_output=True)
            if found.second:
                message.set(SECOND_NEED, found.second, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leaves training data as it is: nothing after this component learns from it."""
        return training_data

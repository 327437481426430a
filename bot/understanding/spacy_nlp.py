"""Rasa's SpacyNLP on a pipeline that is built in code instead of being loaded from a package."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.model import InvalidModelError
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

from bot.settings import get_settings
from bot.understanding.pipeline import build_pipeline, pipeline_version


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="HelpCenterSpacyNLP",
)
class HelpCenterSpacyNLP(SpacyNLP):
    """Gives the other components our spaCy pipeline.

    `model` in config.yml or the setting `spacy_pipeline` names an installed pipeline to start
    from instead of spaCy's blank English; our entity rules are added either way.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Case is kept: it tells `Turkey` from a turkey, and entities need it."""
        return {"case_sensitive": True, "model": ""}

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """Builds the pipeline.

        Raises:
            InvalidModelError: When no installed pipeline has that name.
        """
        try:
            pipeline = build_pipeline(spacy_model_name)
        except OSError as error:
            raise InvalidModelError(
                f"There is no spaCy pipeline '{spacy_model_name}'. Install it, or leave the "
                "setting ASSISTANT_SPACY_PIPELINE empty to use the assistant's own."
            ) from error
        return SpacyModel(model=pipeline, model_name=pipeline_version(spacy_model_name))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HelpCenterSpacyNLP:
        """Builds the pipeline and makes the component."""
        model = cls.load_model(get_settings().spacy_pipeline or config.get("model") or "")
        return cls(model, {**cls.get_default_config(), **config})

"""Rasa's SpacyNLP on a pipeline that is built in code instead of being loaded from a package."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.model import InvalidModelError
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP

from bot.settings import get_settings
from bot.understanding.pipeline import build_pipeline, pipeline_version

# The tokenizer takes the s of a possessive off the end of a word like a mark.
_MARK = r"(?:[^\w\s]|_|(?<=['’])[sS])"
_LONG_RUN = re.compile(rf"(?<={_MARK}{{20}}){_MARK}+")
"""What follows on twenty punctuation marks, symbols or pictures in a row."""


def without_long_runs(text: str) -> str:
    """Blanks what is too much of punctuation: for each mark, spaCy looks at all that follow.

    Args:
        text: what the buyer wrote.

    Returns:
        A text of the same length, so that every entity is still where it was.
    """
    return _LONG_RUN.sub(lambda run: " " * len(run[0]), text)


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

    def _preprocess_text(self, text: str | None) -> str:
        return without_long_runs(super()._preprocess_text(text))

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

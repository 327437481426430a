"""The entities of our spaCy pipeline as entities of a Rasa message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc, Span

from bot.understanding import pipeline
from bot.understanding.order_numbers import canonical_order_number


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    is_trainable=False,
    model_from="HelpCenterSpacyNLP",
)
class HelpCenterEntityExtractor(GraphComponent):
    """Takes the entities that the help center knows from the message's spaCy document.

    Rasa's own SpacyEntityExtractor runs the pipeline a second time, takes every entity of a
    general pipeline (people, places), and imports TensorFlow.
    """

    @classmethod
    def required_components(cls) -> list[type]:
        """The component that makes the document."""
        return [SpacyNLP]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> HelpCenterEntityExtractor:
        """Makes the component; it has no settings."""
        return cls()

    def process(self, messages: list[Message], model: SpacyModel) -> list[Message]:
        """Adds the entities to each message, order numbers in their canonical form."""
        for message in messages:
            doc: Doc | None = message.get(SPACY_DOCS[TEXT])
            found = (
                [_entity(span) for span in doc.ents if span.label_ in pipeline.ENTITIES]
                if doc
                else []
            )
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def _entity(span: Span) -> dict[str, Any]:
    value = canonical_order_number(span.text) if span.label_ == "order_number" else span.text
    return {
        "entity": span.label_,
        "value": value,
        "start": span.start_char,
        "end": span.end_char,
        "extractor": HelpCenterEntityExtractor.__name__,
    }

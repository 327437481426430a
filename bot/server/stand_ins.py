"""Keeps what the model doesn't use out of the server process.

`import rasa.core.agent` loads TensorFlow, twelve chat services' clients and three databases'
drivers, whether or not the model and the credentials name them: seconds of start-up and hundreds
of megabytes. Before the first import of Rasa we put small stand-in modules in their places. Each
offers the names that Rasa imports from it; making an instance of one says what is missing.

What the assistant's own files name is never stood in for: `without_unused` reads config.yml,
credentials.yml and endpoints.yml first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from ruamel.yaml import YAML

NEEDS_TENSORFLOW = frozenset(
    {
        "DIETClassifier",
        "TEDPolicy",
        "UnexpecTEDIntentPolicy",
        "ResponseSelector",
        "LanguageModelFeaturizer",
        "ConveRTFeaturizer",
    }
)
"""Rasa's own components and policies that run on TensorFlow."""

TENSORFLOW_PARTS: dict[str, tuple[str, ...]] = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.utils.tensorflow.model_data": (
        "RasaModelData",
        "Data",
        "FeatureArray",
        "FeatureSignature",
        "ragged_array_to_ndarray",
    ),
}
"""Modules of Rasa that exist for TensorFlow models, with the names that other modules import."""

TENSORFLOW_LIBRARIES = ("tensorflow", "h5py")
"""Libraries that spaCy loads when they are installed, only to tell whether an array is theirs."""

UNNEEDED_PARTS: dict[str, tuple[str, ...]] = {
    "rasa.core.test": (),
    "spacy.cli.info": ("info",),
}
"""Modules for the command line and for training (with all of matplotlib), imported at once."""

TRAINING_PARTS: dict[str, tuple[str, ...]] = {
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
    "rasa.graph_components.validators.finetuning_validator": ("FinetuningValidator",),
}
"""Modules that a model names for its training only; the first imports every TensorFlow part."""

DATABASE_DRIVERS = {
    "dynamo": ("boto3.dynamodb.conditions", "Key"),
    "mongod": ("pymongo.collection", "Collection"),
}
"""The `type` of a conversation store, and what Rasa imports for it whichever store is used."""

CHANNELS = {
    "socketio": "SocketIOInput",
    "botframework": "BotFrameworkInput",
    "callback": "CallbackInput",
    "console": "CmdlineInput",
    "facebook": "FacebookInput",
    "mattermost": "MattermostInput",
    "rasa_chat": "RasaChatInput",
    "rocketchat": "RocketChatInput",
    "slack": "SlackInput",
    "telegram": "TelegramInput",
    "twilio": "TwilioInput",
    "twilio_voice": "TwilioVoiceInput",
    "webexteams": "WebexTeamsInput",
    "hangouts": "HangoutsInput",
}
"""Rasa's own channels: the name in credentials.yml (and of the module) and the class."""


class NotLoaded:
    """Stands where a class would be that this process has no use for."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self._refuse()

    @classmethod
    def name(cls) -> str:
        """The class's name, which Rasa lists its channels by."""
        return cls.__name__

    @classmethod
    def _refuse(cls) -> NoReturn:
        raise RuntimeError(
            f"{cls.__module__}.{cls.__name__} isn't loaded in the server process, "
            "because config.yml, credentials.yml and endpoints.yml name nothing that needs it"
        )


def without_unused(config: Path, credentials: Path, endpoints: Path) -> list[str]:
    """Stand in for all that the files don't ask for. Call it before importing `rasa`.

    Args:
        config: Rasa's config.yml.
        credentials: Rasa's credentials.yml.
        endpoints: Rasa's endpoints.yml.

    Returns:
        The names of the modules that were stood in for.
    """
    store = str((_read(endpoints).get("tracker_store") or {}).get("type", "")).lower()
    channels = set(_read(credentials))
    parts = dict(UNNEEDED_PARTS)
    for kind, (module, name) in DATABASE_DRIVERS.items():
        if kind != store:
            parts[module] = (name,)
    for channel, name in CHANNELS.items():
        module = f"rasa.core.channels.{channel}"
        if not channels & {channel, f"{module}.{name}"}:
            parts[module] = (name,)
    if not needs_tensorflow(config):
        parts |= TENSORFLOW_PARTS | TRAINING_PARTS
        _hide(TENSORFLOW_LIBRARIES)
    return [module for module, names in parts.items() if _stand_in(module, names)]


def needs_tensorflow(config: Path) -> bool:
    """Tell whether a pipeline component or policy in config.yml runs on TensorFlow."""
    content = _read(config)
    named = [*(content.get("pipeline") or []), *(content.get("policies") or [])]
    return any(str(part.get("name", "")).split(".")[-1] in NEEDS_TENSORFLOW for part in named)


def _stand_in(module: str, names: Iterable[str]) -> bool:
    if module in sys.modules:
        return False
    stand_in = ModuleType(module, "A stand-in; see bot.server.stand_ins.")
    for name in names:
        setattr(stand_in, name, type(name, (NotLoaded,), {"__module__": module}))
    sys.modules[module] = stand_in
    return True


def _hide(libraries: Iterable[str]) -> None:
    """Let an import of these fail as where they aren't installed; who asks is ready for that."""
    for library in libraries:
        # None is Python's own way to say so in its table of modules.
        sys.modules.setdefault(library, None)  # type: ignore[arg-type]


def _read(path: Path) -> dict[str, Any]:
    return YAML(typ="safe").load(path) or {}

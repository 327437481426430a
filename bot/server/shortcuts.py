"""Does faster what Rasa works out anew each time, with the same result.

Measured on a conversation of fifteen turns: Rasa compiles and checks the JSON schema of an action's
answer at each action (25 ms each, and 0.3 ms with the schema checked once), and looks through all
classes of events for each event that it reads back (5 ms per message). At start it checks the
model's domain against a schema (half a second), which it did when it trained that model.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import rasa.shared.utils.validation
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def take_shortcuts() -> None:
    """Replace the slow functions of Rasa in this process. A second call changes nothing."""
    rasa.shared.utils.validation.validate_yaml_schema = _trust
    RemoteAction._validate_action_result = _validate_action_result
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(Event.resolve_by_type))


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    _answer_validator().validate(result)
    return True


def _trust(*_: Any, **__: Any) -> None:
    """Take YAML as valid: in this process it comes from the model alone."""


@lru_cache
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)

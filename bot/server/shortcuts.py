"""Does faster what Rasa works out anew each time, with the same result.

Measured on whole filings:

- Rasa compiles and checks the JSON schema of an action's answer at each action: 25 ms each.
- It looks through all classes of events for each event that it reads back: 5 ms per message.
- It runs the whole pipeline on a button's payload and then reads the payload: 5 ms per tap.
- It replays the conversation for each policy that looks at it: `bot.server.turns`.
- It has dask plan each run of the model's graph, which is a straight line: 1 ms per message.
- It looks for the value of each slot, though none is filled from messages: 1 ms per message.
- It makes an empty domain for each message, to tell whether ours is one: 0.2 ms.
- It copies what it would log if debug lines were on: 2 ms per message.
- At start it checks the model's domain, which it wrote itself, against a schema: half a second.

tests/house/test_shortcuts.py holds each shortcut to what Rasa's own function answers.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import dask.core
import rasa.core.actions.forms
import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor
import rasa.engine.runner.dask
import rasa.shared.utils.validation
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.server.turns import keep_turns

_COPY_ONLY_TO_LOG = (
    rasa.core.actions.forms,
    rasa.core.policies.memoization,
    rasa.core.policies.rule_policy,
    rasa.core.processor,
)
"""Modules of Rasa that use `copy` for nothing but debug lines."""

_KEYS = {
    "slot": frozenset({"event", "timestamp", "name", "value"}),
    "action": frozenset({"event", "timestamp", "name", "policy", "confidence"}),
    "active_loop": frozenset({"event", "timestamp", "name"}),
    "followup": frozenset({"event", "timestamp", "name"}),
    "session_started": frozenset({"event", "timestamp"}),
}
"""Of the events that an answer of ours holds, by their kind."""

_extract_slots = ActionExtractSlots.run
_parse_with_graph = MessageProcessor._parse_message_with_graph


def take_shortcuts() -> None:
    """Replace the slow functions of Rasa in this process. A second call changes nothing."""
    rasa.shared.utils.validation.validate_yaml_schema = _trust
    RemoteAction._validate_action_result = validate_action_result
    MessageProcessor._parse_message_with_graph = parse_message
    ActionExtractSlots.run = extract_slots
    Domain.is_empty = is_empty
    keep_turns()
    rasa.engine.runner.dask.dask = dask.core
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(Event.resolve_by_type))
    if not logging.getLogger("rasa").isEnabledFor(logging.DEBUG):
        for module in _COPY_ONLY_TO_LOG:
            module.copy = SimpleNamespace(deepcopy=_as_it_is)


def validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """Validate an action's answer as Rasa does.

    Args:
        result: the answer.

    Returns:
        True.

    Raises:
        jsonschema.ValidationError: when it isn't as the action server's protocol says.
    """
    if not _is_plain(result):
        _answer_validator().validate(result)
    return True


def parse_message(
    processor: MessageProcessor,
    message: UserMessage,
    tracker: DialogueStateTracker,
    only_output_properties: bool = True,
) -> dict[str, Any]:
    """Understand a message as Rasa does; a button's payload without the pipeline.

    Args:
        processor: the processor whose model understands.
        message: what the buyer typed, or the payload of the button that was tapped.
        tracker: the conversation.
        only_output_properties: as in Rasa.

    Returns:
        Text, intent and entities.
    """
    if message.text and message.text.startswith("/"):
        typed = Message({TEXT: message.text})
        unpacked = YAMLStoryReader.unpack_regex_message(
            typed, processor.domain, entity_extractor_name=RegexMessageHandler.__name__
        )
        if unpacked is not typed:
            payload: dict[str, Any] = unpacked.as_dict(only_output_properties)
            return payload
    parsed: dict[str, Any] = _parse_with_graph(processor, message, tracker, only_output_properties)
    return parsed


async def extract_slots(
    action: ActionExtractSlots,
    output_channel: Any,
    nlg: Any,
    tracker: DialogueStateTracker,
    domain: Domain,
) -> list[Event]:
    """Fill slots from the latest message as Rasa does; at once where none is filled so.

    Args:
        action: Rasa's action.
        output_channel: where it would speak.
        nlg: how it would.
        tracker: the conversation.
        domain: the model's domain.

    Returns:
        The slots that were filled.
    """
    if _fills_slots(domain):
        filled: list[Event] = await _extract_slots(action, output_channel, nlg, tracker, domain)
        return filled
    return []


def is_empty(domain: Domain) -> bool:
    """Tell whether there is nothing in a domain."""
    return bool(domain.as_dict() == _nothing())


def _fills_slots(domain: Domain) -> bool:
    """Tell whether a slot is filled from a message, by Rasa or by an action made for that."""
    fills: bool | None = getattr(domain, "_fills_slots", None)
    if fills is None:
        mappings = (
            mapping
            for slot in domain.slots
            if slot.name not in DEFAULT_SLOT_NAMES
            for mapping in slot.mappings
        )
        fills = ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions or any(
            mapping.get("type") != "custom" or mapping.get("action") for mapping in mappings
        )
        domain._fills_slots = fills
    return fills


@lru_cache
def _nothing() -> dict[str, Any]:
    nothing: dict[str, Any] = Domain.empty().as_dict()
    return nothing


def _is_plain(result: Any) -> bool:
    """Tell whether an answer holds what nearly all of ours hold."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_is_plain_event(event) for event in events)
    )


def _is_plain_event(event: Any) -> bool:
    """Tell whether it is a slot that was set, or a dialogue, session or action that begins."""
    if not isinstance(event, dict) or event.get("timestamp") is not None:
        return False
    kind = event.get("event")
    if not isinstance(kind, str) or not event.keys() <= _KEYS.get(kind, frozenset()):
        return False
    name = event.get("name")
    if kind == "slot":
        return isinstance(name, str) and "value" in event
    if kind == "action":
        chosen = event.get("policy"), event.get("confidence")
        return chosen == (None, None) and (name is None or isinstance(name, str))
    return True


def _trust(*_: Any, **__: Any) -> None:
    """Take YAML as valid: in this process it comes from the model alone."""


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)

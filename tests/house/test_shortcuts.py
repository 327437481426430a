"""Each shortcut gives what Rasa's own function gives. Rasa is imported in a process of its own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.settings import ROOT

pytestmark = pytest.mark.model

BEGIN = """
import asyncio, os
from bot.server.environment import fill_environment
from bot.server.logs import quiet_logs
from bot.settings import ROOT, get_settings
fill_environment(get_settings())
quiet_logs()
import jsonschema
from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import *
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
of_rasa = {
    "validate": RemoteAction._validate_action_result,
    "parse": MessageProcessor._parse_message_with_graph,
    "resolve": Event.resolve_by_type,
    "applied": DialogueStateTracker.applied_events,
    "copy": DialogueStateTracker.copy,
    "states": Domain.states_for_tracker_history,
    "empty": Domain.is_empty,
    "extract": ActionExtractSlots.run,
}
from bot.server import shortcuts
"""


def run(code: str) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", BEGIN + code], cwd=ROOT, check=True)


def test_an_actions_answer_is_refused_exactly_when_rasa_refuses_it() -> None:
    run("""
def refused(validate, answer):
    try:
        return not validate(RemoteAction("action", None), answer)
    except jsonschema.ValidationError:
        return True

slot = {"event": "slot", "timestamp": None, "name": "reason", "value": "damaged"}
action = {"event": "action", "name": "action_listen", "policy": None, "confidence": None,
          "timestamp": None}
answers = [
    {"events": [], "responses": []},
    {"events": [slot], "responses": [{"response": "utter_greet", "order": "1"}]},
    {"events": [slot | {"timestamp": 12.5}], "responses": []},
    {"events": [{"event": "followup", "name": "action_listen", "timestamp": None}]},
    {"events": [{"event": "slot", "name": 1, "value": 2}], "responses": []},
    {"events": [{"event": "slot", "name": "reason"}], "responses": []},
    {"events": [{"event": "slot", "value": 2}], "responses": []},
    {"events": [slot | {"timestamp": "now"}], "responses": []},
    {"events": [slot | {"extra": 1}], "responses": []},
    {"events": [{"event": "no such event"}], "responses": []},
    {"events": ["slot"], "responses": []},
    {"events": [{"event": "session_started", "timestamp": None}], "responses": []},
    {"events": [{"event": "session_started", "timestamp": "now"}], "responses": []},
    {"events": [{"event": "active_loop", "timestamp": None, "name": None}], "responses": []},
    {"events": [{"event": "active_loop", "timestamp": None, "name": 3}], "responses": []},
    {"events": [{"event": "active_loop", "metadata": 3}], "responses": []},
    {"events": [{"event": "followup", "timestamp": None, "name": "action_a"}], "responses": []},
    {"events": [action], "responses": []},
    {"events": [action | {"name": 3}], "responses": []},
    {"events": [action | {"confidence": "much"}], "responses": []},
    {"events": [action | {"action_text": 3}], "responses": []},
    {"events": [{"event": ["slot"]}], "responses": []},
    {"events": {}, "responses": []},
    {"events": [], "responses": ["hello"]},
    {"events": [], "responses": "hello"},
    [],
    "hello",
]
expected = [refused(of_rasa["validate"], answer) for answer in answers]
assert True in expected and False in expected, expected
found = [refused(shortcuts.validate_action_result, answer) for answer in answers]
assert found == expected, list(zip(answers, expected, found))
""")


def test_a_payload_is_read_as_the_whole_pipeline_reads_it() -> None:
    run("""
from rasa.core.agent import Agent
agent = Agent.load(str(get_settings().models_dir))
tracker = DialogueStateTracker.from_events("buyer", [])
payloads = [
    "/greet", '/inform{"choice": "1"}', '/affirm{"confirm": "x"}', "/no_such_intent",
    '/inform{"choice": ["1", "2"]}', "/inform{broken", "/", "//", "/ greet", "no payload",
]
for payload in payloads:
    message = UserMessage(payload, sender_id="buyer")
    expected = of_rasa["parse"](agent.processor, message, tracker)
    found = shortcuts.parse_message(agent.processor, message, tracker)
    for parsed in (expected, found):
        parsed.pop("message_id", None)
    assert found == expected, (payload, expected, found)
""")


def test_an_events_class_is_the_one_that_rasa_finds() -> None:
    run("""
shortcuts.take_shortcuts()
for name in ("slot", "user", "bot", "action", "session_started", "active_loop", "topic"):
    assert Event.resolve_by_type(name) is of_rasa["resolve"](name), name
""")


def test_rasa_copies_for_nothing_but_debug_lines_where_copying_is_switched_off() -> None:
    run("""
import inspect, re
for module in shortcuts._COPY_ONLY_TO_LOG:
    source = inspect.getsource(module)
    calls = len(re.findall(r"copy\\.\\w+\\(", source))
    logged = len(re.findall(r"=copy\\.deepcopy\\(", source))
    assert calls == logged > 0, module
""")


CONVERSATIONS = """
import copy, json, random
from bot.server import turns

domain = Domain.from_dict({
    "intents": ["greet", "affirm", "deny", "stop"],
    "entities": ["item"],
    "slots": {
        "seen": {"type": "bool", "mappings": [{"type": "custom"}]},
        "told": {
            "type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}],
        },
    },
    "forms": {"one_form": {"required_slots": []}, "two_form": {"required_slots": []}},
    "actions": ["action_one", "action_two"],
    "responses": {"utter_one": [{"text": "one"}]},
})
NAMES = ["action_listen", "action_one", "action_two", "utter_one", "one_form", "two_form"]

def event(draw):
    return draw.choice([
        lambda: ActionExecuted(draw.choice(NAMES), hide_rule_turn=draw.random() < 0.3),
        lambda: ActionExecuted("one_form"),
        lambda: UserUttered(
            "text", {"name": draw.choice(domain.intents), "confidence": 1.0},
            [{"entity": "item", "value": "mug"}] if draw.random() < 0.3 else [],
        ),
        lambda: DefinePrevUserUtteredFeaturization(draw.random() < 0.2),
        lambda: ActiveLoop(draw.choice(["one_form", "two_form", None])),
        lambda: SlotSet("seen", draw.choice([True, False, None])),
        lambda: SlotSet("told", [1, 2]),
        lambda: SlotSet("requested_slot", draw.choice(["seen", None])),
        lambda: BotUttered("said"),
        lambda: ActionExecutionRejected(draw.choice(NAMES)),
        lambda: LoopInterrupted(draw.random() < 0.5),
        lambda: FollowupAction(draw.choice(NAMES)),
        lambda: draw.choice(
            [ActionReverted, UserUtteranceReverted, Restarted, SessionStarted, AllSlotsReset]
        )(),
    ])()

def conversations():
    for seed in range(150):
        draw = random.Random(seed)
        tracker = DialogueStateTracker("buyer", domain.slots)
        for _ in range(draw.randint(1, 40)):
            tracker.update(event(draw))
            yield draw, tracker
"""


def test_a_conversations_turns_and_states_are_those_that_rasa_finds() -> None:
    run(
        CONVERSATIONS
        + """
count = 0
for draw, tracker in conversations():
    if draw.random() < 0.5:
        continue
    expected = of_rasa["applied"](tracker)
    found = turns.applied_events(tracker)
    assert [id(e) for e in found] == [id(e) for e in expected]
    for rules_only in (False, True):
        for data in (None, {"rule_only_slots": ["seen"], "rule_only_loops": ["one_form"]}):
            asked = dict(omit_unset_slots=draw.random() < 0.5,
                         ignore_rule_only_turns=rules_only, rule_only_data=data)
            expected = of_rasa["states"](domain, tracker, **asked)
            found = turns.states_for_tracker_history(domain, tracker, **asked)
            assert found == expected, (found, expected)
            for state in found:  # what a policy changes is its own
                state.get("slots", {}).clear()
            assert turns.states_for_tracker_history(domain, tracker, **asked) == expected
            count += any(expected)
assert count > 3000, count
"""
    )


def test_a_copy_of_a_conversation_is_the_one_that_rasa_makes() -> None:
    run(
        CONVERSATIONS
        + """
def whole(tracker):
    state = tracker.current_state(EventVerbosity.ALL)
    return json.dumps(state, sort_keys=True, default=str), [
        (slot.name, slot.value, slot.has_been_set) for slot in tracker.slots.values()
    ]

from rasa.shared.core.trackers import EventVerbosity
for draw, tracker in conversations():
    found, expected = turns.copy_tracker(tracker), of_rasa["copy"](tracker)
    assert whole(found) == whole(expected)
    before = whole(tracker)
    found.update(ActiveLoop("two_form"))
    found.update(SlotSet("told", "changed"))
    found.is_active_loop_rejected or found.interrupt_loop(True)
    assert whole(tracker) == before
"""
    )


def test_slots_are_read_from_a_message_exactly_when_the_domain_says_so() -> None:
    run("""
from rasa.core.agent import Agent

def extracted(run, domain):
    tracker = DialogueStateTracker.from_events("buyer", [
        UserUttered("hello", {"name": "greet"}, [{"entity": "item", "value": "mug"}]),
    ], slots=domain.slots)
    return asyncio.run(run(ActionExtractSlots(None), None, None, tracker, domain))

reading = Domain.from_dict({"intents": ["greet"], "entities": ["item"], "slots": {
    "item": {"type": "text", "mappings": [{"type": "from_entity", "entity": "item"}]}}})
ours = Agent.load(str(get_settings().models_dir)).domain
assert extracted(of_rasa["extract"], reading) == [SlotSet("item", "mug")]
for domain in (reading, ours):
    found = extracted(shortcuts.extract_slots, domain)
    assert found == extracted(of_rasa["extract"], domain)
for domain in (reading, ours, Domain.empty()):
    assert shortcuts.is_empty(domain) == of_rasa["empty"](domain)
""")

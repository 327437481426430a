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
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
of_rasa = {
    "validate": RemoteAction._validate_action_result,
    "parse": MessageProcessor._parse_message_with_graph,
    "resolve": Event.resolve_by_type,
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

"""What an action reads of a conversation is the same when only that is sent."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from actions.talk import Talk
from bot.server.action_calls import READ, shorten
from bot.settings import ROOT

OF_THE_MODEL = {"model_id": "m", "assistant_id": "a"}


def user(text: str, at: float, **metadata: str) -> dict[str, Any]:
    ranking = [{"name": f"intent_{number}", "confidence": 0.1} for number in range(10)]
    return {
        "event": "user",
        "text": text,
        "timestamp": at,
        "metadata": {**OF_THE_MODEL, **metadata},
        "parse_data": {"intent_ranking": ranking, "text": text},
    }


def bot(name: str, text: str, at: float, custom: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "event": "bot",
        "text": text,
        "timestamp": at,
        "metadata": {**OF_THE_MODEL, "utter_action": name, "explanation": text},
        "data": {"buttons": None, "custom": custom},
    }


def other(kind: str, **values: Any) -> dict[str, Any]:
    return {"event": kind, "timestamp": 3.0, "metadata": OF_THE_MODEL, **values}


EVENTS = [
    other("session_started"),
    other("action", name="action_listen"),
    user("hello", 1.0),
    bot("utter_greet", "Hi!", 2.0, {"card": {"type": "items"}}),
    other("slot", name="order_number", value="40010001"),
    other("active_loop", name="file_return_form"),
    user('/affirm{"confirm": "x"}', 4.0, title="Yes, file it"),
    bot("utter_decision", "You can.", 5.0, {"citations": [{"id": "P1"}]}),
    other("user_featurization", use_text_for_featurization=False),
    user("why?", 9.0),
]


def talk(events: list[dict[str, Any]]) -> Talk:
    tracker = Tracker("buyer", {}, {"text": "why?"}, events, False, None, {}, "action_listen")
    return Talk(tracker, CollectingDispatcher())


def call() -> dict[str, Any]:
    return {"next_action": "a", "tracker": {"sender_id": "buyer", "slots": {}, "events": EVENTS}}


def test_an_action_reads_the_same() -> None:
    whole, short = talk(EVENTS), talk(shorten(call())["tracker"]["events"])
    assert short.transcript() == whole.transcript()
    assert [line.text for line in short.transcript()] == [
        "hello", "Hi!", "Yes, file it", "You can.", "why?",
    ]  # fmt: skip
    assert (
        short.last_replies
        == whole.last_replies
        == [("utter_decision", {"citations": [{"id": "P1"}]})]
    )
    assert short.pause == whole.pause == 4.0


def test_what_no_action_reads_stays_behind() -> None:
    sent = str(shorten(call()))
    assert "intent_ranking" not in sent
    assert "model_id" not in sent
    assert "explanation" not in sent
    assert "'items'" not in sent, "a card of long ago"


def test_the_call_itself_is_left_as_it_is() -> None:
    given = call()
    sent = shorten(given)
    assert given == call()
    assert sent["next_action"] == "a"
    assert sent["tracker"]["slots"] == {}


@pytest.mark.parametrize("kind", sorted(READ))
def test_each_kind_that_is_read_is_sent(kind: str) -> None:
    kinds = {event["event"] for event in shorten(call())["tracker"]["events"]}
    assert kind in kinds


def test_no_action_is_sent_the_domain_which_none_reads() -> None:
    actions = YAML(typ="safe").load(ROOT / "domain.yml")["actions"]
    plain = [action for action in actions if isinstance(action, str)]
    assert not [name for name in plain if name.startswith("validate_")], "Rasa sends it to these"
    assert not [
        a for a in actions if isinstance(a, dict) and any(c["send_domain"] for c in a.values())
    ]

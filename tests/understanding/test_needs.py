"""Two needs in one message: the first is served, the second is kept; one need stays one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.classifier import HelpCenterIntentClassifier
from bot.understanding.evaluate import LABELS_FILE, Thresholds, load_messages
from bot.understanding.intent_model import IntentModel
from bot.understanding.kinds import RETURN
from bot.understanding.needs import read_needs
from bot.understanding.parts import split_parts


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("return the lamp and also where's my other order?", "file_return", "track_order"),
        ("cancel it, or if that's not possible change the address", "cancel_order", "modify_order"),
        (
            "The mug arrived in pieces. Also, I still haven't got the refund for the plates.",
            "report_damaged",
            "track_request",
        ),
        (
            "Where is my refund for the shoes? And please cancel the order I placed this morning.",
            "track_request",
            "cancel_order",
        ),
        ("I never got it. Plus, you charged me twice", "report_not_received", "payment_problem"),
        ("where's my parcel, one more thing, who pays to return", "track_order", "ask_return_cost"),
    ],
)  # fmt: skip
def test_a_second_need_is_found_and_the_first_is_served(
    trained_model: IntentModel, text: str, first: str, second: str
) -> None:
    needs = read_needs(trained_model, text)
    assert (needs.ranking[0][0], needs.second) == (first, second)


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "I want to return the lamp and the mug",
        "can I return the lamp and also the mug?",
        "Order 40010008. The teapot arrived broken. I'd like my money back. Thanks in advance!",
        "The parcel is three weeks late. I called the courier. Where is it?",
        "I returned the shoes on the 2nd. Tracking says you got them. Where is my money?",
        "It was the wrong colour, so I sent it back, and I still wait for my refund",
        "I ordered a red scarf. You sent me a blue one. I want to return it.",
        "You are useless. I've told you three times already. I want my refund.",
        "yes please, go ahead and file it. thank you",
        "hi, also good morning",
        "Also, where is my refund?",
        "plus size dress doesn't fit me",
    ],
)
def test_one_need_told_at_length_stays_one(trained_model: IntentModel, text: str) -> None:
    assert read_needs(trained_model, text).second is None


def test_hardly_any_second_need_is_made_up_and_most_are_found(trained_model: IntentModel) -> None:
    found = made_up = stated = 0
    for message in load_messages(LABELS_FILE.parent / "dev.jsonl"):
        wanted = message.get("second", [])
        second = read_needs(trained_model, message["text"]).second
        stated += bool(wanted)
        found += second in wanted
        made_up += second is not None and second not in wanted
    assert stated >= 40
    assert found / stated >= 0.7
    assert made_up <= 2


@pytest.mark.parametrize(
    "text",
    [
        "the mug is broken and the shirt is the wrong size",
        "the plates came cracked and two cups aren't in the box",
    ],
)
def test_two_reasons_of_one_return_are_no_reason_to_ask_back(
    trained_model: IntentModel, text: str
) -> None:
    ranking = read_needs(trained_model, text).ranking
    assert Thresholds.from_config().choose(ranking) in RETURN


def test_a_message_with_one_part_is_ranked_as_a_whole(trained_model: IntentModel) -> None:
    text = "my parcel never arrived"
    assert read_needs(trained_model, text).ranking == trained_model.rank([text])[0]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("where is it", [("where is it", False)]),
        ("", [("", False)]),
        ("...!?", [("...!?", False)]),
        ("Broke. Where is no. 1?", [("Broke.", False), ("Where is no. 1?", False)]),
        ("return it, plus track it", [("return it", False), ("track it", True)]),
        ("Two things: A hat, and a scarf", [("Two things: A hat", False), ("a scarf", True)]),
        ("Cancel it. Otherwise, change it", [("Cancel it", False), ("change it", True)]),
    ],
)  # fmt: skip
def test_parts(text: str, parts: list[tuple[str, bool]]) -> None:
    assert [(part.text, part.added) for part in split_parts(text)] == parts


@pytest.mark.parametrize("piece", ["also ", "and ", ". ", "if not ", ", ", "?! ", "no. "])
def test_a_long_message_is_split_at_once(piece: str) -> None:
    assert len(split_parts(piece * 3000)) <= 8


def test_the_second_need_reaches_the_parsed_message(
    trained_model: IntentModel, tmp_path: Path
) -> None:
    storage = LocalModelStorage.create(tmp_path)
    classifier = HelpCenterIntentClassifier(
        HelpCenterIntentClassifier.get_default_config(), storage, Resource("x"), trained_model
    )
    both = Message({"text": "where is my refund? also, cancel my order from today"})
    one = Message({"text": "where is my refund?"})

    classifier.process([both, one])

    assert both.as_dict(only_output_properties=True)["second_need"] == "cancel_order"
    assert "second_need" not in one.as_dict(only_output_properties=True)

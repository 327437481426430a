"""What buyers answer is taken as they mean it, and a hedged yes is no consent."""

from __future__ import annotations

import pytest

from bot.understanding.answers import UNKNOWN, condition, is_consent, leading, yes_no


@pytest.mark.parametrize(
    "text",
    [
        "yes", "Yes please", "yes, file it", "ok", "sure, go ahead", "yep that's right",
        "correct", "Confirm", "yes that looks good", "do it", "absolutely", "okay thank you",
        "yes!!", "of course",
    ],
)  # fmt: skip
def test_a_plain_yes_is_consent(text: str) -> None:
    assert is_consent(text)


@pytest.mark.parametrize(
    "text",
    [
        "yes? what happens then", "yes I have a question", "yes it's wrong", "yes no wait",
        "yes, that's wrong", "yes but for 40010029 please", "ok how long does it take",
        "sure, but first tell me who pays", "right", "I have a photo", "yes not now",
        "ok wait", "true story", "no", "yes? ", "right now I am busy", "please", "go away",
        "yes to the other one", "cancel it", "yes https://example.com",
    ],
)  # fmt: skip
def test_anything_more_than_a_yes_is_no_consent(text: str) -> None:
    assert not is_consent(text)


@pytest.mark.parametrize("text", ["cancel it", "yes please cancel", "yes cancel the order"])
def test_cancel_is_a_yes_where_cancelling_is_asked(text: str) -> None:
    assert is_consent(text.removesuffix(" the order"), cancelling=True)


@pytest.mark.parametrize("text", ["don't cancel", "no, don't cancel it", "cancel what?"])
def test_a_negated_cancel_is_no_yes(text: str) -> None:
    assert not is_consent(text, cancelling=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", True), ("Yep, all there", None), ("of course", True), ("no", False),
        ("nope", False), ("never", False), ("not really", False), ("of course not", False),
        ("I don't know", UNKNOWN), ("no idea", UNKNOWN), ("not sure really", UNKNOWN),
        ("yes but who pays?", None), ("yes no", None), ("it is blue", None),
        ("I do not have the packaging any more", None), ("ok no", None), ("não", False),
        ("yes I have the number", True), ("no thanks", False), ("never used", None),
    ],
)  # fmt: skip
def test_yes_no_and_neither(text: str, expected: object) -> None:
    assert yes_no(text) == expected


@pytest.mark.parametrize(
    ("fact", "text", "expected"),
    [
        ("used", "yes, unused", False), ("used", "yes it's still new", False),
        ("used", "no", False), ("used", "yes", True), ("used", "yes I wore it", True),
        ("used", "never worn", False), ("used", "I haven't used it", False),
        ("used", "just once", True), ("used", "brand new", False),
        ("used", "only opened the parcel", False), ("used", "I only tried it on", False),
        ("used", "washed it twice", True),
        ("damaged_by_buyer", "ok no", None), ("damaged_by_buyer", "yes no damage", False),
        ("damaged_by_buyer", "right, nothing happened", False),
        ("damaged_by_buyer", "sure, it's perfect", False),
        ("damaged_by_buyer", "yes it's fine", False), ("damaged_by_buyer", "all fine", False),
        ("damaged_by_buyer", "it fell and cracked", True),
        ("damaged_by_buyer", "my dog chewed it", True),
        ("damaged_by_buyer", "no, it arrived like that", False),
        ("damaged_by_buyer", "it came broken", False),
        ("seals_removed", "yes still there", False),
        ("seals_removed", "yes everything is still sealed", False),
        ("seals_removed", "yes, kept the tags", False), ("seals_removed", "no", False),
        ("seals_removed", "yes", True), ("seals_removed", "I cut off the tags", True),
        ("seals_removed", "I took them off", True),
        ("packaging_kept", "no I just opened the parcel", True),
        ("packaging_kept", "I do not have the packaging any more", False),
        ("packaging_kept", "I threw the box away", False),
        ("packaging_kept", "still have it", True), ("packaging_kept", "yes", True),
        ("packaging_kept", "no", False), ("packaging_kept", "I don't have it anymore", False),
        ("used", "yes all there", True), ("seals_removed", "all tags on", False),
        ("complete", "yes all there", True), ("complete", "nothing missing", True),
        ("complete", "all there", True),
        ("complete", "I lost one brick", False),
        ("media_unwrapped", "still sealed", False), ("media_unwrapped", "I opened it", True),
        ("packaging_kept", "why do you ask?", None), ("used", "don't know", UNKNOWN),
    ],
)  # fmt: skip
def test_the_state_of_an_item_is_read_however_it_is_put(
    fact: str, text: str, expected: object
) -> None:
    assert condition(fact, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes pls", True), ("yes the tree is fine", True), ("Yep. And it's clean", True),
        ("nope never did", False),
        ("no, the other two are fine", False), ("no it's all there", False),
        ("no parts are missing", None), ("no problem", None), ("no wait", None), ("no, yes", None),
        ("yes no", None), ("yes, why?", None), ("yesterday it came", None), ("I said yes", None),
    ],
)  # fmt: skip
def test_a_message_that_begins_with_yes_or_no_is_that_answer(
    text: str, expected: bool | None
) -> None:
    assert leading(text) is expected

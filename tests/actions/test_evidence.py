"""What buyers say of photos and files, and what only sounds like it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import pytest

from actions import evidence
from bot.desk import EvidenceKind, EvidenceView, UnknownEvidence
from tests.actions.turns import said, turn

WHEN = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)


def photo(id_: str, kind: EvidenceKind = EvidenceKind.PHOTO) -> EvidenceView:
    return EvidenceView(id_, kind, f"{id_}.jpg", 9, "image/jpeg", WHEN)


@dataclass
class FakeDesk:
    """Keeps files of one conversation."""

    files: list[EvidenceView] = field(default_factory=list)
    asked: int = 0

    def evidence_of(self, conversation_id: str) -> tuple[EvidenceView, ...]:
        self.asked += 1
        return tuple(self.files)

    def remove_evidence(self, conversation_id: str, id_: str) -> None:
        if not any(file.id == id_ for file in self.files):
            raise UnknownEvidence
        self.files = [file for file in self.files if file.id != id_]

    def verified_orders(self, conversation_id: str) -> list[Any]:
        return []


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> FakeDesk:
    desk = FakeDesk()
    monkeypatch.setattr(evidence, "get_desk", lambda: desk)
    return desk


@pytest.mark.parametrize(
    "text",
    [
        "I've attached a photo",
        "i attached photos of the crack",
        "we have already uploaded the video",
        "see attached",
        "please find attached the pictures",
        "the lamp is broken, see photo",
        "here's the picture",
        "photos are attached",
        "did you get my photo?",
        "do you see the pictures I sent",
        "how can I upload a photo?",
        "can I send you a picture?",
        "where do I attach the pdf",
    ],
)
def test_speaking_of_a_file_is_told_how_to_add_one(desk: FakeDesk, text: str) -> None:
    talk = turn(text)
    assert evidence.explains(talk)
    assert said(talk) == ["utter_how_to_attach"]


@pytest.mark.parametrize(
    "text",
    [
        "the seller sent me a video game that is broken",
        "I've sent the picture frame back",
        "can I send the video game back?",
        "the photo album has no pages",
        "they sent the wrong picture frame",
        "it doesn't look like the photos in the listing",
        "I see the picture on the page is another one",
        "the colour isn't the one in the picture",
        "can you send me a photo of the label?",
        "I want to return the video player",
        "I sent it back",
        "what do you need a photo for",
    ],
)
def test_things_of_the_same_name_are_no_evidence(desk: FakeDesk, text: str) -> None:
    talk = turn(text)
    assert not evidence.explains(talk)
    assert said(talk) == []
    assert desk.asked == 0


@pytest.mark.parametrize(
    "text",
    [
        "i can't upload",
        "I cannot attach the file",
        "it won't let me upload anything",
        "the upload doesn't work",
        "i don't know how to attach it",
        "I can't take a photo",
        "I have no camera",
    ],
)
def test_who_cannot_upload_has_other_ways(desk: FakeDesk, text: str) -> None:
    talk = turn(text, form=evidence.FILING, slots={"requested_slot": "evidence"})
    assert evidence.hears(talk)
    assert said(talk) == ["utter_upload_trouble"]
    beside = turn(text)
    assert evidence.explains(beside)
    assert said(beside) == ["utter_upload_trouble_beside"]


@pytest.mark.parametrize(
    "text", ["the phone has no camera", "I can't send it back", "the card can't be read"]
)
def test_other_trouble_is_left_to_the_dialogue(desk: FakeDesk, text: str) -> None:
    talk = turn(text, form=evidence.FILING, slots={"requested_slot": "evidence"})
    assert not evidence.hears(talk)
    assert said(talk) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("leave the photos out", []),
        ("please remove all pictures", []),
        ("without any photos please", []),
        ("leave out both images", []),
        ("leave the photo out", ["a", "b"]),
        ("delete the file", ["a", "b"]),
        ("leave the picture frame out", ["a", "b"]),
        ("shall I leave the photos out?", ["a", "b"]),
    ],
)
def test_files_are_left_out_when_it_is_clear_which(
    desk: FakeDesk, text: str, left: list[str]
) -> None:
    desk.files = [photo("a"), photo("b")]
    evidence.hears(turn(text, form=evidence.FILING, slots={"requested_slot": "confirm"}))
    assert [file.id for file in desk.files] == left


def test_a_button_leaves_out_its_own_file_and_nobody_elses(desk: FakeDesk) -> None:
    desk.files = [photo("a"), photo("b")]
    for key, left in (("elsewhere", ["a", "b"]), ("a", ["b"]), ("a", ["b"])):
        choice = {"choice": f"leave_out:{key}"}
        talk = turn("/correct_answer", "correct_answer", entities=choice, form=evidence.FILING)
        assert evidence.hears(talk)
        assert [file.id for file in desk.files] == left


def test_files_are_named_by_kind_and_number(desk: FakeDesk) -> None:
    files = [photo("a"), photo("b"), photo("c", EvidenceKind.VIDEO)]
    assert evidence.told(files) == "2 photos, 1 video"
    assert evidence.told(files[:1]) == "1 photo"


def test_the_desk_is_asked_once_a_turn(desk: FakeDesk) -> None:
    talk = turn("/give_evidence", "give_evidence", form="track_form")
    desk.files = [photo("a")]
    assert evidence.hears(talk)
    evidence.given(talk)
    assert desk.asked == 1
    assert said(talk) == ["utter_files_kept"]

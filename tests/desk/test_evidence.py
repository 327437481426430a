"""Evidence at the desk: kept once, attached with the filing, seen by its own chat, deleted."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.desk import (
    BadAnswer,
    Desk,
    DeskUnavailable,
    EvidenceAttached,
    EvidenceKind,
    EvidenceRefused,
    EvidenceView,
    NotVerified,
    RequestEnded,
    RequestStatus,
    TooManyFiles,
    UnknownEvidence,
    UnknownRequest,
)
from bot.desk.evidence import sweeping
from bot.desk.evidence.names import clean_name
from bot.desk.evidence.store import Store
from bot.desk.evidence.worker import Sweeper
from bot.media import sandbox
from bot.media.made import Made, Problem
from bot.settings import Settings
from tests import evidence_files as files
from tests.desk.conftest import MakeDesk
from tests.desk.shop import ANA, CHAT, Hands, bring, filing, items, order, pieces, rows, verified

OTHER_CHAT = "chat-2"
BEN = "ben@example.com"
Send = Callable[..., EvidenceView]


@pytest.fixture(autouse=True)
def _quick_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real worker has tests of its own; here a file is copied, and a JPEG stands for it."""

    def copied(source: Path, bounds: object, to: Path, thumbnail: Path) -> Made:
        to.write_bytes(source.read_bytes())
        thumbnail.write_bytes(b"\xff\xd8 small")
        return Made("image/jpeg", width=64, height=48)

    monkeypatch.setattr(sandbox, "write_anew", copied)


def photo(number: int = 1) -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + str(number).encode() * 50


@pytest.fixture
def send(tmp_path: Path, busy_desk: Desk) -> Send:
    """Sends a file in a chat."""

    def send_it(
        content: bytes = photo(),
        chat: str = CHAT,
        name: str = "IMG.JPG",
        request: str | None = None,
    ) -> EvidenceView:
        path = files.write(tmp_path, content, f"sent-{time.monotonic_ns()}")
        return busy_desk.keep_evidence(chat, name, path, request)

    return send_it


def stored(desk: Desk) -> list[str]:
    """Names of all files in the store, without those of their folders."""
    folder = desk.context.evidence.folder
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def limited(desk: Desk, **limits: object) -> None:
    desk.context = replace(desk.context, evidence=replace(desk.context.evidence, **limits))


def age(desk: Desk, hours: float) -> None:
    """Make everything in the store older."""
    for path in desk.context.evidence.folder.rglob("*"):
        if path.is_file():
            then = path.stat().st_mtime - hours * 3600
            os.utime(path, (then, then))


def test_a_file_waits_for_a_request_and_goes_with_it(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    kept = send()
    assert (kept.kind, kept.name, kept.bytes) == (EvidenceKind.PHOTO, "IMG.jpg", len(photo()))
    assert len(kept.id) == 32
    assert busy_desk.evidence_of(CHAT) == (kept,)
    request = busy_desk.file(CHAT, filing(item, files=(kept.id,)))
    assert [file.id for file in request.files] == [kept.id]
    assert request.files[0].request_number == request.number
    assert busy_desk.evidence_of(CHAT) == ()
    (row,) = rows(busy_desk, "evidence_files")
    assert row["delete_after"] is None
    found = busy_desk.evidence_file(kept.id)
    assert found is not None
    assert found.path.read_bytes() == photo()
    assert found.thumbnail.is_file()
    filed = [row for row in rows(busy_desk, "audit_entries") if row["action"] == "request_filed"]
    assert kept.id in str(filed[0]["details"])


def test_filing_again_with_the_same_key_changes_nothing(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    wanted = filing(item, files=(send().id,))
    first = busy_desk.file(CHAT, wanted)
    assert busy_desk.file(CHAT, wanted).files == first.files
    assert len(rows(busy_desk, "evidence_files")) == 1


def test_a_filing_that_fails_leaves_its_files_waiting(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    kept = send()
    with pytest.raises(BadAnswer, match="files: unknown"):
        busy_desk.file(CHAT, filing(item, files=(kept.id, "f" * 32)))
    assert busy_desk.evidence_of(CHAT) == (kept,)
    assert rows(busy_desk, "return_requests") == []


@pytest.mark.parametrize("id_", ["", "x", "f" * 32, "f" * 33, "' OR 1=1 --", "\0" * 32, None])
def test_an_id_that_is_none_files_nothing(busy_desk: Desk, id_: str) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    with pytest.raises(BadAnswer, match="files: unknown"):
        busy_desk.file(CHAT, filing(item, files=(id_,)))


def test_another_chats_file_is_nobody_elses(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    verified(busy_desk, chat=OTHER_CHAT)
    theirs = send(chat=OTHER_CHAT)
    with pytest.raises(BadAnswer, match="files: unknown"):
        busy_desk.file(CHAT, filing(item, files=(theirs.id,)))
    request = busy_desk.file(CHAT, filing(item))
    with pytest.raises(BadAnswer, match="files: unknown"):
        busy_desk.add_evidence(CHAT, request.number, (theirs.id,))
    with pytest.raises(UnknownEvidence):
        busy_desk.remove_evidence(CHAT, theirs.id)
    assert busy_desk.evidence_of(CHAT) == ()
    assert busy_desk.evidence_of(OTHER_CHAT) == (theirs,)


def test_the_same_file_sent_twice_is_one(busy_desk: Desk, send: Send) -> None:
    assert send(name="a.jpg") == send(name="b.jpg")
    assert len(busy_desk.evidence_of(CHAT)) == 1
    assert len(stored(busy_desk)) == 2  # with its small picture
    assert send(chat=OTHER_CHAT).id != send().id


def test_the_same_file_sent_twice_at_once_is_one(busy_desk: Desk, send: Send) -> None:
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda _: send(), range(6)))
    assert len({one.id for one in kept}) == 1
    assert len(rows(busy_desk, "evidence_files")) == 1
    assert len(stored(busy_desk)) == 2


def test_what_is_added_later_goes_to_the_request(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    request = busy_desk.file(CHAT, filing(item))
    waiting = send(photo(1))
    (added,) = busy_desk.add_evidence(CHAT, request.number, (waiting.id, waiting.id))
    assert added == replace(waiting, request_number=request.number, goes_at=None)
    at_once = send(photo(2), request=request.number)
    assert at_once.request_number == request.number
    # Sent once more, before and after: the request has it.
    assert send(photo(2), request=request.number).id == at_once.id
    again = send(photo(1))
    assert again.id != waiting.id
    assert [one.id for one in busy_desk.add_evidence(CHAT, request.number, (again.id,))] == [
        waiting.id
    ]
    found = busy_desk.request(request.number)
    assert [file.id for file in found.files] == [waiting.id, at_once.id]
    assert busy_desk.evidence_of(CHAT) == ()
    noted = [r["action"] for r in rows(busy_desk, "audit_entries")]
    assert noted.count("evidence_added") == 3


def test_one_file_can_go_to_two_requests(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order(items=items(2)))
    first, second = verified(busy_desk)
    kept = send()
    one = busy_desk.file(CHAT, replace(pieces(first, 1, "a"), files=(kept.id,)))
    two = busy_desk.file(CHAT, replace(pieces(second, 1, "b"), files=(kept.id,)))
    assert one.files[0].id == kept.id != two.files[0].id
    assert {busy_desk.evidence_file(r.files[0].id).path for r in (one, two)} == {
        busy_desk.evidence_file(kept.id).path
    }
    # It stays as long as one of them has it.
    busy_desk.advance(one.number, RequestStatus.REFUSED, "tests")
    limited(busy_desk, keep=timedelta(0))
    later = busy_desk.context.now() + timedelta(days=999)
    busy_desk.context = replace(busy_desk.context, clock=lambda: later)
    assert busy_desk.sweep_evidence().expired == 1
    assert busy_desk.evidence_file(kept.id) is None
    assert busy_desk.evidence_file(two.files[0].id).path.is_file()


def test_only_who_has_proved_the_order_adds_to_its_request(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    request = busy_desk.file(CHAT, filing(item))
    theirs = send(chat=OTHER_CHAT)
    for number in (request.number, "R-22222222", "", "' OR 1=1", "R-\0"):
        with pytest.raises(NotVerified):
            busy_desk.add_evidence(OTHER_CHAT, number, (theirs.id,))
        with pytest.raises(NotVerified):
            send(photo(2), OTHER_CHAT, request=number)
    assert busy_desk.request(request.number).files == ()
    assert len(stored(busy_desk)) == 2


@pytest.mark.parametrize(
    "status", [RequestStatus.REFUNDED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN]
)
def test_nothing_is_added_once_a_request_has_ended(
    busy_desk: Desk, send: Send, status: RequestStatus, tmp_path: Path
) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    request = busy_desk.file(CHAT, filing(item))
    assert busy_desk.request_file(request.number).takes_files
    busy_desk.advance(request.number, status, "tests")
    assert not busy_desk.request_file(request.number).takes_files
    with pytest.raises(RequestEnded) as caught:
        busy_desk.add_evidence(CHAT, request.number, (send().id,))
    assert (caught.value.request_number, caught.value.status) == (request.number, status)
    with pytest.raises(RequestEnded):
        send(photo(2), request=request.number)
    path = files.write(tmp_path, photo(3))
    with pytest.raises(RequestEnded):
        busy_desk.keep_request_evidence(request.number, "a.jpg", path, "the page")


def test_on_its_own_page_a_request_takes_files_without_a_chat(
    busy_desk: Desk, tmp_path: Path
) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    request = busy_desk.file(CHAT, filing(item))
    path = files.write(tmp_path, photo())
    kept = [
        busy_desk.keep_request_evidence(request.number, "a.jpg", path, "the page") for _ in "ab"
    ]
    assert kept[0] == kept[1]
    assert busy_desk.request(request.number).files == (kept[0],)
    assert busy_desk.evidence_of(CHAT) == ()
    with pytest.raises(UnknownRequest):
        busy_desk.keep_request_evidence("R-22222222", "a.jpg", path, "the page")


def test_a_chat_and_a_request_have_room_for_so_many(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    limited(busy_desk, per_request=2, per_chat=5)
    waiting = [send(photo(n)).id for n in (1, 2)]
    with pytest.raises(TooManyFiles) as caught:
        send(photo(3))
    assert caught.value.limit == 2
    assert send(photo(1)).id == waiting[0]
    request = busy_desk.file(CHAT, filing(item, files=tuple(waiting)))
    with pytest.raises(TooManyFiles):
        send(photo(3), request=request.number)
    more = send(photo(3))
    with pytest.raises(TooManyFiles):
        busy_desk.add_evidence(CHAT, request.number, (more.id,))
    assert busy_desk.evidence_of(CHAT) == (more,)
    send(photo(4))
    limited(busy_desk, per_request=9, per_chat=4)
    with pytest.raises(TooManyFiles) as caught:
        send(photo(5))
    assert caught.value.limit == 4
    assert len(rows(busy_desk, "evidence_files")) == 4
    assert len(stored(busy_desk)) == 8


def test_many_at_once_get_no_more_room(busy_desk: Desk, send: Send) -> None:
    limited(busy_desk, per_request=3)

    def try_it(number: int) -> int:
        try:
            send(photo(number))
        except TooManyFiles:
            return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(try_it, range(9))) == 3
    assert len(rows(busy_desk, "evidence_files")) == 3
    assert len(stored(busy_desk)) == 6


def test_a_waiting_file_can_be_taken_back_and_a_filed_one_cant(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    gone, stays = send(photo(1)), send(photo(2))
    busy_desk.remove_evidence(CHAT, gone.id)
    assert busy_desk.evidence_of(CHAT) == (stays,)
    assert len(stored(busy_desk)) == 2
    for id_ in (gone.id, "", "nothing", "\0" * 32):
        with pytest.raises(UnknownEvidence):
            busy_desk.remove_evidence(CHAT, id_)
    request = busy_desk.file(CHAT, filing(item, files=(stays.id,)))
    with pytest.raises(EvidenceAttached) as caught:
        busy_desk.remove_evidence(CHAT, stays.id)
    assert caught.value.request_number == request.number


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (files.GIF, Problem.FORMAT),
        (files.SVG, Problem.FORMAT),
        (photo() + b"\0" * 15_000_000, Problem.TOO_LARGE),
        (b"%PDF-1.7" + b"\0" * 15_000_000, Problem.TOO_LARGE),
    ],
    ids=["empty", "GIF", "SVG", "large photo", "large PDF"],
)
def test_what_isnt_taken_leaves_nothing_behind(
    busy_desk: Desk, send: Send, content: bytes, problem: Problem
) -> None:
    with pytest.raises(EvidenceRefused) as caught:
        send(content)
    assert caught.value.problem is problem
    assert rows(busy_desk, "evidence_files") == []
    assert stored(busy_desk) == []


def test_a_disk_without_room_takes_no_file(
    busy_desk: Desk, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    busy_desk._store = Store(busy_desk.context.evidence.folder, free_bytes=10**18)
    with pytest.raises(EvidenceRefused) as caught:
        send()
    assert caught.value.problem is Problem.NOT_CHECKED
    with pytest.raises(EvidenceRefused):
        busy_desk.new_evidence()
    assert "too little room" in caplog.text


def test_a_folder_that_cant_be_written_to_takes_no_file(
    busy_desk: Desk, send: Send, tmp_path: Path
) -> None:
    in_the_way = files.write(tmp_path, b"a file", "evidence-is-a-file")
    busy_desk._store = Store(in_the_way)
    with pytest.raises(EvidenceRefused) as caught:
        send()
    assert caught.value.problem is Problem.NOT_CHECKED
    assert rows(busy_desk, "evidence_files") == []


def test_when_the_database_fails_the_file_goes_too(
    busy_desk: Desk, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise DeskUnavailable("down")

    monkeypatch.setattr(busy_desk.context.database, "transaction", fails)
    with pytest.raises(DeskUnavailable):
        send()
    assert stored(busy_desk) == []


def test_what_a_crash_left_behind_is_swept(busy_desk: Desk, send: Send) -> None:
    kept = send()
    store = busy_desk._store
    busy_desk.new_evidence().write_bytes(b"half a file")
    made, picture = store.new_incoming(), store.new_incoming()
    for path in (made, picture):
        path.write_bytes(b"x")
    orphan = store.keep(made, picture, "application/pdf")
    assert busy_desk.sweep_evidence() == sweeping.Swept()  # too new: somebody may work on it
    age(busy_desk, 2)
    assert busy_desk.sweep_evidence() == sweeping.Swept(left_behind=1, orphans=1)
    assert not store.path(orphan).exists()
    assert not store.thumbnail(orphan).exists()
    assert busy_desk.evidence_file(kept.id).path.is_file()
    assert len(stored(busy_desk)) == 2


def test_a_sweep_on_the_wrong_database_deletes_nothing(
    busy_desk: Desk, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    limited(busy_desk, per_request=99, per_chat=99)
    for number in range(25):
        send(photo(number))
    with busy_desk.context.database.writing() as session:
        session.execute(text("DELETE FROM evidence_files"))
        session.commit()
    age(busy_desk, 2)
    assert busy_desk.sweep_evidence() == sweeping.Swept(spared=25)
    assert len(stored(busy_desk)) == 50
    assert "is this their database?" in caplog.text
    assert busy_desk.sweep_evidence(force=True).orphans == 25
    assert stored(busy_desk) == []


def test_what_nobody_files_goes_after_a_day_and_the_rest_long_after_the_end(
    make_desk: MakeDesk, hands: Hands, tmp_path: Path
) -> None:
    desk = make_desk()
    bring(desk, order(items=items(2)))
    first, second = verified(desk)

    def sent(number: int) -> str:
        return desk.keep_evidence(CHAT, "a.jpg", files.write(tmp_path, photo(number))).id

    ended = desk.file(CHAT, replace(pieces(first, 1, "a"), files=(sent(1),)))
    stands = desk.file(CHAT, replace(pieces(second, 1, "b"), files=(sent(2),)))
    unused = sent(3)
    assert desk.sweep_evidence().expired == 0
    hands.moment += timedelta(hours=25)
    desk.advance(ended.number, RequestStatus.REFUNDED, "tests")
    assert desk.sweep_evidence().expired == 1
    assert desk.evidence_file(unused) is None
    hands.moment += timedelta(days=179)
    assert desk.sweep_evidence().expired == 0
    hands.moment += timedelta(days=2)
    assert desk.sweep_evidence().expired == 1
    assert desk.request(ended.number).files == ()
    assert len(desk.request(stands.number).files) == 1
    assert len(stored(desk)) == 2
    assert "evidence_deleted" in [row["action"] for row in rows(desk, "audit_entries")]


def test_the_sweeper_lives_through_trouble_and_stops(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, calls = make_desk(), []

    def troubled(*_: object) -> None:
        calls.append(1)
        raise DeskUnavailable("down") if len(calls) == 1 else RuntimeError("a name of a file")

    monkeypatch.setattr("bot.desk.evidence.worker.sweep", troubled)
    sweeper = Sweeper(desk.context, desk._store, 0.01, 0.01)
    sweeper.start()
    deadline = time.monotonic() + 5
    while len(calls) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    sweeper.stop()
    assert len(calls) >= 3
    assert not sweeper._thread.is_alive()


def test_the_action_servers_desk_sweeps_until_it_is_closed(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.start_delivering()
    sweeper = desk._sweeper
    assert sweeper is not None
    assert sweeper._thread.is_alive()
    desk.close()
    assert not sweeper._thread.is_alive()


def scanning(settings: Settings, make_desk: MakeDesk, tmp_path: Path, script: str) -> Desk:
    command = tmp_path / "scan"
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o700)
    settings.evidence_scan_command = f"{command} --quick {{path}}"
    settings.evidence_scan_seconds = 2
    return make_desk()


def test_malware_is_looked_for_in_what_was_sent(
    settings: Settings, make_desk: MakeDesk, tmp_path: Path
) -> None:
    script = f'cp "$2" {tmp_path}/seen; grep -q EICAR "$2" && exit 1 || exit 0'
    desk = scanning(settings, make_desk, tmp_path, script)
    sent = files.write(tmp_path, photo())
    desk.keep_evidence(CHAT, "a.jpg", sent)
    assert (tmp_path / "seen").read_bytes() == photo()
    sent.write_bytes(photo() + b"EICAR")
    with pytest.raises(EvidenceRefused) as caught:
        desk.keep_evidence(CHAT, "a.jpg", sent)
    assert caught.value.problem is Problem.INFECTED
    assert len(stored(desk)) == 2


@pytest.mark.parametrize("script", ["exit 2", "sleep 9", "kill -9 $$", None])
def test_without_a_working_scan_no_file_is_taken(
    settings: Settings,
    make_desk: MakeDesk,
    tmp_path: Path,
    script: str | None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = scanning(settings, make_desk, tmp_path, script or "exit 0")
    if script is None:
        (tmp_path / "scan").unlink()
    with caplog.at_level(logging.ERROR), pytest.raises(EvidenceRefused) as caught:
        desk.keep_evidence(CHAT, "secret name.jpg", files.write(tmp_path, photo()))
    assert caught.value.problem is Problem.NOT_CHECKED
    assert stored(desk) == []
    assert "malware scan" in caplog.text
    assert "secret name" not in caplog.text


@pytest.mark.parametrize("command", ["clamdscan", "clamdscan 'x", "{path}"])
def test_a_scan_that_never_sees_the_file_isnt_a_setting(command: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="evidence_scan_command"):
        Settings(_env_file=None, var_dir=tmp_path, evidence_scan_command=command)


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("IMG_0001.HEIC", "IMG_0001.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\ana\\box.png", "box.jpg"),
        ("photo\u202egpj.exe", "photogpj.jpg"),
        ("a\0b.jpg", "ab.jpg"),
        ("evil.php.jpg", "evil.jpg"),
        ("", "photo.jpg"),
        ("....", "photo.jpg"),
        ("Screenshot at 10.30.05.png", "Screenshot at 10.30.05.jpg"),
        (".htaccess", "htaccess.jpg"),
        ('"><script>alert(1)</script>.jpg', "script.jpg"),
        ('a"b<c>d:e|f?g*h.jpg', "a_b_c_d_e_f_g_h.jpg"),
        ("one\r\ntwo: three.jpg", "onetwo_ three.jpg"),
        ("Küche  zerbrochen 壊れた.jpg", "Küche zerbrochen 壊れた.jpg"),
        ("x" * 5000, "x" * 80 + ".jpg"),
        ("\u200b\ufeff", "photo.jpg"),
    ],
)
def test_a_name_is_made_safe(name: str, clean: str) -> None:
    assert clean_name(name, EvidenceKind.PHOTO, "image/jpeg") == clean


def test_a_store_names_only_what_it_made(tmp_path: Path) -> None:
    store = Store(tmp_path)
    token = "f" * 32
    for name in ("../../etc/passwd", "a.jpg", "", token, f"{token}.jpg/..", f"{token.upper()}.jpg"):
        with pytest.raises(ValueError, match="not a name"):
            store.path(name)


def test_what_is_kept_is_for_nobody_else_on_the_machine(busy_desk: Desk, send: Send) -> None:
    send()
    folder = busy_desk.context.evidence.folder
    folders = [path for path in (folder, *folder.rglob("*")) if path.is_dir()]
    assert {path.stat().st_mode & 0o077 for path in folders} == {0}


BROKEN = {
    "no such kind": "kind = 'program'",
    "no bytes": "bytes = 0",
    "a short digest": "sha256 = 'abc'",
    "an id that can be guessed": "public_id = '1'",
    "a width alone": "height = NULL",
    "nobody's": "conversation_id = NULL",
    "a waiting file that never goes": "delete_after = NULL",
    "a request that isn't": "request_id = 999",
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=list(BROKEN))
def test_the_database_refuses(busy_desk: Desk, send: Send, change: str) -> None:
    send()
    with busy_desk.context.database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text(f"UPDATE evidence_files SET {change}"))  # noqa: S608


def test_a_ticket_names_what_was_brought_and_no_other_buyers_files(
    busy_desk: Desk, send: Send
) -> None:
    bring(
        busy_desk,
        order(),
        order(number="50010002", buyer={"email": BEN, "name": "Ben", "locale": "en"}),
    )
    (item,) = verified(busy_desk)
    request = busy_desk.file(CHAT, filing(item, files=(send(photo(1), name="first.jpg").id,)))
    (other,) = verified(busy_desk, "50010002", BEN)
    theirs = filing(other, "k2", "50010002", files=(send(photo(2), name="bens.jpg").id,))
    busy_desk.file(CHAT, theirs)
    send(photo(3), name="waits.jpg")
    busy_desk.hand_off(CHAT, "a person", "", (), "k", "50010001")
    ticket = rows(busy_desk, "outbox_messages")[-1]["body"]
    assert f"first.jpg (photo, 1 KB), of {request.number}, " in ticket
    assert "waits.jpg (photo, 1 KB), of no request yet, " in ticket
    assert "bens.jpg" not in ticket


def test_a_buyer_is_told_of_files_in_the_receipt(busy_desk: Desk, send: Send) -> None:
    bring(busy_desk, order())
    (item,) = verified(busy_desk)
    busy_desk.file(CHAT, filing(item, files=(send(name="Box <b>.png").id,)))
    (mail,) = rows(busy_desk, "outbox_messages")
    assert mail["recipient"] == ANA
    assert "Box _b.jpg (photo, 1 KB)" in mail["body"]

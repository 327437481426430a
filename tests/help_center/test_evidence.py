"""Evidence over HTTP: from the chat, on the request's page, and who may see it."""

from __future__ import annotations

import errno
import html
import http.client
import io
import json
import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import itsdangerous.timed
import pytest
import requests
from PIL import Image

from bot.desk import Desk, RequestStatus, RequestView, migrate
from bot.evidence_links import EvidenceLinks
from bot.help_center import evidence_routes
from bot.help_center.multipart import FormReader
from bot.help_center.payloads import Buttons
from bot.help_center.sessions import Sessions
from bot.media import sandbox
from bot.media.made import Problem, Refused
from bot.request_links import request_links
from bot.settings import Settings
from bot.words import say
from tests import evidence_files as files
from tests.desk.shop import CHAT, filing, order, rows, verified
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import KEY, running, settings_for_tests

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
ORIGIN = "https://www.shop.example"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


class Shop:
    """A help center with a desk of its own."""

    def __init__(self, url: str, desk: Desk, settings: Settings) -> None:
        self.url, self.desk, self.settings = url, desk, settings

    def chat(self) -> Chat:
        return Chat(self.url)

    def send(
        self, chat: Chat, content: bytes, name: str = "a.jpg", **more: Any
    ) -> requests.Response:
        return requests.post(
            f"{self.url}/evidence",
            headers={"Authorization": f"Bearer {chat.token}", **more.pop("headers", {})},
            files={"file": (name, content, more.pop("type", "image/jpeg"))},
            timeout=60,
            **more,
        )

    def delete(self, chat: Chat, id_: str) -> requests.Response:
        headers = {"Authorization": f"Bearer {chat.token}"}
        return requests.delete(f"{self.url}/evidence/{id_}", headers=headers, timeout=10)

    def get(self, address: str) -> requests.Response:
        return requests.get(f"{self.url}/{address.lstrip('/')}", timeout=20)

    def file(self, **changes: Any) -> RequestView:
        (item,) = verified(self.desk)
        return self.desk.file(CHAT, filing(item, **changes))

    def page(self, number: str) -> str:
        return request_links(self.settings).address(number)

    def add(self, number: str, *sent: tuple[str, bytes], key_of: str = "") -> requests.Response:
        """Send the page's form."""
        path, _, query = self.page(key_of or number).partition("?")
        path = path.replace(key_of, number) if key_of else path
        content = [("file", (name, data)) for name, data in sent]
        return requests.post(f"{self.url}{path}/evidence?{query}", files=content, timeout=60)

    def stored(self) -> list[Path]:
        folder = self.settings.evidence_dir or Path()
        return [path for path in folder.rglob("*") if path.is_file()]


OpenShop = Callable[..., Shop]


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy, since migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def open_shop(tmp_path: Path, migrated: Path) -> Iterator[OpenShop]:
    """Opens help centers."""
    opened: list[Any] = []

    def open_it(**changes: Any) -> Shop:
        values = {"fixed_now": NOW, "sessions_per_minute": 1000, **changes}
        settings = settings_for_tests(tmp_path, **values)
        shutil.copy(migrated, tmp_path / "desk.db")
        desk = Desk.from_settings(settings)
        desk.import_orders([json.dumps(order())], "tests")
        server = running(settings)
        address: SimpleNamespace = server.__enter__()
        opened.append((server, desk))
        return Shop(address.url, desk, settings)

    yield open_it
    for server, desk in opened:
        server.__exit__(None, None, None)
        desk.close()


@pytest.fixture
def shop(open_shop: OpenShop) -> Shop:
    return open_shop()


def words(page: str) -> str:
    """What a buyer reads, on one line."""
    bare = re.sub(r"<(style|script).*?</\1>", " ", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())


def said(answer: requests.Response) -> str:
    return "\n".join(message["text"] for message in answer.json()["messages"])


def conversation_of(chat: Chat) -> str:
    found = Sessions(KEY, 12).conversation(f"Bearer {chat.token}")
    assert found
    return found


def test_a_photo_is_taken_shown_and_taken_back(shop: Shop) -> None:
    chat = shop.chat()
    answer = shop.send(chat, files.rotated_jpeg(), "../../box of Ana.JPEG")
    assert answer.status_code == 201
    sent = answer.json()["evidence"]
    kept = shop.desk.evidence_of(conversation_of(chat))[0]
    assert sent == {
        "id": kept.id,
        "kind": "photo",
        "name": "box of Ana.jpg",
        "bytes": kept.bytes,
        "width": 480,
        "height": 640,
        "thumbnail": sent["thumbnail"],
        "file": sent["file"],
    }
    assert sent["thumbnail"].startswith(f"evidence/{kept.id}/thumbnail?key=")
    tapped = Buttons(KEY).read(conversation_of(chat), answer.json()["say"])
    assert tapped is not None
    assert tapped.payload == "/give_evidence"
    small, whole = shop.get(sent["thumbnail"]), shop.get(sent["file"])
    assert Image.open(io.BytesIO(small.content)).size == (360, 480)
    assert Image.open(io.BytesIO(whole.content)).size == (480, 640)
    assert shop.delete(chat, kept.id).status_code == 204
    for gone in (sent["thumbnail"], sent["file"]):
        assert shop.get(gone).status_code == 410
    assert shop.delete(chat, kept.id).status_code == 404
    assert shop.stored() == []


@pytest.mark.parametrize(
    ("name", "make", "media_type", "way"),
    [
        ("a.png", files.png, "image/png", "inline"),
        ("a.heic", files.heic, "image/jpeg", "inline"),
        ("a.pdf", lambda: files.pdf(hostile=True), "application/pdf", "attachment"),
        ("a.mov", lambda: files.video("mov"), "video/mp4", "attachment"),
    ],
)
def test_each_kind_is_shown_so_that_it_can_do_nothing(
    shop: Shop, name: str, make: Callable[[], bytes], media_type: str, way: str
) -> None:
    answer = shop.send(shop.chat(), make(), name, type="text/html")
    assert answer.status_code == 201, answer.text
    whole = shop.get(answer.json()["evidence"]["file"])
    assert whole.headers["content-type"] == media_type
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in whole.headers["content-security-policy"]
    assert "default-src 'none'" in whole.headers["content-security-policy"]
    assert whole.headers["content-disposition"].startswith(f"{way}; filename=")
    assert whole.headers["cross-origin-resource-policy"] == "same-origin"
    assert whole.headers["cache-control"] == "no-store"
    assert len(whole.content) == int(whole.headers["content-length"])
    picture = shop.get(answer.json()["evidence"]["thumbnail"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.headers["x-content-type-options"] == "nosniff"


NOT_TAKEN = {
    "a program called a photo": (b"MZ\x90\0" + b"\0" * 900, 415, "I can't use this kind of file"),
    "a web page called a photo": (files.HTML, 415, "JPEG, PNG, WebP or HEIC"),
    "an SVG with a script": (files.SVG, 415, "I can't use this kind of file"),
    "a GIF": (files.GIF, 415, "short videos"),
    "a zip": (b"PK\x03\x04" + b"\0" * 900, 415, "PDF"),
    "nothing": (b"", 400, "This file is empty"),
    "half a photo": (files.jpeg()[:2000], 422, "seems to be damaged"),
    "a bomb": (files.png_bomb(), 422, "million pixels"),
    "a locked PDF": (files.pdf(locked=True), 422, "locked with a password"),
    "a long PDF": (files.pdf(51), 422, "more than 50 pages"),
    "a film nobody plays": (files.video(picture="mpeg4", sound=None), 422, "can't play this video"),
}


@pytest.mark.parametrize("case", NOT_TAKEN.values(), ids=list(NOT_TAKEN))
def test_what_isnt_taken_gets_a_sentence_that_helps(
    shop: Shop, case: tuple[bytes, int, str]
) -> None:
    content, status, told = case
    chat = shop.chat()
    answer = shop.send(chat, content, "photo.jpg")
    assert answer.status_code == status
    assert told in said(answer)
    assert shop.stored() == []
    assert chat.says("hello") == "You said: hello"


@pytest.mark.parametrize("content", files.polyglots().values(), ids=list(files.polyglots()))
def test_a_polyglot_comes_out_as_a_photo_only(shop: Shop, content: bytes) -> None:
    answer = shop.send(shop.chat(), content, "photo.jpg.html")
    assert answer.status_code == 201
    whole = shop.get(answer.json()["evidence"]["file"])
    assert whole.headers["content-type"] == "image/jpeg"
    for told in (b"script", b"<?php", b"PK\x03\x04", b"%PDF"):
        assert told not in whole.content


@pytest.mark.parametrize("size", [30_000_000, 120_000_000])
def test_what_is_far_too_large_is_refused_and_never_kept_in_memory(
    shop: Shop, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    reading = FormReader._take_events

    def counted(self: FormReader, decoder: Any) -> None:
        reads.append(1)
        reading(self, decoder)

    monkeypatch.setattr(FormReader, "_take_events", counted)
    chat = shop.chat()
    answer = shop.send(chat, files.jpeg() + b"\0" * size, "photo.jpg")
    assert answer.status_code == 413
    assert "too large" in said(answer)
    assert reads == []
    assert shop.stored() == []
    assert chat.says("hello") == "You said: hello"


def test_a_photo_that_is_too_large_for_one_is_refused_while_it_comes(shop: Shop) -> None:
    answer = shop.send(shop.chat(), files.jpeg() + b"\0" * 18_000_000)
    assert answer.status_code == 413
    assert "Photos can have up to 15 MB" in said(answer)
    assert shop.stored() == []


def test_a_body_that_doesnt_tell_its_length_is_counted(shop: Shop) -> None:
    chat, begin = shop.chat(), files.jpeg()

    def parts() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + begin
        for _ in range(400):
            yield b"\0" * 100_000

    headers = {
        "Authorization": f"Bearer {chat.token}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = requests.post(f"{shop.url}/evidence", headers=headers, data=parts(), timeout=60)
    assert answer.status_code == 413
    assert shop.stored() == []


BAD_BODIES = {
    "no form": ("application/json", b'{"file": "a"}'),
    "no boundary": ("multipart/form-data", b"--x\r\n\r\n--x--"),
    "a boundary without end": (f"multipart/form-data; boundary={'x' * 300}", b""),
    "nothing": ("multipart/form-data; boundary=x", b""),
    "no file": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\nhi\r\n--x--\r\n',
    ),
    "a file without a name of its field": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; filename="a"\r\n\r\nhi\r\n--x--\r\n',
    ),
    "no headers": ("multipart/form-data; boundary=x", b"--x\r\n\r\nhi\r\n--x--\r\n"),
    "broken headers": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: \xff\xfe\r\n\r\nhi\r\n--x--\r\n",
    ),
    "broken off": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + files.jpeg(),
    ),
    "headers without end": ("multipart/form-data; boundary=x", b"--x\r\nA: " + b"b" * 900_000),
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=list(BAD_BODIES))
def test_what_isnt_a_form_with_a_file_is_asked_for_again(
    shop: Shop, body: tuple[str, bytes]
) -> None:
    chat = shop.chat()
    headers = {"Authorization": f"Bearer {chat.token}", "Content-Type": body[0]}
    answer = requests.post(f"{shop.url}/evidence", headers=headers, data=body[1], timeout=20)
    assert (answer.status_code, "choose a photo" in said(answer)) == (400, True)
    assert shop.stored() == []


def test_a_sender_who_goes_away_leaves_nothing_behind(shop: Shop) -> None:
    chat, parts = shop.chat(), urlsplit(shop.url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(
            f"POST /evidence HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {chat.token}\r\n"
            "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9000000\r\n\r\n"
            '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'.encode()
            + files.jpeg()
        )
        deadline = time.monotonic() + 5
        while not shop.stored() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert shop.stored()
    deadline = time.monotonic() + 5
    while shop.stored() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert shop.stored() == []


@pytest.mark.parametrize("token", ["", "x", "forged.token.here"])
def test_without_a_session_nothing_is_read(shop: Shop, token: str) -> None:
    stranger = SimpleNamespace(token=token)
    for answer in (shop.send(stranger, files.jpeg()), shop.delete(stranger, "f" * 32)):
        assert answer.status_code == 401
        assert said(answer) == say("utter_session_expired")
    assert shop.stored() == []


def test_another_chats_file_cant_be_deleted_and_looks_like_none(shop: Shop) -> None:
    mine, theirs = shop.chat(), shop.chat()
    id_ = shop.send(mine, files.jpeg()).json()["evidence"]["id"]
    answers = [shop.delete(theirs, one) for one in (id_, "f" * 32, "x", "..%2f..%2fsecret_key")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers[:3]}) == 1
    assert len(shop.desk.evidence_of(conversation_of(mine))) == 1


def test_a_file_opens_with_its_own_key_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = shop.chat()
    first = shop.send(chat, files.jpeg()).json()["evidence"]
    second = shop.send(chat, files.png()).json()["evidence"]
    other = EvidenceLinks("another key that is long enough to be one", 12)
    request = shop.file()
    keys = [
        "",
        "x",
        second["file"].partition("key=")[2],
        first["file"].partition("key=")[2][:-1] + "A",
        other.file(first["id"]).partition("key=")[2],
        shop.page(request.number).partition("key=")[2],
        chat.token,
    ]
    for key in keys:
        for step in ("", "/thumbnail"):
            answer = shop.get(f"evidence/{first['id']}{step}?key={key}")
            assert answer.status_code == 410
            assert said(answer).startswith("This file isn't here any more")
    assert shop.get(f"evidence/{first['id']}").status_code == 410
    later = time.time() + timedelta(hours=13).total_seconds()
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)
    assert shop.get(first["file"]).status_code == 410


def test_the_same_photo_twice_is_one(shop: Shop) -> None:
    chat = shop.chat()
    with ThreadPoolExecutor(3) as pool:
        sent = list(pool.map(lambda _: shop.send(chat, files.jpeg()), range(3)))
    assert {answer.status_code for answer in sent} == {201}
    assert len({answer.json()["evidence"]["id"] for answer in sent}) == 1
    assert len(shop.stored()) == 2


def test_a_photo_goes_to_a_request_of_this_chats_buyer_only(shop: Shop) -> None:
    request, chat = shop.file(), shop.chat()
    stranger = shop.send(chat, files.jpeg(), data={"request": request.number})
    assert stranger.status_code == 422
    assert "can't add a file to that request" in said(stranger)
    shop.desk.verify(conversation_of(chat), "50010001", "ana.souza@example.com")
    mine = shop.send(chat, files.jpeg(), data={"request": request.number})
    assert mine.json()["evidence"]["request"] == request.number
    stays = shop.delete(chat, mine.json()["evidence"]["id"])
    assert (stays.status_code, request.number in said(stays)) == (409, True)
    shop.desk.advance(request.number, RequestStatus.REFUSED, "tests")
    late = shop.send(chat, files.png(), data={"request": request.number})
    assert (late.status_code, "has ended" in said(late)) == (422, True)


def test_room_and_pace_are_limited(open_shop: OpenShop) -> None:
    shop = open_shop(evidence_files_per_request=1, evidence_files_per_minute=3)
    chat = shop.chat()
    assert shop.send(chat, files.jpeg()).status_code == 201
    full = shop.send(chat, files.png())
    assert (full.status_code, "All the room for files is taken" in said(full)) == (422, True)
    shop.send(chat, files.png())
    fast = shop.send(shop.chat(), files.png())
    assert fast.status_code == 429
    assert int(fast.headers["Retry-After"]) > 0


@pytest.mark.parametrize("limit", ["_MOST_WAITING", "_MOST_OF_ONE"])
def test_more_at_once_than_can_be_looked_at_are_asked_to_come_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(evidence_routes, limit, 0)
    answer = shop.send(shop.chat(), files.jpeg())
    assert (answer.status_code, "try again in a few minutes" in said(answer)) == (503, True)
    assert shop.stored() == []


def test_files_that_take_long_hold_up_nothing_else(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = shop.chat()
    shown = shop.send(chat, files.png()).json()["evidence"]["thumbnail"]
    release, begun = threading.Event(), threading.Semaphore(0)

    def slowly(*_: Any) -> None:
        begun.release()
        release.wait(20)
        raise Refused(Problem.TOO_HARD)

    monkeypatch.setattr(sandbox, "write_anew", slowly)
    with ThreadPoolExecutor(6) as pool:
        slow = [pool.submit(shop.send, chat, files.jpeg((64 + n, 48))) for n in range(6)]
        for _ in range(4):
            assert begun.acquire(timeout=20)
        # The last two have come, and wait for a thread.
        deadline = time.monotonic() + 20
        while len(shop.stored()) < 2 + 6 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        # The seventh of one address isn't looked at; pictures and replies are there at once.
        assert shop.send(chat, files.webp()).status_code == 503
        before = time.monotonic()
        assert shop.get(shown).status_code == 200
        assert chat.says("hello") == "You said: hello"
        assert time.monotonic() - before < 5
        release.set()
        assert {one.result(30).status_code for one in slow} == {422}
    monkeypatch.undo()
    assert shop.send(chat, files.jpeg()).status_code == 201


def test_malware_and_a_scan_that_doesnt_work_get_sentences(
    open_shop: OpenShop, tmp_path: Path
) -> None:
    scan = tmp_path / "scan"
    scan.write_text('#!/bin/sh\ngrep -q EICAR "$1" && exit 1\ngrep -q OFF "$1" && exit 2\nexit 0\n')
    scan.chmod(0o700)
    shop = open_shop(evidence_scan_command=f"{scan} {{path}}")
    found = shop.send(shop.chat(), files.jpeg() + b"EICAR")
    assert (found.status_code, "virus check" in said(found)) == (422, True)
    off = shop.send(shop.chat(), files.jpeg() + b"OFF")
    assert (off.status_code, "just now" in said(off)) == (503, True)
    assert shop.send(shop.chat(), files.jpeg()).status_code == 201


def test_a_full_disk_gets_a_sentence(open_shop: OpenShop) -> None:
    full = open_shop(evidence_free_mb=10**12)
    answer = full.send(full.chat(), files.jpeg())
    assert (answer.status_code, "try again" in said(answer)) == (503, True)


class FullDisk(io.BytesIO):
    def write(self, data: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fills_up_while_a_file_comes_gets_a_sentence(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = shop.file()
    monkeypatch.setattr(Path, "open", lambda *_: FullDisk())
    answer = shop.send(shop.chat(), files.phone_photo())
    assert (answer.status_code, "try again" in said(answer)) == (503, True)
    on_page = shop.add(request.number, ("a.jpg", files.jpeg()))
    assert on_page.status_code == 422
    assert "can't be checked just now" in words(on_page.text)
    monkeypatch.undo()
    assert shop.stored() == []


def test_a_database_that_is_down_gets_a_sentence(shop: Shop) -> None:
    chat = shop.chat()
    (shop.settings.var_dir / "desk.db").unlink()
    for side in ("-wal", "-shm"):
        (shop.settings.var_dir / f"desk.db{side}").unlink(missing_ok=True)
    (shop.settings.var_dir / "desk.db").mkdir()
    answer = shop.send(chat, files.jpeg())
    assert (answer.status_code, said(answer)) == (503, say("utter_desk_down"))
    assert shop.stored() == []


def test_other_origins_may_send_and_show_small_pictures_only_when_allowed(
    open_shop: OpenShop,
) -> None:
    shop = open_shop(allowed_origins=ORIGIN)
    for path, origin, welcome in (
        ("/evidence", ORIGIN, True),
        (f"/evidence/{'f' * 32}", ORIGIN, True),
        ("/evidence", "https://evil.example", False),
    ):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        asked = requests.options(f"{shop.url}{path}", headers=headers, timeout=10)
        assert ("Access-Control-Allow-Origin" in asked.headers) is welcome
        assert ("DELETE" in asked.headers.get("Access-Control-Allow-Methods", "")) is welcome
    sent = shop.send(shop.chat(), files.jpeg(), headers={"Origin": ORIGIN})
    assert sent.headers["Access-Control-Allow-Origin"] == ORIGIN
    refused = shop.send(shop.chat(), files.GIF, headers={"Origin": ORIGIN})
    assert refused.headers["Access-Control-Allow-Origin"] == ORIGIN
    shown = shop.get(sent.json()["evidence"]["thumbnail"])
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    whole = shop.get(sent.json()["evidence"]["file"])
    assert whole.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in whole.headers


def test_a_name_in_a_header_stays_a_name(shop: Shop) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="'
        + 'a%0d%0aSet-Cookie: x=1"; ü\u202egpj'.encode().replace(b'"', b"%22")
        + b'.html"\r\n\r\n'
        + files.jpeg()
        + b"\r\n--x--\r\n"
    )
    chat = shop.chat()
    headers = {
        "Authorization": f"Bearer {chat.token}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    answer = requests.post(f"{shop.url}/evidence", headers=headers, data=body, timeout=20)
    whole = shop.get(answer.json()["evidence"]["file"])
    assert "Set-Cookie" not in whole.headers
    assert whole.headers["content-disposition"].isascii()
    assert whole.headers["content-disposition"].rstrip("'").endswith(".jpg")


# --- the request's page ---


def test_the_page_shows_what_was_brought_and_takes_more(shop: Shop) -> None:
    chat_file = shop.desk
    (item,) = verified(chat_file)
    sent = files.write(shop.settings.var_dir, files.jpeg())
    kept = shop.desk.keep_evidence(CHAT, "box.jpg", sent)
    request = shop.desk.file(CHAT, filing(item, files=(kept.id,)))
    page = shop.get(shop.page(request.number))
    assert "box.jpg Photo, " in words(page.text)
    assert "sent Monday, 23 November 2026" in words(page.text)
    assert 'alt="Photo: box.jpg"' in page.text
    (small,) = re.findall(r'<img src="(/evidence/[^"]+)"', page.text)
    assert shop.get(html.unescape(small)).headers["content-type"] == "image/jpeg"
    form = re.search(r'<form[^>]*id="add"[^>]*>', page.text)
    assert form is not None
    assert 'enctype="multipart/form-data"' in form[0]
    added = shop.add(request.number, ("invoice.pdf", files.pdf()), ("film.mov", files.video("mov")))
    assert added.status_code == 200  # after a redirect
    assert "added=2" in added.url
    assert "2 files were added" in words(added.text)
    assert "invoice.pdf PDF, 2 pages, " in words(added.text)
    assert "film.mp4 Video, 1 second, " in words(added.text)
    assert 'role="status"' in added.text
    assert [one["actor"] for one in rows(shop.desk, "audit_entries")][-1] == "the request's page"


def test_a_file_that_isnt_taken_doesnt_hold_up_the_others(shop: Shop) -> None:
    request = shop.file()
    answer = shop.add(
        request.number,
        (f"{EVIL}.svg", files.SVG),
        ("good.jpg", files.jpeg()),
        ("large.jpg", files.jpeg() + b"\0" * 16_000_000),
        ("half.png", files.png()[:500]),
    )
    assert answer.status_code == 422
    text = words(answer.text)
    assert "Some files couldn't be added:" in text
    assert "1 file was added" in text
    assert "large.jpg: This photo is too large. Photos can have up to 15 MB" in text
    assert "half.png: This file seems to be damaged" in text
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert [file.name for file in shop.desk.request(request.number).files] == ["good.jpg"]
    assert len(shop.stored()) == 2


def test_an_empty_form_and_one_that_is_too_large_are_told_at_the_form(shop: Shop) -> None:
    request = shop.file()
    browser = requests.Session()
    path, _, query = shop.page(request.number).partition("?")
    url = f"{shop.url}{path}/evidence?{query}"
    empty = browser.post(url, files={"file": ("", b"")}, timeout=20)
    assert empty.status_code == 422
    assert "Please choose a photo, a PDF or a short video first." in words(empty.text)
    large = browser.post(url, files={"file": ("a.jpg", b"\0" * 101_000_000)}, timeout=60)
    assert large.status_code == 422
    assert "too large together" in words(large.text)
    assert shop.stored() == []


def test_another_requests_key_adds_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    first = shop.file()
    second = shop.file(key="key-2")
    for answer in (
        shop.add(first.number, ("a.jpg", files.jpeg()), key_of=second.number),
        requests.post(
            f"{shop.url}/requests/{first.number}/evidence",
            files={"file": ("a.jpg", files.jpeg())},
            timeout=20,
        ),
    ):
        assert answer.status_code == 410
        assert "Show us your order" in words(answer.text)
    later = time.time() + timedelta(hours=13).total_seconds()
    page = shop.page(first.number)
    monkeypatch.setattr(itsdangerous.timed.time, "time", lambda: later)
    path, _, query = page.partition("?")
    late = requests.post(
        f"{shop.url}{path}/evidence?{query}", files={"file": ("a.jpg", files.jpeg())}, timeout=20
    )
    assert late.status_code == 410
    assert shop.desk.request(first.number).files == ()
    assert shop.stored() == []


def test_once_a_request_has_ended_there_is_nothing_to_add(shop: Shop) -> None:
    request = shop.file()
    shop.desk.advance(request.number, RequestStatus.REFUSED, "tests")
    page = shop.get(shop.page(request.number))
    assert 'id="add"' not in page.text
    assert "nothing can be added any more" in words(page.text)
    answer = shop.add(request.number, ("a.jpg", files.jpeg()))
    assert answer.status_code == 422
    assert shop.desk.request(request.number).files == ()


def test_names_are_shown_as_text(shop: Shop) -> None:
    request = shop.file()
    page = shop.add(request.number, (f"{EVIL}.jpg", files.jpeg()))
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "onerror=alert(2)>" not in page.text


@pytest.mark.parametrize("said_added", ["99999", "-1", "<script>", "1.5", "²"])
def test_the_address_cant_put_words_on_the_page(shop: Shop, said_added: str) -> None:
    request = shop.file()
    page = shop.get(f"{shop.page(request.number)}&added={said_added}")
    assert page.status_code == 200
    assert 'class="added"' not in page.text


def test_answers_come_in_order_on_one_connection(shop: Shop) -> None:
    """What is left of a body that was refused is never taken for the next request."""
    chat, parts = shop.chat(), urlsplit(shop.url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    headers = {
        "Authorization": f"Bearer {chat.token}",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    connection.request("POST", "/evidence", body + files.GIF * 90_000, headers)
    first = connection.getresponse()
    assert first.status == 415
    first.read()
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()

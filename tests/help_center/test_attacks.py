"""Hostile buyers against every page, link, mail, document and list that shows what they wrote.

docs/security.md lists what is held here. A new page has to be put into `WALK`: a test compares it
with the server's routes.
"""

from __future__ import annotations

import email
import email.policy
import html
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import requests
from typer.testing import CliRunner

from bot.cli import app
from bot.desk import Desk, Line, RequestStatus, Withdrawing, Writing, migrate
from bot.document_links import DocumentLinks
from bot.evidence_links import EvidenceLinks
from bot.policy.facts import Reason
from bot.request_links import RequestLinks, request_links
from bot.settings import ROOT, Settings
from tests import evidence_files as files
from tests.desk.shop import ANA, CHAT, filing, items, order, pieces, verified
from tests.help_center.fake_assistant import KEY, running, settings_for_tests
from tests.pdf_words import words_of_pdf

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
BEN = "ben@example.com"
MARK = "hOsTiLe"
MARKUP = (
    f'{MARK}"><script>alert(1)</script><img src=x onerror=alert(2)>'
    "</title></textarea><base href=//evil.example><svg/onload=alert(3)>"
)
CONTROL = f"{MARK}\x00\x07\x1b[31mred\x1b]0;title\x07\x9b1m\u202egnp.exe\u2066\u200f\u061c"
HEADER = f"{MARK}\r\nBcc: thief@evil.example\r\nX-Evil: 1\r\n\r\nbody"
TEMPLATE = MARK + " {{7*7}} ${7*7} {order_number} %s %(x)s <%= 7*7 %> [[x]]"
LINK = f"{MARK} javascript:alert(1) data:text/html,x [click](javascript:alert(1))"
LONG = MARK + "x" * 100_000
HOSTILE = {
    "markup": MARKUP,
    "control characters": CONTROL,
    "header lines": HEADER,
    "templates": TEMPLATE,
    "links": LINK,
    "very long": LONG,
}
_ALLOWED_CONTROL = "\n\t\r\f"
_TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def marks_in(text: str) -> set[str]:
    """Control characters and marks that turn the direction, in what somebody reads."""
    return {
        f"U+{ord(c):04X}"
        for c in text
        if c in _TURNING or (unicodedata.category(c) == "Cc" and c not in _ALLOWED_CONTROL)
    }


class _Scan(HTMLParser):
    """Finds what hostile text would have become, had it been taken for markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: set[str] = set()
        self.read: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag in ("base", "iframe", "object", "embed", "frame"):
            self.found.add(f"<{tag}>")
        if tag == "script" and not re.fullmatch(
            r"/(assistant\.js|static/[\w.-]+\.js)(\?[\w=.-]*)?", given.get("src", "")
        ):
            self.found.add("<script> of somebody's")
        for name, value in given.items():
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.found.add(name)
            if name in ("href", "src", "action", "data") and re.match(
                r"\s*(javascript|data|vbscript):|//|https?://evil", value, re.I
            ):
                self.found.add(f"{name}={value[:30]}")
            self.found |= marks_in(value)

    def handle_data(self, data: str) -> None:
        self.read.append(data)
        self.found |= marks_in(data)


def problems_in_page(text: str) -> set[str]:
    """What of hostile text has come to life in a page."""
    scan = _Scan()
    scan.feed(text)
    scan.close()
    return scan.found


@dataclass(eq=False)
class Shop:
    """A help center whose buyer Ana is hostile in every field, and where Ben is another one.

    Attributes:
        url: of the help center.
        hostile: what Ana writes.
        mine: number of Ana's request; `other` is Ben's.
        evidence: id of Ana's file.
        withdrawal: number of her withdrawal, `letter` of her letter, `ticket` of her hand-off.
    """

    url: str
    app: Any
    desk: Desk
    settings: Settings
    hostile: str
    mine: str = ""
    other: str = ""
    evidence: str = ""
    withdrawal: str = ""
    letter: str = ""
    ticket: str = ""

    @property
    def links(self) -> RequestLinks:
        return request_links(self.settings)

    @property
    def documents(self) -> DocumentLinks:
        return DocumentLinks(KEY, 12)

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=30, allow_redirects=False, **more)

    def post(self, path: str, page: requests.Response | None = None, **fields: Any) -> Any:
        """Sends a form, with the token of the page that it stands on."""
        found = re.findall(r'name="token" value="([^"]*)"', page.text) if page else []
        data = {"token": html.unescape(found[0]), **fields} if found else fields
        return requests.post(self.url + path, data=data, timeout=30, allow_redirects=False)

    def session(self) -> str:
        return str(requests.post(f"{self.url}/session", timeout=5).json()["session"])


@pytest.fixture(scope="module", params=list(HOSTILE))
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """A help center where a buyer has written this wherever a buyer can write."""
    hostile = HOSTILE[request.param]
    folder = tmp_path_factory.mktemp("attacks")
    settings = settings_for_tests(
        folder,
        fixed_now=NOW,
        public_url="https://help.shop.example",
        wrong_pairs_per_address=100_000,
        sessions_per_minute=100_000,
        verify_misses_per_hour=100_000,
        shop_api_secret="a_secret_of_the_shop_long_enough",
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    short = hostile[:90]
    anas = order(
        buyer={"email": ANA, "name": hostile[:190]},
        seller=hostile[:190],
        items=[item | {"title": hostile[:290]} for item in items(3)],
        address={"country": "DE", "region": short, "postal_code": hostile[:15]},
        protection_ends_on="2026-12-20",
    )
    bens = order(number="50010002", buyer={"email": BEN, "name": "Ben Frank"})
    desk.import_orders([json.dumps(anas), json.dumps(bens)], "tests")
    with running(settings) as server:
        made = Shop(server.url, server.app, desk, settings, hostile)
        _write_everywhere(made, folder)
        yield made
    desk.close()


def _write_everywhere(shop: Shop, folder: Path) -> None:
    """All that a buyer can have the desk keep."""
    desk, hostile = shop.desk, shop.hostile
    first, second, third = verified(desk)
    file = files.write(folder, files.png((40, 30)), "sent")
    kept = desk.keep_evidence(CHAT, hostile[:5000], file)
    said = (Line("buyer", hostile, NOW), Line("assistant", "I see"))
    link = f"https://example.com/{hostile[:1000]}"
    wanted = pieces(first, 1, "key")
    changed = {"transcript": said, "evidence": (link,), "files": (kept.id,)}
    shop.mine = desk.file(CHAT, type(wanted)(**{**vars(wanted), **changed})).number
    shop.evidence = kept.id
    desk.message_seller(CHAT, "50010001", hostile[:3900], "message")
    desk.rate(CHAT, 1, hostile)
    shop.ticket = desk.hand_off(
        CHAT, hostile, hostile, said, "ticket", order_number="50010001", tried=(hostile,)
    ).ticket
    # The name on the order, since of what is typed as one nothing hostile is taken.
    stated = Withdrawing("50010001", (second,), None, ANA)
    shop.withdrawal = desk.withdraw(CHAT, stated, "withdraw").number
    letter = Writing("50010001", (third,), Reason.ARRIVED_DAMAGED, "repair", words=hostile[:790])
    shop.letter = desk.keep_letter(CHAT, letter, "letter").number
    (bens_item,) = verified(desk, "50010002", BEN, "chat-of-ben")
    shop.other = desk.file("chat-of-ben", filing(bens_item, "ben", "50010002")).number


Answer = requests.Response
WALK: dict[str, Callable[[Shop], list[Answer]]] = {
    "/": lambda shop: [shop.get("/"), shop.get("/?x=" + quote(shop.hostile[:1500]))],
    "/support": lambda shop: [shop.get("/support?order=" + quote(shop.hostile[:1500]))],
    "/check": lambda shop: _check(shop),
    "/rights": lambda shop: [shop.get("/rights?country=" + quote(shop.hostile[:500]))],
    "/rights/<code:str>": lambda shop: [
        shop.get("/rights/" + quote(shop.hostile[:500], safe="")),
        shop.get("/rights/de?x=" + quote(shop.hostile[:500])),
    ],
    "/withdraw": lambda shop: [shop.get("/withdraw?order=" + quote(shop.hostile[:1500]))],
    "/withdraw/order": lambda shop: _withdraw(shop)[:2],
    "/withdraw/contracts": lambda shop: [_withdraw(shop)[2]],
    "/withdraw/statement": lambda shop: [_withdraw(shop)[3]],
    "/withdraw/confirm": lambda shop: [_withdraw(shop)[4]],
    "/requests": lambda shop: _find(shop),
    "/requests/<number:str>": lambda shop: [
        shop.get(shop.links.address(shop.mine)),
        shop.get("/requests/" + quote(shop.hostile[:500], safe="")),
        shop.get(f"/requests/{shop.mine}?key=" + quote(shop.hostile[:500])),
    ],
    "/requests/<number:str>/withdraw": lambda shop: [
        shop.get(shop.links.address(shop.mine).replace("?", "/withdraw?")),
        shop.post(f"/requests/{shop.mine}/withdraw", token=shop.hostile[:1000]),
    ],
    "/requests/<number:str>/evidence": lambda shop: _bring(shop),
    "/requests/<number:str>/label": lambda shop: [
        shop.get(shop.links.address(shop.other).replace("?", "/label?"))
    ],
    "/requests/<number:str>/receipt": lambda shop: [
        shop.get(shop.links.address(shop.mine).replace("?", "/receipt?"))
    ],
    "/documents/<token:str>": lambda shop: [
        shop.get(shop.documents.address(shop.withdrawal)),
        shop.get(shop.documents.address(shop.letter)),
        shop.get("/documents/" + quote(shop.hostile[:500], safe="")),
    ],
    "/evidence/<id_:str>": lambda shop: [
        shop.get(EvidenceLinks(KEY, 12).file(shop.evidence)),
        shop.get("/evidence/" + quote(shop.hostile[:500], safe="")),
    ],
    "/evidence/<id_:str>/thumbnail": lambda shop: [
        shop.get(EvidenceLinks(KEY, 12).thumbnail(shop.evidence))
    ],
    "/notices": lambda shop: [
        shop.get(
            "/notices?after=" + quote(shop.hostile[:500]),
            headers={"Authorization": f"Bearer {shop.session()}"},
        )
    ],
    "/messages": lambda shop: [
        requests.post(
            f"{shop.url}/messages",
            json={"message": shop.hostile},
            headers={"Authorization": f"Bearer {shop.session()}"},
            timeout=10,
        )
    ],
    "/session": lambda shop: [
        requests.post(f"{shop.url}/session", json={"buyer_token": shop.hostile}, timeout=5)
    ],
    "/static/<name:str>": lambda shop: [shop.get("/static/" + quote(shop.hostile[:500], safe=""))],
    "/pictures/<name:str>": lambda shop: [
        shop.get("/pictures/" + quote(shop.hostile[:500], safe="")),
        shop.get("/pictures/..%2fdesk.db"),
    ],
    "/api/requests/<number:str>/status": lambda shop: [
        shop.post("/api/requests/" + quote(shop.hostile[:500], safe="") + "/status")
    ],
    "/api/hand-offs/<ticket:str>/answer": lambda shop: [
        shop.post("/api/hand-offs/" + quote(shop.hostile[:500], safe="") + "/answer")
    ],
    "/evidence": lambda shop: [
        requests.post(
            f"{shop.url}/evidence",
            files={"file": (shop.hostile[:3000].replace("\x00", ""), files.png((40, 30)))},
            headers={"Authorization": f"Bearer {shop.session()}"},
            timeout=30,
        )
    ],
}
"""Path of a route to what a hostile buyer gets there."""
NOTHING_TO_SHOW = {"/health", "/assistant.js"}
ANYBODYS = {"/", "/support", "/rights", "/rights/<code:str>", "/static/<name:str>"}
"""Pages that are the same for everybody, and may be kept."""


def _check(shop: Shop) -> list[Answer]:
    names = re.findall(r'name="(\w+)"', shop.get("/check").text)
    every = "&".join(f"{name}={quote(shop.hostile[:500])}" for name in dict.fromkeys(names))
    return [shop.get("/check"), shop.get(f"/check?{every}")]


@cache
def _withdraw(shop: Shop) -> list[Answer]:
    begin = shop.get("/withdraw")
    hostile = shop.hostile[:4000]
    wrong = shop.post("/withdraw/order", begin, number=hostile, email=hostile)
    right = shop.post("/withdraw/order", begin, number="50010001", email=ANA)
    ids = re.findall(r'name="item" value="(\d+)"', right.text)[:1]
    fields = {"order": "50010001", "item": ids, "email": ANA}
    odd = shop.post("/withdraw/statement", right, **{**fields, "name": hostile, "email": hostile})
    stated = shop.post("/withdraw/statement", right, **fields, name="Ana Souza")
    done = shop.post("/withdraw/confirm", stated)
    again = shop.post("/withdraw/contracts", stated)
    return [wrong, right, again, odd if odd.status_code == 422 else stated, done]


def _bring(shop: Shop) -> list[Answer]:
    address = shop.links.address(shop.mine).replace("?", "/evidence?")
    name = shop.hostile[:3000].replace("\x00", "")
    answers = []
    for field, content in (("file", files.png((50, 30))), ("file", b"MZ not a picture")):
        sent = {field: (name, content)}
        url = shop.url + address
        answers.append(requests.post(url, files=sent, timeout=30, allow_redirects=False))
    shown = shop.links.address(shop.mine) + "&added=" + quote(shop.hostile[:300])
    return [*answers, shop.get(shown)]


def _find(shop: Shop) -> list[Answer]:
    page = shop.get("/requests")
    hostile = shop.hostile[:4000]
    return [
        page,
        shop.post("/requests", page, request=hostile, number=hostile, email=hostile),
        shop.post("/requests", page, request="R-ZZZZZZZZ", number="50010001", email=ANA),
    ]


@pytest.mark.parametrize("path", WALK)
def test_nothing_hostile_comes_to_life_on_any_page(shop: Shop, path: str) -> None:
    for answer in WALK[path](shop):
        assert answer.status_code < 500, answer.text
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        if kind == "text/html":
            assert problems_in_page(answer.text) == set()
            assert "Traceback" not in answer.text
        elif kind == "application/pdf":
            assert marks_in(words_of_pdf(answer.content)) == set()
            assert b"/JavaScript" not in answer.content
        elif kind == "application/json":
            assert set(answer.json()) <= {"messages", "error", "evidence", "say", "after"}
        else:
            assert kind in ("image/jpeg", "image/png", "image/webp", "text/plain", "")
        _check_headers(path, answer)
        for name, value in answer.headers.items():
            assert "evil" not in name.lower(), "a header of the attacker's"
            assert marks_in(value) == set()


def _check_headers(path: str, answer: Answer) -> None:
    """An answer may neither be framed nor kept by others, and leads nowhere else."""
    headers = answer.headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    if path not in ANYBODYS:
        assert re.search("no-store|private", headers["Cache-Control"])
    assert re.match(r"/(?!/)", headers.get("Location", "/")), "leads elsewhere"


def test_the_walk_knows_every_page(shop: Shop) -> None:
    paths = {f"/{route.path}" for route in shop.app.router.routes}
    assert paths - NOTHING_TO_SHOW == set(WALK)


def test_the_tests_that_the_threat_list_names_are_there() -> None:
    docs = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+\.py)`", docs))
    assert named <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(named) > 10


def test_mails_have_no_headers_but_ours(shop: Shop) -> None:
    shop.settings.outbox_dir.mkdir(exist_ok=True)
    shop.desk.deliver_due()
    found = list(shop.settings.outbox_dir.rglob("*.eml"))
    assert len(found) >= 5, "receipts, a ticket, a message, a withdrawal"
    ours = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
    ours |= {"Content-Transfer-Encoding", "Auto-Submitted", "Reply-To", "Content-Language"}
    for path in found:
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert set(mail.keys()) <= ours, path.name
        assert "evil" not in str(mail["To"])
        assert marks_in(str(mail["Subject"])) == set()
        for part in mail.walk():
            if part.get_content_type() == "text/plain":
                assert marks_in(part.get_content()) == set(), path.name
            elif part.get_content_type() == "text/html":
                assert problems_in_page(part.get_content()) == set()


COMMANDS = (
    ("requests", "list"),
    ("requests", "show", "{mine}"),
    ("requests", "list", "--json"),
    ("hand-offs", "list"),
    ("hand-offs", "show", "{ticket}"),
    ("withdrawals", "list"),
    ("withdrawals", "show", "{withdrawal}"),
    ("outbox", "list"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_operators_terminal_shows_text_only(
    shop: Shop, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Colours, titles and moved cursors come from control characters; so do lines that aren't ours.
    monkeypatch.setattr("bot.commands.desk_commands.get_settings", lambda: shop.settings)
    arguments = [part.format(**vars(shop)) for part in command]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0, shown.output
    assert marks_in(shown.output) == set()
    if "outbox" not in command:
        assert any(n in shown.output for n in (shop.mine, shop.ticket, shop.withdrawal))


def test_nothing_hostile_is_logged(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        for visit in WALK.values():
            visit(shop)
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert MARK not in logged
    assert ANA not in logged
    assert marks_in(logged) == set()


# --- what is another's ---


def spoiled(text: str, at: int = -8) -> str:
    """The same with one byte changed."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at:][1:]


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """Ana and Ben with a request each, and nothing hostile in them."""
    folder = tmp_path_factory.mktemp("victim")
    settings = settings_for_tests(
        folder, fixed_now=NOW, sessions_per_minute=100_000, allowed_origins="https://shop.example"
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    bens = order(number="50010002", buyer={"email": BEN, "name": "Ben Frank"}, items=items(3))
    desk.import_orders([json.dumps(order(items=items(3))), json.dumps(bens)], "tests")
    with running(settings) as server:
        made = Shop(server.url, server.app, desk, settings, "nothing")
        _write_everywhere_for(made, folder)
        yield made
    desk.close()


def _write_everywhere_for(shop: Shop, folder: Path) -> None:
    ids = verified(shop.desk)
    kept = shop.desk.keep_evidence(
        CHAT, "crack.png", files.write(folder, files.png((40, 30)), "sent")
    )
    shop.evidence = kept.id
    shop.mine = shop.desk.file(CHAT, filing(ids[0], files=(kept.id,))).number
    stated = Withdrawing("50010001", (ids[1],), "Ana Souza", ANA)
    shop.withdrawal = shop.desk.withdraw(CHAT, stated, "withdraw").number
    bens = verified(shop.desk, "50010002", BEN, "chat-of-ben")
    shop.other = shop.desk.file("chat-of-ben", filing(bens[0], "ben", "50010002")).number


def _anothers(shop: Shop) -> dict[str, str]:
    """Addresses that Ben makes of what he has, to get at what is Ana's."""
    his = shop.links.key(shop.other)
    good = shop.links.address(shop.mine)
    evidence = EvidenceLinks(KEY, 12)
    document = shop.documents.address(shop.withdrawal)
    return {
        "a request without a key": f"/requests/{shop.mine}",
        "a request by another's key": f"/requests/{shop.mine}?key={his}",
        "a request by a spoiled key": spoiled(good),
        "a request by two keys": f"/requests/{shop.mine}?key={his}&key={his}x",
        "a label by another's key": f"/requests/{shop.mine}/label?key={his}",
        "a label by a spoiled key": spoiled(good.replace("?", "/label?")),
        "a receipt by another's key": f"/requests/{shop.mine}/receipt?key={his}",
        "a receipt by a spoiled key": spoiled(good.replace("?", "/receipt?")),
        "a form to take it back by another's key": f"/requests/{shop.mine}/withdraw?key={his}",
        "a file without a key": f"/evidence/{shop.evidence}",
        "a file by a request's key": f"/evidence/{shop.evidence}?key={his}",
        "a file by a spoiled key": spoiled(evidence.file(shop.evidence)),
        "a file by another file's key": evidence.file("0" * 32).replace("0" * 32, shop.evidence),
        "a preview by a spoiled key": spoiled(evidence.thumbnail(shop.evidence)),
        "a file by another server's key": EvidenceLinks("k" * 40, 12).file(shop.evidence),
        "a document without a signature": f"/documents/{shop.withdrawal}",
        "a document by a spoiled signature": spoiled(document),
        "a document by a request's key": f"/documents/{his}",
        "a path upwards": "/static/..%2f..%2fvar%2fdesk.db",
        "a path upwards among files": f"/evidence/..%2f{shop.evidence}",
    }


ANOTHERS = sorted(
    _anothers(
        SimpleNamespace(  # type: ignore[arg-type]
            links=RequestLinks(KEY, hours=1, days=1),
            documents=DocumentLinks(KEY, 1),
            mine="R-22222222",
            other="R-33333333",
            evidence="1" * 32,
            withdrawal="W-22222222",
        )
    )
)


@pytest.mark.parametrize("name", ANOTHERS)
def test_what_is_another_buyers_stays_closed(victim: Shop, name: str) -> None:
    answer = victim.get(_anothers(victim)[name])
    assert answer.status_code in (200, 404, 410)
    if answer.status_code == 200:
        assert "order number" in answer.text.lower(), "the form that asks for the order"
    for secret in ("Thing 1", "Ana Souza", "%PDF", "10115", "crack.png"):
        assert secret not in answer.text
    assert not answer.headers["Content-Type"].startswith(("image/", "application/pdf"))


def test_the_right_links_open_what_the_wrong_ones_dont(victim: Shop) -> None:
    good = victim.links.address(victim.mine)
    assert "Thing 1" in victim.get(good).text
    assert victim.get(good.replace("?", "/label?")).content.startswith(b"%PDF")
    assert victim.get(victim.documents.address(victim.withdrawal)).content.startswith(b"%PDF")
    file = victim.get(EvidenceLinks(KEY, 12).file(victim.evidence))
    assert file.headers["Content-Type"].startswith("image/")


def test_a_session_with_one_byte_changed_is_none(victim: Shop) -> None:
    session = victim.session()
    for at in range(-len(session), -1):
        headers = {"Authorization": f"Bearer {spoiled(session, at)}"}
        body = {"message": "hello"}
        answer = requests.post(f"{victim.url}/messages", json=body, headers=headers, timeout=5)
        assert answer.status_code == 401, f"byte {at}"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "made-up"])
@pytest.mark.parametrize(
    "path", ["/requests", "/withdraw/order", "/withdraw/confirm", "/requests/{mine}/withdraw"]
)
def test_forms_of_other_sites_are_refused_with_the_right_token_too(
    victim: Shop, site: str, path: str
) -> None:
    key = victim.links.address(victim.mine)
    page = victim.get(key.replace("?", "/withdraw?") if "{mine}" in path else "/withdraw")
    found = re.search(r'name="token" value="([^"]*)"', page.text)
    assert found
    data = {"token": html.unescape(found[1]), "number": "50010001", "email": ANA}
    answer = requests.post(
        victim.url + path.format(mine=victim.mine),
        data=data,
        headers={"Sec-Fetch-Site": site, "Origin": "https://evil.example"},
        timeout=10,
    )
    assert answer.status_code == 400
    assert "Thing 1" not in answer.text
    request = victim.desk.request(victim.mine)
    assert request
    assert request.status is not RequestStatus.WITHDRAWN


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "https://shop.example.evil"])
@pytest.mark.parametrize("path", ["/session", "/messages", "/evidence", "/notices", "/requests"])
def test_unknown_origins_may_read_nothing(victim: Shop, origin: str, path: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        requests.options(victim.url + path, headers=asked, timeout=5),
        requests.post(victim.url + path, headers={"Origin": origin}, timeout=5),
        victim.get(path, headers={"Origin": origin}),
    ):
        assert not [n for n in answer.headers if n.lower().startswith("access-control-allow")]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_of_another_site_that_starts_a_chat_learns_nothing_of_it(victim: Shop) -> None:
    # A "simple" request needs no permission to be sent; what it brings can't be read there.
    answer = requests.post(
        f"{victim.url}/session",
        data="{}",
        headers={"Origin": "https://evil.example", "Content-Type": "text/plain"},
        timeout=5,
    )
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1", "a b"])
def test_no_address_is_made_of_the_hosts_name_in_a_request(victim: Shop, host: str) -> None:
    for path in ("/", "/requests", victim.links.address(victim.mine)):
        answer = victim.get(path, headers={"Host": host, "X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in answer.text
        assert "evil.example" not in str(answer.headers)

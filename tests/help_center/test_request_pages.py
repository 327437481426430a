"""The pages of a return request, over HTTP, without JavaScript."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import itsdangerous.timed
import pytest
import requests

from bot.desk import Desk, Filing, FilingItem, RequestStatus, RequestView, Step, migrate
from bot.help_center import limits
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from bot.request_links import RequestLinks, request_links
from bot.settings import Settings
from bot.words import say
from tests.desk.shop import ANA, CHAT, filing, items, order, pieces, rows, verified
from tests.help_center.fake_assistant import running, settings_for_tests
from tests.pdf_words import words_of_pdf

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
NUMBER = "50010001"
BEN = "ben@example.com"
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@dataclass
class Page:
    """A page as a browser without JavaScript has it."""

    url: str
    answer: requests.Response

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def text(self) -> str:
        return html.unescape(self.answer.text)

    @property
    def words(self) -> str:
        """What a buyer reads, on one line."""
        bare = re.sub(r"<(style|script).*?</\1>", " ", self.answer.text, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", bare)).split())

    def hidden(self, name: str) -> str:
        (found,) = re.findall(rf'name="{name}" value="([^"]*)"', self.answer.text)
        return html.unescape(found)

    def link(self, words: str) -> str:
        found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{re.escape(words)}</a>', self.answer.text)
        assert found, f"no link {words!r}"
        return html.unescape(found[1])

    def send(self, path: str, **fields: Any) -> Page:
        data = {"token": self.hidden("token"), **fields}
        return Page(self.url, requests.post(f"{self.url}{path}", data=data, timeout=30))


@dataclass
class Shop:
    """A help center with a desk of its own."""

    url: str
    desk: Desk
    settings: Settings

    @property
    def links(self) -> RequestLinks:
        return request_links(self.settings)

    def file(self, wanted: Filing | None = None) -> RequestView:
        ids = verified(self.desk)
        return self.desk.file(CHAT, wanted or filing(ids[0]))

    def get(self, path: str) -> Page:
        return Page(self.url, requests.get(self.url + path, timeout=30))

    def open(self, number: str) -> Page:
        return self.get(self.links.address(number))

    def prove(self, number: str = "", order_number: str = NUMBER, email: str = ANA) -> Page:
        page = self.get(f"/requests/{number}" if number else "/requests")
        return page.send("/requests", request=number, number=order_number, email=email)


OpenShop = Callable[..., Shop]


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    """Opens help centers on desks with these orders."""
    opened: list[Any] = []

    def open_it(*orders: dict[str, Any], **changes: Any) -> Shop:
        settings = settings_for_tests(
            tmp_path, **{"fixed_now": NOW, "public_url": "https://help.shop.example", **changes}
        )
        migrate(settings.database_url)
        desk = Desk.from_settings(settings)
        desk.import_orders([json.dumps(one) for one in orders or (order(),)], "tests")
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


def test_the_receipts_link_opens_the_whole_request(shop: Shop) -> None:
    request = shop.file()
    mail = rows(shop.desk, "outbox_messages")[0]["body"]
    found = re.search(r"https://help\.shop\.example(/requests/\S+)", mail)
    assert found
    page = shop.get(found[1])
    assert page.status == 200
    for words in (
        f"Return request {request.number}",
        "It's filed, and the parcel is awaited.",
        "1 × Glass jug blender Reason: you changed your mind",
        "Order 50010001, placed on Sunday, 8 November 2026",
        "Seller Lumen Kitchen",
        "Amount €54.90, to: original payment method",
        "You can send it back until Thursday, 3 December 2026, 15 days after you received it. F1",
        "Last day Thursday, 3 December 2026",
        "Request filed Monday, 23 November 2026",
        "Return label issued Monday, 23 November 2026",
        "Parcel sent back to come Parcel received to come Quality control to come Refunded to come",
        "What you brought Nothing yet.",
    ):
        assert words in page.words
    assert "<dd>&lt;" not in page.answer.text, "a word is missing"


def test_each_clause_folds_open_to_its_exact_words(shop: Shop) -> None:
    page = shop.open(shop.file().number)
    folded = re.findall(r"<details>(.*?)</details>", page.text, re.S)
    first = next(one for one in folded if '<span class="number">F1</span>' in one)
    assert "you can return the products within 15 calendar days from receiving" in first


def test_what_comes_next_is_told_as_in_the_chat(shop: Shop) -> None:
    request = shop.file()
    told = say("utter_next_label", label=request.label.number)
    until = say("utter_next_until", last_day="Thursday, 3 December 2026")
    assert f"{told} {until}" in shop.open(request.number).words


def test_the_page_follows_the_request_to_its_end(shop: Shop) -> None:
    request = shop.file()
    shop.desk.advance(request.number, RequestStatus.RECEIVED, "tests")
    page = shop.open(request.number)
    assert "It is at the warehouse and being checked." in page.words
    assert "Parcel received Monday, 23 November 2026 Quality control to come" in page.words
    assert "Parcel sent back" not in page.words, "the desk wasn't told of it"
    assert "Print the label" not in page.words
    assert "Take the request back" not in page.words
    shop.desk.advance(request.number, RequestStatus.REFUNDED, "tests")
    page = shop.open(request.number)
    assert "Refunded Monday, 23 November 2026" in page.words
    assert "to come" not in page.words


def test_what_the_shop_tells_in_between_stands_in_the_requests_way(shop: Shop) -> None:
    request = shop.file()
    shop.desk.advance(request.number, Step.PARCEL_SENT, "tests")
    page = shop.open(request.number)
    assert "Your parcel is on its way to the warehouse." in page.words
    assert "Parcel sent back Monday, 23 November 2026 Parcel received to come" in page.words
    assert say("utter_next_parcel_sent") in page.words
    assert "Print the label" not in page.words, "the parcel is gone"
    shop.desk.advance(request.number, RequestStatus.RECEIVED, "tests")
    shop.desk.advance(request.number, Step.QUALITY_CONTROL, "tests")
    page = shop.open(request.number)
    assert "It has passed the check." in page.words
    assert "Quality control Monday, 23 November 2026 Refunded to come" in page.words


def test_where_nothing_is_sent_back_no_parcel_is_in_its_way(open_shop: OpenShop) -> None:
    shop = open_shop(order(shipment={"status": "lost"}))
    (item,) = verified(shop.desk)
    claim = filing(
        item,
        items=(FilingItem(item, 1, Reason.NOT_ARRIVED),),
        route=RouteId.BUYER_PROTECTION,
        evidence=("https://photos.example/1.jpg?a=1&b=2", "javascript:alert(1)", "<b>mine</b>"),
    )
    page = shop.open(shop.file(claim).number)
    assert "Request filed Monday, 23 November 2026 Seller answers to come Refunded to come" in (
        page.words
    )
    assert 'href="https://photos.example/1.jpg?a=1&amp;b=2"' in page.answer.text
    assert 'href="javascript' not in page.answer.text
    assert "<b>mine" not in page.answer.text


def test_the_label_is_a_pdf_with_the_addresses_and_every_item_of_the_parcel(
    open_shop: OpenShop,
) -> None:
    shop = open_shop(
        order(items=items(4)), return_address="Returns Centre; 10 Warehouse Road ;;Berlin"
    )
    ids = verified(shop.desk)
    filed = [shop.desk.file(CHAT, filing(id_, f"key-{id_}")) for id_ in ids]
    assert filed[3].label.shared
    link = shop.open(filed[3].number).link("Print the label (PDF)")
    answer = shop.get(link).answer
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    words = words_of_pdf(answer.content)
    assert "From Ana Souza ______________________________ 10115 Berlin Germany" in words
    assert "To Returns Centre 10 Warehouse Road Berlin" in words
    assert filed[3].label.number in words
    for request in (filed[2], filed[3]):
        assert f"Request {request.number} • 1 × {request.items[0].title}" in words
    assert filed[0].number not in words, "it has a label of its own"
    assert "Put everything on this form into one parcel" in words
    assert "send everything in one parcel" in shop.open(filed[3].number).words


def test_the_receipt_is_a_pdf_of_what_was_filed_and_why(open_shop: OpenShop) -> None:
    hostile = "Blender\n# Title\n| Amount | 9"
    shop = open_shop(order(items=items(1, title=hostile)))
    request = shop.file()
    answer = shop.get(shop.open(request.number).link("Save the receipt (PDF)")).answer
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{request.number}.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    words = words_of_pdf(answer.content)
    for told in (
        f"Request {request.number}",
        "Order 50010001, placed on Sunday, 8 November 2026",
        "1 × Blender # Title | Amount | 9: you changed your mind",
        "Way Free Return",
        "Last day Thursday, 3 December 2026",
        f"Pre-paid return label {request.label.number}",
        "within 15 calendar days from receiving the item(s)",
    ):
        assert told in words, words
    assert "key=" not in words


def test_a_receipt_opens_with_its_own_requests_key_alone(shop: Shop) -> None:
    request = shop.file()
    for key in ("", "forged", shop.links.key("R-ZZZZZZZZ")):
        answer = shop.get(f"/requests/{request.number}/receipt?key={key}").answer
        assert b"%PDF" not in answer.content
        assert answer.status_code in (200, 410)
    gone = shop.get(f"/requests/R-ZZZZZZZZ/receipt?key={shop.links.key('R-ZZZZZZZZ')}").answer
    assert (gone.status_code, b"%PDF" in gone.content) == (410, False)


def test_a_shop_without_a_return_address_says_so_on_the_label(shop: Shop) -> None:
    link = shop.open(shop.file().number).link("Print the label (PDF)")
    words = words_of_pdf(shop.get(link).answer.content)
    assert "The shop hasn't set the address of its warehouse here yet" in words
    assert "support@example.com" in words


def test_a_label_is_gone_once_the_parcel_is_there(shop: Shop) -> None:
    request = shop.file()
    link = shop.open(request.number).link("Print the label (PDF)")
    shop.desk.advance(request.number, RequestStatus.RECEIVED, "tests")
    page = shop.get(link)
    assert b"%PDF" not in page.answer.content
    assert "being checked" in page.words


def test_a_request_is_taken_back_after_a_confirmation_only(shop: Shop) -> None:
    request = shop.file()
    ask = shop.get(shop.open(request.number).link("Take the request back"))
    assert "Take this request back?" in ask.words
    assert "stays counted for its month (F10)" in ask.words
    assert shop.desk.request(request.number).status is RequestStatus.SUBMITTED
    done = ask.send(f"/requests/{request.number}/withdraw")
    assert done.status == 200
    assert "You took it back." in done.words
    assert "Taken back by you Monday, 23 November 2026" in done.words
    assert shop.desk.request(request.number).status is RequestStatus.WITHDRAWN
    again = ask.send(f"/requests/{request.number}/withdraw")
    assert "You took it back." in again.words
    subjects = [row["subject"] for row in rows(shop.desk, "outbox_messages")]
    assert [one for one in subjects if "is withdrawn" in one] == [subjects[-1]]
    audited = [row["actor"] for row in rows(shop.desk, "audit_entries")][-1]
    assert audited == "the request's page"


def test_what_has_gone_too_far_is_not_taken_back(shop: Shop) -> None:
    request = shop.file()
    ask = shop.get(shop.open(request.number).link("Take the request back"))
    shop.desk.advance(request.number, RequestStatus.RECEIVED, "tests")
    refused = ask.send(f"/requests/{request.number}/withdraw")
    assert refused.status == 409
    assert "can't be taken back any more" in refused.words
    assert "at the warehouse" in refused.words
    assert shop.desk.request(request.number).status is RequestStatus.RECEIVED


def test_order_number_and_email_open_the_page_too(shop: Shop) -> None:
    request = shop.file()
    page = shop.prove(request.number)
    assert page.status == 200
    assert page.answer.history[0].status_code == 303
    assert f"Return request {request.number}" in page.words
    assert f"Return request {request.number}" in shop.prove().words, "the order's only one"


def test_of_several_requests_one_is_chosen(open_shop: OpenShop) -> None:
    shop = open_shop(order(items=items(2)))
    ids = verified(shop.desk)
    filed = [shop.desk.file(CHAT, pieces(id_, 1, f"key-{id_}")) for id_ in ids]
    page = shop.prove()
    for request in filed:
        shown = shop.get(page.link(request.number))
        assert f"1 × {request.items[0].title}" in shown.words


def test_an_order_without_a_request_leaves_a_way_on(shop: Shop) -> None:
    page = shop.prove()
    assert "There is no return request under this order yet" in page.words
    assert 'data-order="50010001"' in page.answer.text
    assert "Start a chat" in page.words
    assert page.link("Talk to a person") == "/support"


def test_another_buyers_request_stays_closed(open_shop: OpenShop) -> None:
    other = order(number="50010002", buyer={"email": BEN, "name": "Ben Frank"})
    shop = open_shop(order(), other)
    request = shop.file()
    for page in (
        shop.prove(request.number, "50010002", BEN),
        shop.prove(request.number, "50010002", ANA),
        shop.prove(request.number, NUMBER, BEN),
    ):
        assert "Glass jug blender" not in page.words
        assert "Ana" not in page.words
        assert request.number not in page.answer.url
    nobodys = shop.prove("R-ZZZZZZZZ", "50010002", BEN)
    anas = shop.prove(request.number, "50010002", BEN)
    assert nobodys.words == anas.words, "it can't be told whether a request exists"


def test_a_key_opens_its_own_request_only(open_shop: OpenShop) -> None:
    shop = open_shop(order(items=items(2)))
    ids = verified(shop.desk)
    mine, other = [shop.desk.file(CHAT, pieces(id_, 1, f"key-{id_}")) for id_ in ids]
    key = shop.links.key(mine.number)
    for path in ("", "/label", "/withdraw"):
        page = shop.get(f"/requests/{other.number}{path}?key={key}")
        assert page.status == 410
        assert "Thing" not in page.words
    ask = shop.get(shop.links.address(mine.number).replace("?", "/withdraw?"))
    ask.send(f"/requests/{other.number}/withdraw")
    assert shop.desk.request(other.number).status is RequestStatus.SUBMITTED


FORGED: dict[str, Callable[[str], str]] = {
    "none": lambda key: "",
    "words": lambda key: "let-me-in",
    "changed": lambda key: key[:-5] + ("A" if key[-5] != "A" else "B") + key[-4:],
    "cut": lambda key: key.rpartition(".")[0],
    "other key": lambda key: RequestLinks(
        "another key that is long enough too", hours=9, days=9
    ).key("R-11111111"),
    "not ours": lambda key: "e30.aaaa.bbbb",
    "long": lambda key: key * 20,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=list(FORGED))
def test_a_forged_link_opens_nothing(shop: Shop, forge: Callable[[str], str]) -> None:
    request = shop.file()
    key = forge(shop.links.key(request.number))
    for path in ("", "/label", "/withdraw"):
        page = shop.get(f"/requests/{request.number}{path}?key={key}")
        assert page.status == (410 if key else 200)
        assert "Find my request" in page.words
        assert "Glass jug blender" not in page.words


def test_links_expire_and_a_mails_later_than_a_pages(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = shop.file()
    page_link = shop.links.address(request.number)
    mail_link = shop.links.in_mail(request.number).removeprefix("https://help.shop.example")
    made_at = itsdangerous.timed.TimestampSigner.get_timestamp
    for days, opened in ((0.4, (True, True)), (1, (False, True)), (181, (False, False))):
        monkeypatch.setattr(
            itsdangerous.timed.TimestampSigner,
            "get_timestamp",
            lambda self, days=days: made_at(self) + int(days * 86400),
        )
        for link, is_open in zip((page_link, mail_link), opened, strict=True):
            page = shop.get(link)
            assert (page.status, "Glass jug" in page.words) == (
                (200, True) if is_open else (410, False)
            )


def test_without_a_public_address_a_receipt_has_no_link(open_shop: OpenShop) -> None:
    shop = open_shop(public_url="")
    shop.file()
    body = rows(shop.desk, "outbox_messages")[0]["body"]
    assert "/requests/" not in body
    assert "PAGE" not in body


def test_a_form_of_another_site_takes_nothing_back(shop: Shop) -> None:
    request = shop.file()
    for token in (
        "",
        "forged",
        shop.links.key(request.number),
        shop.get("/requests").hidden("token"),
    ):
        answer = requests.post(
            f"{shop.url}/requests/{request.number}/withdraw", data={"token": token}, timeout=10
        )
        assert answer.status_code == 410
    assert shop.desk.request(request.number).status is RequestStatus.SUBMITTED


def test_nobody_is_told_which_half_was_wrong(shop: Shop) -> None:
    request = shop.file()
    answers = [
        shop.prove(request.number, NUMBER, "mallory@example.com"),
        shop.prove(request.number, "99999999", ANA),
        shop.prove("R-ZZZZZZZZ", "99999999", "mallory@example.com"),
    ]
    bare = [re.sub(r'value="[^"]*"|R-\w+', "", page.answer.text) for page in answers]
    assert bare[0] == bare[1] == bare[2]
    assert {page.status for page in answers} == {422}
    assert say("utter_order_not_matched") in answers[0].words


def test_a_thousand_guesses_get_slow_and_are_then_refused(
    open_shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = open_shop(sessions_per_minute=10_000, verify_misses_per_hour=1000)
    request = shop.file()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.help_center.forms.asyncio", SimpleNamespace(sleep=sleep))
    begun = shop.get("/requests")
    tokens = [shop.get("/requests").hidden("token") for _ in range(5)]
    session = requests.Session()

    def guess(n: int) -> tuple[int, str]:
        data = {"token": tokens[n % 5], "request": request.number}
        data |= {"number": NUMBER, "email": f"guess{n}@example.com"}
        answer = session.post(f"{shop.url}/requests", data=data, timeout=30)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(1000)))
    counts = {status: sum(s == status for s, _ in answers) for status in (422, 429)}
    assert counts == {422: 20, 429: 980}
    assert waits == sorted(waits)
    assert waits[: limits.FREE_GUESSES + 2] == [0, 0, 0, 0.25, 0.5]
    assert waits[-1] == limits.SLOWEST_SECONDS
    assert not any("Glass jug" in text for _, text in answers)
    refused = begun.send("/requests", number=NUMBER, email=ANA)
    assert (refused.status, int(refused.answer.headers["Retry-After"]) > 3000) == (429, True)
    elsewhere = shop.get("/withdraw").send("/withdraw/order", number=NUMBER, email=ANA)
    assert elsewhere.status == 429, "another page buys no new guesses"


def test_right_pairs_never_slow_anybody_down(open_shop: OpenShop) -> None:
    shop = open_shop(wrong_pairs_per_address=2)
    request = shop.file()
    assert [shop.prove(request.number).status for _ in range(5)] == [200] * 5
    assert [shop.prove(email="x@example.com").status for _ in range(3)] == [422, 422, 429]


def test_the_hour_of_misses_ends() -> None:
    now = [0.0]
    misses = limits.Misses(2, lambda: now[0])
    assert [misses.count("a"), misses.count("a")] == [0, 0]
    assert misses.refused("a") == 3600
    assert misses.refused("b") == 0
    now[0] = 3599
    assert misses.refused("a") == 1
    now[0] = 3600
    assert misses.refused("a") == 0


def test_whatever_a_buyer_or_a_seller_writes_is_shown_as_text(open_shop: OpenShop) -> None:
    evil = order(
        seller=EVIL,
        buyer={"email": ANA, "name": EVIL},
        items=[{**items(1)[0], "title": EVIL}],
        address={"country": "DE", "region": EVIL[:100], "postal_code": "<b>10115</b>"},
    )
    shop = open_shop(evil)
    (item,) = verified(shop.desk)
    request = shop.file(filing(item, evidence=(EVIL, "https://x.example/" + EVIL)))
    shown = shop.open(request.number)
    ask = shop.get(shown.link("Take the request back"))
    find = shop.get("/requests").send("/requests", request=EVIL, number=EVIL, email=EVIL)
    chosen = shop.prove("R-ZZZZZZZZ")
    for page in (shown, ask, find, chosen, shop.get("/requests/%3Cscript%3Ealert(1)")):
        assert not re.search(
            r"<script>|<img src=x|<b>101| onerror=alert\(2\)>(?!&)", page.answer.text
        )
    assert EVIL in shown.text
    label = shop.get(shown.link("Print the label (PDF)")).answer.content
    assert "<script>alert(1)" in words_of_pdf(label)


@pytest.mark.parametrize("step", ["find", "shown", "withdraw"])
def test_pages_are_kept_nowhere_and_have_nothing_inline(shop: Shop, step: str) -> None:
    link = shop.links.address(shop.file().number)
    paths = {"find": "/requests", "shown": link, "withdraw": link.replace("?", "/withdraw?")}
    answer = shop.get(paths[step]).answer
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action 'self'" in policy
    assert "'unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer", "the key stands in the address"
    assert "Set-Cookie" not in answer.headers
    assert not re.search(r"<style|<script(?! src=./assistant.js)|\sstyle=|\son\w+=", answer.text)
    ids = re.findall(r' id="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    levels = [int(level) for level in re.findall(r"<h(\d)", answer.text)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_desk_that_is_down_says_so_on_a_page(shop: Shop) -> None:
    link = shop.links.address(shop.file().number)
    with shop.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql("ALTER TABLE orders RENAME TO away")
    page = shop.get(link)
    assert page.status == 503
    assert say("utter_desk_down") in page.words


def test_an_empty_form_names_the_fields_and_counts_no_guess(open_shop: OpenShop) -> None:
    shop = open_shop(wrong_pairs_per_address=1)
    for _ in range(3):
        page = shop.prove(order_number="", email=" ")
        assert page.status == 422
    assert 'aria-describedby="number-hint number-problem" aria-invalid="true"' in page.text
    assert shop.prove().status == 200

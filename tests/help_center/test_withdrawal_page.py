"""The withdrawal function on the help page, over HTTP, without JavaScript."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from bot.desk import Desk, migrate
from bot.document_links import DocumentLinks
from bot.words import say
from tests.desk.shop import ANA, items, order, rows
from tests.help_center.fake_assistant import KEY, running, settings_for_tests
from tests.pdf_words import words_of_pdf

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
NUMBER = "50010001"


@dataclass
class Page:
    """A page as a browser without JavaScript has it."""

    url: str
    answer: requests.Response

    @property
    def text(self) -> str:
        return html.unescape(self.answer.text)

    def hidden(self, name: str, form: int = 0) -> str:
        found = re.findall(rf'name="{name}" value="([^"]*)"', self.answer.text)
        return html.unescape(found[form])

    def send(self, path: str, **fields: Any) -> Page:
        """Sends a form with the page's own token."""
        data = {"token": self.hidden("token"), **fields}
        return Page(self.url, requests.post(f"{self.url}{path}", data=data, timeout=10))


@dataclass
class Shop:
    """A help center with a desk of its own."""

    url: str
    desk: Desk

    def begin(self) -> Page:
        return Page(self.url, requests.get(f"{self.url}/withdraw", timeout=10))

    def contracts(self, number: str = NUMBER, email: str = ANA) -> Page:
        return self.begin().send("/withdraw/order", number=number, email=email)

    def statement(self, **changes: Any) -> Page:
        page = self.contracts()
        ids = re.findall(r'name="item" value="(\d+)"', page.answer.text)
        fields = {"order": NUMBER, "item": ids, "name": "Ana Souza", "email": ANA, **changes}
        return page.send("/withdraw/statement", **fields)


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """Opens help centers on desks with these orders."""
    opened: list[Any] = []

    def open_it(*orders: dict[str, Any], **changes: Any) -> Shop:
        settings = settings_for_tests(tmp_path, fixed_now=NOW, **changes)
        migrate(settings.database_url)
        desk = Desk.from_settings(settings)
        desk.import_orders([json.dumps(one) for one in orders or (order(),)], "tests")
        server = running(settings)
        address: SimpleNamespace = server.__enter__()
        opened.append((server, desk))
        return Shop(address.url, desk)

    yield open_it
    for server, desk in opened:
        server.__exit__(None, None, None)
        desk.close()


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    return open_shop()


def test_from_the_help_page_to_the_stored_pdf_without_javascript(shop: Shop) -> None:
    first = requests.get(shop.url, timeout=10).text
    assert first.count('href="/withdraw"') == 2
    contracts = shop.contracts()
    assert "until Wednesday, 2 December 2026" in contracts.text
    assert "<legend>Goods</legend>" in contracts.text
    assert "2 × Glass jug blender" in contracts.text
    assert 'value="Ana Souza"' in contracts.text
    assert f'value="{ANA}"' in contracts.text
    statement = shop.statement()
    assert "I, Ana Souza, withdraw" in statement.text
    assert rows(shop.desk, "withdrawals") == []
    done = statement.send("/withdraw/confirm")
    (row,) = rows(shop.desk, "withdrawals")
    assert row["number"] in done.text
    assert "Monday, 23 November 2026, 11:00:00 (Europe/Berlin, UTC+01:00)" in done.text
    assert "by Monday, 7 December 2026" in done.text
    assert "https://eur-lex.europa.eu/" in done.text
    link = re.search(r'href="(/documents/[^"]+)"', done.answer.text)
    assert link
    pdf = requests.get(shop.url + link[1], timeout=10)
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert "I, Ana Souza, withdraw" in words_of_pdf(pdf.content)
    assert pdf.content == shop.desk.document(row["number"]).content


def test_confirming_twice_withdraws_once(shop: Shop) -> None:
    statement = shop.statement()
    pages = [statement.send("/withdraw/confirm") for _ in range(2)]
    (row,) = rows(shop.desk, "withdrawals")
    assert all(row["number"] in page.text for page in pages)


def test_nobody_is_told_which_half_was_wrong(shop: Shop) -> None:
    wrong_email = shop.contracts(email="mallory@example.com")
    wrong_number = shop.contracts(number="99999999")
    for page in (wrong_email, wrong_number):
        assert page.answer.status_code == 422
        assert say("utter_order_not_matched") in page.text
        assert "aria-invalid" not in page.text
        assert "Glass jug blender" not in page.text
    bare = [re.sub(r'value="[^"]*"', "", p.answer.text) for p in (wrong_email, wrong_number)]
    assert bare[0] == bare[1]


def test_guesses_are_counted_across_pages_as_in_the_chat(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(verify_misses_per_hour=2)
    for n in range(2):
        shop.contracts(email=f"guess{n}@example.com")
    page = shop.contracts()
    assert say("utter_too_many_misses") in page.text
    assert "Glass jug blender" not in page.text


def test_one_page_takes_no_more_guesses_than_one_chat(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(verify_attempts=1)
    page = shop.contracts(email="mallory@example.com")
    again = page.send("/withdraw/order", number=NUMBER, email=ANA)
    assert say("utter_too_many_misses") in again.text


def test_an_empty_form_names_the_fields_that_it_lacks(shop: Shop) -> None:
    page = shop.begin().send("/withdraw/order", number="", email=" ")
    assert page.answer.status_code == 422
    for name in ("number", "email"):
        assert f'href="#{name}"' in page.answer.text
        assert f'aria-describedby="{name}-hint {name}-problem" aria-invalid="true"' in page.text
    assert 'role="alert"' in page.answer.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Win at https://evil.example"}, "utter_withdraw_name_unclear"),
        ({"name": ""}, "utter_withdraw_name_unclear"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "utter_withdraw_email_unclear"),
        ({"email": ""}, "utter_withdraw_email_unclear"),
    ],
)
def test_what_cant_be_used_is_asked_again_and_the_rest_kept(
    shop: Shop, changes: dict[str, str], sentence: str
) -> None:
    page = shop.statement(**changes)
    assert page.answer.status_code == 422
    assert say(sentence) in page.text
    assert 'aria-invalid="true"' in page.answer.text
    assert 'value="Ana Souza"' in page.text or "name" in changes
    assert rows(shop.desk, "withdrawals") == []


def test_no_goods_chosen_is_asked_again(shop: Shop) -> None:
    page = shop.statement(item=[])
    assert page.answer.status_code == 422
    assert "Please choose at least one of the goods" in page.text


def test_some_of_the_goods_and_another_name_and_address(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(order(items=items(2)))
    ids = re.findall(r'name="item" value="(\d+)"', shop.contracts().answer.text)
    page = shop.statement(item=ids[1:], name="Łukasz Żółć", email="lukasz@example.org")
    assert "I, Łukasz Żółć, withdraw" in page.text
    back = page.send("/withdraw/contracts")
    boxes = re.findall(r'name="item" value="(\d+)"( checked)?', back.answer.text)
    assert boxes == [(ids[0], ""), (ids[1], " checked")]
    assert 'value="Łukasz Żółć"' in back.text
    done = page.send("/withdraw/confirm")
    assert "lukasz@example.org" in done.text
    assert {row["recipient"] for row in rows(shop.desk, "outbox_messages")} == {
        ANA,
        "lukasz@example.org",
        "support@example.com",
    }


def test_a_late_withdrawal_is_taken_and_answered_with_the_law(
    open_shop: Callable[..., Shop],
) -> None:
    late = {"status": "delivered", "delivered_on": "2026-10-20"}
    shop = open_shop(order(placed_on="2026-10-01", shipment=late))
    statement = shop.statement()
    assert "By our dates the period ended on Tuesday, 3 November 2026" in statement.text
    done = statement.send("/withdraw/confirm")
    assert "We have recorded your statement" in done.text
    (row,) = rows(shop.desk, "withdrawals")
    assert row["verdict"] == "late"


def test_a_brazilian_regrets_on_the_page_at_no_cost(open_shop: Callable[..., Shop]) -> None:
    came = {"status": "delivered", "delivered_on": "2026-11-20"}
    shop = open_shop(order(address={"country": "BR", "region": "SP"}, shipment=came))
    done = shop.statement().send("/withdraw/confirm")
    assert "It costs you nothing" in done.text
    assert "https://www.planalto.gov.br/" in done.text


@pytest.mark.parametrize("path", ["order", "contracts", "statement", "confirm"])
@pytest.mark.parametrize("token", ["", "forged", "e30.aaaa.bbbb"])
def test_a_form_of_another_site_does_nothing(shop: Shop, path: str, token: str) -> None:
    data = {"token": token, "number": NUMBER, "email": ANA, "order": NUMBER}
    answer = requests.post(f"{shop.url}/withdraw/{path}", data=data, timeout=10)
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert rows(shop.desk, "withdrawals") == []


def test_a_token_of_an_earlier_step_confirms_nothing(shop: Shop) -> None:
    assert shop.contracts().send("/withdraw/confirm").answer.status_code == 410
    assert rows(shop.desk, "withdrawals") == []


def test_a_page_that_has_proved_nothing_sees_nothing(shop: Shop) -> None:
    page = shop.begin().send("/withdraw/statement", order=NUMBER, item=["1"], name="Ana", email=ANA)
    assert page.answer.status_code == 410
    assert "Glass jug blender" not in page.text


def test_the_confirmations_link_cant_be_guessed_and_ends(shop: Shop) -> None:
    shop.statement().send("/withdraw/confirm")
    number = rows(shop.desk, "withdrawals")[0]["number"]
    good = DocumentLinks(KEY, 12).address(number)
    assert requests.get(shop.url + good, timeout=10).status_code == 200
    for bad in (
        f"/documents/{number}",
        good.rpartition(".")[0] + "." + good.rpartition(".")[2][::-1],
        DocumentLinks("another key that is long enough too", 12).address(number),
        DocumentLinks(KEY, 12).address("W-NOTHING1"),
    ):
        answer = requests.get(shop.url + bad, timeout=10)
        assert answer.status_code == 410
        assert b"%PDF" not in answer.content


def test_what_a_buyer_writes_is_shown_as_text(shop: Shop) -> None:
    page = shop.contracts(number='"><script>alert(1)</script>', email="<b>@example.com")
    assert "<script>alert" not in page.answer.text
    assert "<b>@" not in page.answer.text


@pytest.mark.parametrize("step", ["begin", "contracts", "statement"])
def test_every_step_is_kept_nowhere_and_may_send_forms_to_itself_only(
    shop: Shop, step: str
) -> None:
    headers = getattr(shop, step)().answer.headers
    policy = headers["Content-Security-Policy"]
    assert "form-action 'self'" in policy
    assert "script-src 'self'" in policy
    assert "'unsafe" not in policy
    assert headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("step", ["begin", "contracts", "statement"])
def test_every_field_has_a_label_and_nothing_is_inline(shop: Shop, step: str) -> None:
    page = getattr(shop, step)().answer.text
    shown = re.findall(r'<input (?!type="hidden")[^>]*id="([^"]+)"', page)
    assert all(f'<label for="{id_}">' in page for id_ in shown)
    assert len(set(re.findall(r' id="([^"]+)"', page))) == len(re.findall(r' id="([^"]+)"', page))
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", page)


def test_a_body_that_is_no_form_gets_a_page(shop: Shop) -> None:
    for body in (b"x" * 50_000, b"\xff\xfe=1", b"&".join(b"a=1" for _ in range(400))):
        answer = requests.post(f"{shop.url}/withdraw/order", data=body, timeout=10)
        assert answer.status_code in (400, 410)
        assert answer.headers["Content-Type"].startswith("text/html")


def test_a_desk_that_is_down_says_so_on_a_page(shop: Shop) -> None:
    statement = shop.statement()
    with shop.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql("ALTER TABLE orders RENAME TO away")
    page = statement.send("/withdraw/confirm")
    assert page.answer.status_code == 503
    assert say("utter_desk_down") in page.text
    with shop.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql("ALTER TABLE away RENAME TO orders")
    assert "W-" in statement.send("/withdraw/confirm").text


def test_too_many_forms_from_one_network_wait(open_shop: Callable[..., Shop]) -> None:
    shop = open_shop(sessions_per_minute=2)
    begun = shop.begin()
    sent = [begun.send("/withdraw/order", number="1", email="a@b.cd") for _ in range(3)]
    assert [page.answer.status_code for page in sent] == [422, 422, 429]

"""A return request's page in a real browser with JavaScript switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.desk import Desk, migrate
from bot.request_links import RequestLinks, request_links
from tests.browser.test_withdrawal import fits
from tests.desk.shop import ANA, CHAT, filing, order, verified
from tests.help_center.fake_assistant import running, settings_for_tests

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)


@dataclass
class Shop:
    """A help center at a desk with one request."""

    url: str
    request: str
    links: RequestLinks


@pytest.fixture
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    settings = settings_for_tests(
        tmp_path_factory.mktemp("requests"), fixed_now=NOW, sessions_per_minute=1000
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    desk.import_orders([json.dumps(order())], "tests")
    number = desk.file(CHAT, filing(verified(desk)[0])).number
    with running(settings) as server:
        yield Shop(str(server.url), number, request_links(settings))
    desk.close()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's page without JavaScript, in both colour schemes."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        color_scheme=request.param,
        java_script_enabled=False,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_a_buyer_follows_a_request_and_takes_it_back_on_a_phone(page: Page, shop: Shop) -> None:
    page.goto(shop.url)
    page.get_by_role("link", name="Your return request").click()
    page.get_by_label("Order number").fill("50010001")
    page.get_by_label("E-mail address of the order").fill("wrong@example.com")
    page.get_by_role("button", name="Find my request").click()
    expect(page.get_by_role("alert")).to_contain_text("couldn't find an order")
    fits(page)
    page.get_by_label("E-mail address of the order").fill(ANA)
    page.get_by_role("button", name="Find my request").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Return request {shop.request}")
    quote = page.get_by_text("you can return the products within 15 calendar days")
    expect(quote).to_be_hidden()
    page.get_by_text("Free Return within 15 days").click()
    expect(quote).to_be_visible()
    fits(page)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Return request {shop.request}")
    page.get_by_role("link", name="Take the request back").click()
    fits(page)
    page.get_by_role("link", name="Keep the request").click()
    page.get_by_role("link", name="Take the request back").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("You took it back.")).to_be_visible()
    expect(page.get_by_role("link", name="Print the label (PDF)")).to_have_count(0)
    fits(page)


def test_on_paper_the_rules_stand_open_and_what_cant_be_clicked_is_left_out(
    watched_page: Page, shop: Shop
) -> None:
    watched_page.goto(shop.url + shop.links.address(shop.request))
    quote = watched_page.get_by_text("you can return the products within 15 calendar days")
    height = "element => element.getBoundingClientRect().height"
    assert quote.evaluate(height) == 0
    watched_page.emulate_media(media="print")
    assert quote.evaluate(height) > 0
    expect(watched_page.get_by_role("link", name="Back to the help page")).to_be_hidden()
    expect(watched_page.get_by_role("heading", level=1)).to_be_visible()


def test_talking_about_it_opens_the_chat(watched_page: Page, shop: Shop) -> None:
    watched_page.goto(shop.url + shop.links.address(shop.request))
    watched_page.get_by_role("button", name="Start a chat").click()
    expect(watched_page.get_by_role("dialog")).to_be_visible()
    expect(watched_page.get_by_role("button", name="It's about order 50010001")).to_be_visible()

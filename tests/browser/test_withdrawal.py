"""The withdrawal function in a real browser with JavaScript switched off."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.desk import Desk, migrate
from tests.browser.test_help_page import WEAK_TEXT
from tests.desk.shop import ANA, items, order
from tests.help_center.fake_assistant import running, settings_for_tests
from tests.pdf_words import words_of_pdf

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def shop_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A help center at a desk with one order of two items."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("withdrawal"), fixed_now=NOW, sessions_per_minute=1000
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    desk.import_orders([json.dumps(order(items=items(2)))], "tests")
    with running(settings) as server:
        yield str(server.url)
    desk.close()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's page without JavaScript, in both colour schemes."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740},
        color_scheme=request.param,
        java_script_enabled=False,
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def fits(page: Page) -> None:
    """Nothing is wider than the window, and all text stands out from its background."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.evaluate(WEAK_TEXT) == []


def test_a_buyer_withdraws_on_a_phone_without_javascript(
    page: Page, shop_url: str, tmp_path: Path
) -> None:
    page.goto(shop_url)
    page.get_by_role("link", name="Withdraw from contract here").first.click()
    fits(page)
    page.get_by_label("Order number").fill("50010001")
    page.get_by_label("E-mail address of the order").fill("wrong@example.com")
    page.get_by_role("button", name="Find my order").click()
    expect(page.get_by_role("alert")).to_contain_text("couldn't find an order")
    fits(page)
    page.get_by_label("E-mail address of the order").fill(ANA)
    page.get_by_role("button", name="Find my order").click()
    expect(page.get_by_text("until Wednesday, 2 December 2026")).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_value("Ana Souza")
    fits(page)
    page.get_by_label("Thing 2").uncheck()
    page.get_by_label("Your name").fill("Łukasz Żółć")
    page.get_by_role("button", name="Withdraw from contract here").click()
    expect(page.get_by_text("I, Łukasz Żółć, withdraw")).to_be_visible()
    expect(page.get_by_text("Thing 2")).to_have_count(0)
    fits(page)
    page.get_by_role("button", name="Confirm withdrawal").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We have received your withdrawal")
    expect(page.get_by_text("11:00:00 (Europe/Berlin, UTC+01:00)")).to_be_visible()
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the confirmation").click()
    path = tmp_path / "confirmation.pdf"
    download.value.save_as(path)
    assert "I, Łukasz Żółć, withdraw" in words_of_pdf(path.read_bytes())


def test_the_steps_can_be_walked_with_the_keyboard_alone(page: Page, shop_url: str) -> None:
    page.goto(f"{shop_url}/withdraw")
    page.get_by_label("Order number").focus()
    page.keyboard.type("50010001")
    page.keyboard.press("Tab")
    page.keyboard.type(ANA)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What do you want to withdraw from?")

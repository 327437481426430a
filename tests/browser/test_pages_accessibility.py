"""axe-core on every page and step beside the chat: no finding, in light, dark and on a phone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.desk import Desk, migrate
from bot.request_links import request_links
from tests.browser.test_accessibility import found
from tests.browser.test_check import ASKING, RESULT
from tests.desk.shop import ANA, CHAT, filing, items, order, verified
from tests.help_center.fake_assistant import running, settings_for_tests

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
NUMBER = "50010001"
CLOSED = RESULT.replace("2026-11-18", "2026-02-18").replace("2026-11-10", "2026-02-10")
PLAIN_PAGES = {
    "help": "/",
    "check": "/check",
    "check with problems": "/check?country=PT&placed_on=2026-13-01&delivered_on=2027-01-01",
    "check, a choice": ASKING,
    "check, a day": ASKING.replace("change_of_mind", "arrived_damaged"),
    "check, a day that isn't": ASKING.replace("change_of_mind", "arrived_damaged")
    + "&protection_ends_on=2026-13-01",
    "check, a place": ASKING.replace("=PT", "=UA") + "&free_return_label=yes",
    "check, a kind": "/check?reason=change_of_mind&country=PT&delivered_on=2026-11-18",
    "result, open": RESULT,
    "result, closed": CLOSED,
    "result, undecided": RESULT.replace("oversize=no", "oversize=yes"),
    "rights": "/rights",
    "rights, unknown": "/rights?country=XX",
    "rights in Portugal": "/rights/PT",
    "rights in Bulgaria": "/rights/BG",
    "rights in Brazil": "/rights/BR",
    "rights in the United Kingdom": "/rights/GB",
    "support": "/support",
    "requests": "/requests",
    "withdraw": "/withdraw",
}
MODES = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "color_scheme": "light"},
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A help center with the demo list, at a desk with one request and one more order."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("axe"), fixed_now=NOW, demo=True, sessions_per_minute=1000
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    desk.import_orders([json.dumps(order(items=items(2)))], "tests")
    number = desk.file(CHAT, filing(verified(desk)[0])).number
    links = request_links(settings)
    with running(settings) as server:
        yield SimpleNamespace(url=str(server.url), request=number, links=links)
    desk.close()


@pytest.fixture(params=list(MODES))
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    mode: dict[str, Any] = MODES[request.param]
    context = browser.new_context(reduced_motion="reduce", **mode)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", list(PLAIN_PAGES.values()), ids=list(PLAIN_PAGES))
def test_nothing_on_a_page_keeps_anybody_out(page: Page, shop: SimpleNamespace, path: str) -> None:
    page.goto(shop.url + path)
    look(page)


def test_nothing_on_the_way_of_a_withdrawal_keeps_anybody_out(
    page: Page, shop: SimpleNamespace
) -> None:
    page.goto(f"{shop.url}/withdraw")
    page.get_by_role("button", name="Find my order").click()
    look(page)
    fill_pair(page)
    look(page)
    page.get_by_role("button", name="Withdraw from contract here").first.click()
    look(page)
    page.goto(f"{shop.url}/documents/no-such-link")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    look(page)


def test_nothing_on_a_requests_page_keeps_anybody_out(page: Page, shop: SimpleNamespace) -> None:
    page.goto(f"{shop.url}/requests")
    page.get_by_role("button", name="Find my request").click()
    look(page)
    fill_pair(page, "Find my request")
    look(page)
    if page.get_by_role("link", name="Take the request back").count() == 0:
        page.get_by_role("link", name=shop.request).click()
        look(page)
    page.get_by_role("link", name="Take the request back").click()
    look(page)


@pytest.mark.parametrize("page", ["light"], indirect=True)
@pytest.mark.parametrize("path", ["/", "/check", RESULT, "/rights/PT"])
def test_whatever_has_the_focus_shows_it(page: Page, shop: SimpleNamespace, path: str) -> None:
    page.goto(shop.url + path)
    seen = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break  # past the page's end
        name, is_shown = page.evaluate(_FOCUS)
        assert is_shown, f"{name} has the focus and doesn't show it"
        seen.add(name)
    assert len(seen) > 10


@pytest.mark.parametrize("page", ["light"], indirect=True)
def test_forced_colours_keep_what_is_chosen_and_where_a_card_ends(
    page: Page, shop: SimpleNamespace
) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(shop.url + RESULT + "&change=1")
    chosen, other = page.evaluate(
        """["change_of_mind", "shortage"].map((value) =>
          getComputedStyle(document.querySelector(`[value=${value}]`).parentElement).borderColor)"""
    )
    assert chosen != other
    page.goto(shop.url + RESULT)
    assert (
        page.evaluate("getComputedStyle(document.querySelector('.badge')).borderTopWidth") == "2px"
    )


def look(page: Page) -> None:
    """Opens every fold and has axe-core look at the page; nothing may be wider than the window."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    assert found(page) == []
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, f"{page.url} is wider than its window"


def fill_pair(page: Page, button: str = "Find my order") -> None:
    page.get_by_label("Order number").first.fill(NUMBER)
    page.get_by_label("E-mail address of the order").first.fill(ANA)
    page.get_by_role("button", name=button).first.click()


_FOCUS = """() => {
  let element = document.activeElement;
  while (element.shadowRoot) element = element.shadowRoot.activeElement;
  const shown = (one) => one && getComputedStyle(one).outlineStyle !== "none"
    && parseFloat(getComputedStyle(one).outlineWidth) >= 2;
  const text = element.textContent.trim().slice(0, 40);
  const name = element.id || text || element.outerHTML.slice(0, 60);
  return [name, shown(element) || shown(element.closest(".tile"))];
}"""

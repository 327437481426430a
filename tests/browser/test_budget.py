"""What a page may cost before the chat is opened: bytes, requests, shifts, other hosts."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page

from bot.settings import ROOT

pytestmark = pytest.mark.browser

MAX_BYTES = 150_000
"""Over the wire, before the chat is opened."""
MAX_REQUESTS = 8
SEEN = 0.005
"""A shift that nobody sees; Lighthouse calls a page good below 0.1."""
PAGES = ("/", "/check", "/rights", "/rights/PT", "/support")
_SHIFTS = """
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const name = (node) => node && (node.id || node.className || node.nodeName);
      const moved = entry.sources.map(({ node, previousRect, currentRect }) =>
        `${name(node)} ${previousRect.y}>${currentRect.y}`);
      window.shifts.push([entry.value, moved.join(", ")]);
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_and_stands_still(
    watched_page: Page, help_center: SimpleNamespace, path: str, width: int
) -> None:
    page = watched_page
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(_SHIFTS)
    taken = measured(page, help_center.url + path)
    assert sum(taken.values()) < MAX_BYTES, taken
    assert len(taken) <= MAX_REQUESTS, taken
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(300)
    shifts = page.evaluate("window.shifts")
    assert sum(value for value, _ in shifts) < SEEN, shifts


def test_the_docs_name_what_the_help_page_weighs(
    browser: Browser, help_center: SimpleNamespace
) -> None:
    context = browser.new_context()
    taken = measured(context.new_page(), help_center.url)
    context.close()
    docs = (ROOT / "docs/help-page.md").read_text(encoding="utf-8")
    named = re.search(r"\| all that `/` loads \| (\d+) \| (\d+) \|", docs)
    assert named, "docs/help-page.md has no such row"
    assert len(taken) == int(named[1])
    assert sum(taken.values()) == pytest.approx(int(named[2]), rel=0.05)


def measured(page: Page, url: str) -> dict[str, int]:
    """Bytes over the wire, headers and all, by address."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    urls: dict[str, str] = {}
    taken: dict[str, int] = {}
    client.on(
        "Network.responseReceived", lambda e: urls.update({e["requestId"]: e["response"]["url"]})
    )
    client.on(
        "Network.loadingFinished",
        lambda e: taken.update({urls.get(e["requestId"], "?"): int(e["encodedDataLength"])}),
    )
    page.goto(url, wait_until="networkidle")
    return taken

"""axe-core on each screen and card, in both colour schemes: nothing serious."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from bot.settings import ROOT
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

_AXE = ROOT / "node_modules/axe-core/axe.min.js"
_GRAVE = frozenset({"serious", "critical"})


def grave(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out: rule and place."""
    return found(page, _GRAVE)


def found(page: Page, impacts: frozenset[str] | None = None) -> list[str]:
    """What axe-core finds, of these impacts or at all: rule and place."""
    if not _AXE.is_file():
        pytest.skip("axe-core isn't installed: make setup, with Node on the machine")
    page.evaluate(_AXE.read_text(encoding="utf-8") + "; undefined")
    results = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert results["passes"], "axe-core looked at nothing"
    return [
        f"{violation['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for violation in results["violations"]
        if impacts is None or violation["impact"] in impacts
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), (360, 740)], ids=["wide", "phone"])
def test_nothing_on_the_screens_keeps_anybody_out(
    widget: Widget, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    page = widget.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert grave(page) == []
    widget.open()
    assert grave(page) == []
    for said in ("decide", "summary", "lines", "items", "receipt", "links", "ask for route"):
        answer = widget.says(said)
        for fold in answer.locator("summary").all():
            fold.click()
        for clause in answer.locator(".chat-cite").all():
            clause.click()
        expect(answer).to_be_visible()
        assert grave(page) == [], said


def test_a_lost_connections_note_keeps_nobody_out(unwatched_page: Page) -> None:
    widget = Widget(unwatched_page).open()
    unwatched_page.route("**/messages", lambda route: route.abort())
    widget.input.fill("hello")
    widget.input.press("Enter")
    expect(unwatched_page.get_by_role("button", name="Try again")).to_be_visible()
    assert grave(unwatched_page) == []


def test_the_plain_surface_keeps_nobody_out(
    unwatched_page: Page, help_center: SimpleNamespace
) -> None:
    unwatched_page.route("**/deep-chat.js*", lambda route: route.abort())
    unwatched_page.goto(help_center.url)
    Widget(unwatched_page).open().says("decide")
    expect(unwatched_page.locator("deep-chat")).to_have_count(0)
    assert grave(unwatched_page) == []

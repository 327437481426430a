"""The help page in a real browser; ASSISTANT_TEST_URL points it at a running help center."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget import Widget

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_fits_its_window(watched_page: Page, base_url: str, width: int) -> None:
    watched_page.set_viewport_size({"width": width, "height": 800})
    watched_page.goto(base_url)
    expect(watched_page.get_by_role("heading", level=1)).to_be_visible()
    assert watched_page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_clause_opens_to_its_exact_words(watched_page: Page, base_url: str) -> None:
    watched_page.goto(f"{base_url}/#F1")
    clause = watched_page.locator("#F1")
    expect(clause).to_be_in_viewport()
    quote = clause.locator("blockquote")
    expect(quote).to_be_hidden()
    clause.get_by_text("Free Return within").click()
    expect(quote).to_contain_text("within 15 calendar days")


def test_on_paper_every_rules_exact_words_stand_open(watched_page: Page, base_url: str) -> None:
    watched_page.goto(base_url)
    watched_page.emulate_media(media="print")
    quotes = watched_page.locator(".rule blockquote")
    assert quotes.count() > 40
    hidden = quotes.evaluate_all("all => all.filter((one) => one.offsetHeight === 0).length")
    assert hidden == 0
    expect(watched_page.get_by_role("button", name="Next")).to_be_hidden()


def test_a_person_can_be_reached_from_the_page(watched_page: Page, base_url: str) -> None:
    watched_page.goto(base_url)
    watched_page.get_by_role("link", name="Talk to a person").first.click()
    expect(watched_page.get_by_role("heading", level=1)).to_have_text("Talk to a person")


def test_the_assistant_greets_and_answers(watched_page: Page, base_url: str) -> None:
    watched_page.goto(base_url)
    widget = Widget(watched_page).open()
    answer = widget.says("What can you do?")
    expect(answer.locator("p").first).not_to_be_empty()
    expect(widget.asked).to_have_count(1)


def test_text_stands_out_from_its_background(watched_page: Page, base_url: str) -> None:
    """WCAG AA: 4.5 to 1 for the text of page and chat, in both colour schemes."""
    watched_page.goto(base_url)
    Widget(watched_page).open().says("hello")
    for scheme in ("light", "dark"):
        watched_page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        weak = watched_page.evaluate(WEAK_TEXT)
        assert weak == [], f"{scheme}: {weak}"


WEAK_TEXT = """() => {
  const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const [a, b] = [numbers(getComputedStyle(element).color), behind(element)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) weak.push(`${element.textContent.slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return weak;
}"""

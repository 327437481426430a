""" "Can I return it?" in a real browser: without JavaScript, by keyboard, and on to the chat."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.widget import Widget
from tests.help_center.fake_assistant import running, settings_for_tests
from tests.running import NOW

pytestmark = pytest.mark.browser

RESULT = (
    "/check?reason=change_of_mind&country=PT&category=electronics_gadgets&placed_on=2026-11-10"
    "&delivered_on=2026-11-18&free_return_label=yes&oversize=no&damaged_by_buyer=no"
    "&packaging_kept=yes&seals_removed=no&used=no&complete=yes"
)
ASKING = RESULT[: RESULT.index("&free_return_label")]
"""Up to the first question that the decision lacks."""


@pytest.fixture(scope="module")
def fixed_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The help page on Monday, 23 November 2026."""
    settings = settings_for_tests(tmp_path_factory.mktemp("day"), fixed_now=NOW)
    with running(settings) as server:
        yield server


@pytest.fixture
def unscripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def test_from_the_help_page_to_an_answer_without_javascript(
    unscripted: Page, fixed_day: SimpleNamespace
) -> None:
    page = unscripted
    page.goto(fixed_day.url)
    page.get_by_role("link", name="Can I return it?").first.click()
    page.get_by_label("I changed my mind").check()
    page.get_by_label("Where was it delivered?").select_option("Portugal")
    page.get_by_label("What kind of item is it?").select_option("Electronics Gadgets")
    page.get_by_label("When did you order it?").fill("2026-11-10")
    page.get_by_label("When did you receive it?").fill("2026-11-18")
    page.get_by_role("button", name="Next").click()
    for question, answer in (
        ("Free Return", "Yes"),
        ("very large", "No"),
        ("anything happened to it", "No, it's as it came"),
        ("original packaging", "Yes"),
        ("price tags", "No, all are still on"),
        ("used, worn or washed", "No"),
        ("all the parts", "Yes"),
    ):
        expect(page.get_by_role("heading", level=1)).to_contain_text(question)
        page.get_by_role("button", name=answer, exact=True).click()
    answer = page.get_by_role("heading", level=1)
    expect(answer).to_contain_text("Free Return, until Thursday, 3 December 2026")
    way = page.locator("[data-route=free_return]")
    expect(way).to_contain_text("Open")
    expect(way).to_contain_text("the marketplace, with a pre-paid label")
    quote = way.locator("blockquote").first
    expect(quote).to_be_hidden()
    way.locator("summary").click()
    expect(quote).to_contain_text("within 15 calendar days")
    expect(page.get_by_text("Closed for this item")).to_be_visible()
    expect(page.get_by_role("button", name="File it with the assistant")).to_be_hidden()
    # The address holds the answer: who opens it sees the same.
    told = answer.inner_text()
    page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text(told)


def test_wrong_days_are_said_beside_the_field_and_the_rest_is_kept(
    unscripted: Page, fixed_day: SimpleNamespace
) -> None:
    page = unscripted
    page.goto(f"{fixed_day.url}/check")
    page.get_by_label("It arrived damaged").check()
    page.get_by_label("Where was it delivered?").select_option("Brazil")
    page.get_by_label("When did you order it?").fill("2026-11-20")
    page.get_by_label("When did you receive it?").fill("2026-11-19")
    page.get_by_role("button", name="Next").click()
    field = page.get_by_label("When did you receive it?")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Leave it empty if it hasn't come. Thursday, 19 November 2026 is before the day of the "
        "order, Friday, 20 November 2026. Could you check the dates?"
    )
    expect(page.get_by_label("It arrived damaged")).to_be_checked()
    expect(page.get_by_label("Where was it delivered?")).to_have_value("BR")
    page.get_by_role("alert").get_by_role("link").click()
    assert page.url.endswith("#check-delivered_on")
    field.fill("2026-11-21")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("kind of item")


def test_the_whole_check_by_keyboard(watched_page: Page, fixed_day: SimpleNamespace) -> None:
    page = watched_page
    page.goto(f"{fixed_day.url}/check")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(2):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "reason":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("It never arrived")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Port")
    expect(page.get_by_label("Where was it delivered?")).to_have_value("PT")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Can I return it?")


def test_a_clause_in_the_result_opens_its_quote(
    watched_page: Page, fixed_day: SimpleNamespace
) -> None:
    watched_page.goto(fixed_day.url + RESULT)
    way = watched_page.locator("[data-route=free_return]")
    way.locator("p a.number", has_text="F10").click()
    expect(way.locator("#free_return-F10 blockquote")).to_be_visible()


def test_the_result_goes_on_in_the_chat(watched_page: Page, fixed_day: SimpleNamespace) -> None:
    watched_page.goto(fixed_day.url + RESULT)
    watched_page.get_by_role("button", name="File it with the assistant").click()
    widget = Widget(watched_page)
    expect(widget.asked.last).to_contain_text("I changed my mind and want to return my item")


def test_a_country_is_chosen_without_javascript(
    unscripted: Page, fixed_day: SimpleNamespace
) -> None:
    unscripted.goto(f"{fixed_day.url}/#statutory-rights")
    unscripted.get_by_label("Choose your country").select_option("Spain")
    unscripted.get_by_role("button", name="Show my rights").click()
    expect(unscripted.get_by_role("heading", level=1)).to_have_text("Your rights by law: Spain")
    expect(unscripted.get_by_text("3 years", exact=True)).to_be_visible()
    unscripted.get_by_role("link", name="Check an item").click()
    expect(unscripted.get_by_label("Where was it delivered?")).to_have_value("ES")

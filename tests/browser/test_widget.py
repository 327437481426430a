"""The chat in a real browser, with a scripted assistant."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

OFFLINE = "I can't reach the help center right now."


def test_a_click_opens_the_chat_and_it_greets(widget: Widget) -> None:
    expect(widget.panel).to_be_hidden()
    widget.open()
    expect(widget.panel).to_be_visible()
    expect(widget.launcher).to_be_hidden()
    expect(widget.answers).to_have_text([re.compile("Hi! What can I do for you?")])
    expect(widget.input).to_be_focused()


def test_the_button_in_the_page_opens_the_chat_too(widget: Widget) -> None:
    widget.page.get_by_role("button", name="Start a chat").click()
    expect(widget.panel).to_be_visible()
    expect(widget.answers).to_have_count(1)


def test_the_whole_chat_works_by_keyboard(widget: Widget) -> None:
    page = widget.page
    widget.launcher.focus()
    page.keyboard.press("Enter")
    expect(widget.answers).to_have_count(1)
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(widget.answers.last).to_contain_text("You said: hello")
    page.keyboard.press("Shift+Tab")
    expect(widget.log).to_be_focused()
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_a_choice_can_be_reached_and_taken_by_keyboard(widget: Widget) -> None:
    widget.open()
    widget.page.keyboard.press("Shift+Tab")
    expect(widget.page.get_by_role("button", name="Just a question")).to_be_focused()
    widget.page.keyboard.press("Enter")
    expect(widget.asked).to_have_text([re.compile("Just a question")])


def test_the_close_button_closes_and_opening_again_goes_on(widget: Widget) -> None:
    widget.open().says("hello")
    widget.page.get_by_role("button", name="Close the chat").click()
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()
    widget.launcher.click()
    expect(widget.answers).to_have_count(2)
    expect(widget.input).to_be_focused()


def test_a_tapped_button_sends_its_payload_and_the_choices_go(
    widget: Widget, help_center: SimpleNamespace
) -> None:
    widget.open()
    widget.page.get_by_role("button", name="Return an item").click()
    expect(widget.answers).to_have_count(2)
    expect(widget.asked).to_have_text([re.compile("Return an item")])
    expect(widget.page.get_by_role("button", name="Just a question")).to_have_count(0)
    assert help_center.agent.texts[-1] == '/file_return{"choice": "return"}'


def test_shift_and_enter_make_a_new_line(widget: Widget, help_center: SimpleNamespace) -> None:
    widget.open()
    widget.input.press_sequentially("first")
    widget.input.press("Shift+Enter")
    widget.input.press_sequentially("second")
    widget.input.press("Enter")
    expect(widget.answers).to_have_count(2)
    assert help_center.agent.texts[-1] == "first\nsecond"


def test_typing_dots_show_while_the_assistant_thinks(
    widget: Widget, help_center: SimpleNamespace
) -> None:
    widget.open()
    typing = widget.log.get_by_role("status")
    widget.input.fill("wait")
    widget.input.press("Enter")
    expect(typing).to_contain_text("The assistant is typing")
    widget.input.fill("not yet")
    widget.input.press("Enter")
    expect(widget.asked).to_have_count(1)
    expect(widget.input).to_have_text("not yet")
    help_center.agent.release.set()
    expect(widget.answers).to_have_count(2)
    expect(typing).to_be_hidden()


def test_a_decision_shows_open_ways_and_folds_closed_ones_away(widget: Widget) -> None:
    answer = widget.open().says("decide")
    expect(answer).to_contain_text("Yes, you can send the blender back.")
    expect(answer).to_contain_text("Your rights stay.")
    ways = answer.locator("li")
    expect(ways).to_have_text(
        [
            re.compile(r"Buyer Protection\s*Open.*damaged.*12 December 2026.*the seller"),
            re.compile(r"Free Return\s*More to know"),
            re.compile(r"EU withdrawal\s*Closed.*14 days are over"),
        ]
    )
    expect(ways.nth(0)).to_be_visible()
    expect(ways.nth(2)).to_be_hidden()
    answer.get_by_text("Closed for this item (1)").click()
    expect(ways.nth(2)).to_be_visible()
    assert answer.inner_text().count("The blender came damaged") == 1, "told twice"


def test_citations_fold_open_to_the_exact_words(widget: Widget) -> None:
    answer = widget.open().says("decide")
    quote = answer.locator("blockquote")
    expect(quote).to_be_hidden()
    answer.get_by_text("Where this comes from (F1)").click()
    expect(quote).to_have_text("you can return the products within 15 calendar days")
    expect(answer.locator("figure")).to_contain_text("Free Return")
    answer.get_by_text("Where this comes from (F1)").click()
    named = answer.get_by_role("button", name="F1")
    expect(named).to_have_attribute("aria-expanded", "false")
    named.press("Enter")
    expect(named).to_have_attribute("aria-expanded", "true")
    expect(answer.locator("li blockquote")).to_have_text(
        "you can return the products within 15 calendar days"
    )
    named.press("Enter")
    expect(answer.locator("li blockquote")).to_have_count(0)


def test_a_summary_in_lines_is_shown_as_rows(widget: Widget) -> None:
    answer = widget.open().says("lines")
    expect(answer.locator("dt")).to_have_text(["Order", "Refund to"])
    expect(answer.locator("dd")).to_have_text(["40010001", "your card"])
    expect(answer.locator(".chat-bubble > p")).to_have_text(
        ["Please check it.", "Shall I file it?"]
    )


def test_items_have_their_picture_detail_and_badge(widget: Widget) -> None:
    answer = widget.open().says("items")
    expect(answer.locator("li")).to_have_text(
        [re.compile(r"Blender.*49\.90.*Free Return"), re.compile(r"Lamp.*19\.90")]
    )
    expect(answer.locator("img")).to_have_attribute("alt", "")
    assert answer.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")


def test_what_is_said_is_announced_to_screen_readers(widget: Widget) -> None:
    widget.open()
    expect(widget.log).to_have_attribute("aria-live", "polite")
    expect(widget.log).to_have_attribute("aria-label", "Returns assistant")
    expect(widget.input).to_have_attribute("role", "textbox")
    expect(widget.panel).to_have_attribute("aria-modal", "false")
    assert widget.log.get_by_text("Assistant:").count() == 1


def test_a_photo_is_never_kept_in_the_browser(widget: Widget) -> None:
    widget.open().says("photo")
    widget.says("hello")
    widget.page.reload()
    expect(widget.answers).to_have_count(3)
    expect(widget.answers.nth(1)).to_contain_text("Your photo.")
    kept = widget.page.evaluate(
        "JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"
    )
    assert "hello" in kept
    assert "data:" not in kept
    assert len(kept) < 20_000


def test_a_summary_shows_items_and_values(widget: Widget) -> None:
    answer = widget.open().says("summary")
    expect(answer.locator("li")).to_have_text([re.compile(r"Blender.*49\.90.*Free Return")])
    expect(answer.locator("dt")).to_have_text(["Refund to"])
    expect(answer.locator("dd")).to_have_text(["Your card"])


def test_a_receipt_shows_its_number_on_one_line(widget: Widget) -> None:
    answer = widget.open().says("receipt")
    number = answer.get_by_text("R-1", exact=True)
    expect(number).to_be_visible()
    expect(number).to_have_css("white-space", "nowrap")


def test_a_receipt_leads_to_its_page_and_its_files(widget: Widget) -> None:
    answer = widget.open().says("receipt")
    links = answer.get_by_role("link")
    expect(links).to_have_text(["Open your request", "Receipt (PDF)"])
    expect(links.nth(1)).to_have_attribute("href", re.compile("^http://.*/requests/R-1/receipt"))
    expect(answer).not_to_contain_text("Its own page shows more")
    expect(answer).not_to_contain_text("trap", ignore_case=True)


def test_a_question_of_a_dialogue_shows_how_far_it_has_come(widget: Widget) -> None:
    answer = widget.open().says("ask for route")
    line = answer.get_by_text("Step 3 of 5: your options")
    expect(line).to_be_visible()
    bar = answer.locator(".chat-bar")
    expect(bar).to_have_attribute("aria-hidden", "true")
    share = bar.evaluate("bar => bar.firstChild.offsetWidth / bar.offsetWidth")
    assert 0.58 < share < 0.62
    question = answer.get_by_text("You said: ask for route")
    assert line.bounding_box()["y"] < question.bounding_box()["y"]
    expect(widget.says("hello").get_by_text("Step")).to_have_count(0)
    widget.page.reload()
    expect(widget.answers.nth(1)).to_contain_text("Step 3 of 5")


def test_a_finger_opens_the_chat_without_a_keyboard_over_it(
    browser: Browser, help_center: SimpleNamespace
) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.goto(help_center.url)
    widget = Widget(page)
    widget.launcher.tap()
    expect(widget.answers).to_have_count(1)
    expect(widget.log).to_be_focused()
    page.get_by_role("button", name="Return an item").tap()
    expect(widget.answers).to_have_count(2)
    expect(widget.log).to_be_focused()
    context.close()


def test_a_reload_keeps_the_chat_and_its_choices(widget: Widget) -> None:
    widget.open().says("decide")
    widget.page.reload()
    expect(widget.panel).to_be_visible()
    expect(widget.asked).to_have_text([re.compile("decide")])
    expect(widget.answers).to_have_count(2)
    widget.page.get_by_role("button", name="File it").click()
    expect(widget.answers).to_have_count(3)
    expect(widget.answers.last).to_contain_text('You said: /affirm{"confirm": "file"}')


def test_two_tabs_are_two_chats(widget: Widget, context: BrowserContext) -> None:
    widget.open().says("hello")
    other = context.new_page()
    other.goto(widget.page.url)
    second = Widget(other).open()
    expect(second.asked).to_have_count(0)
    other.close()


@pytest.mark.parametrize(
    "typed",
    [
        "<img src=x onerror=alert(1)>",
        "<script>document.title = 'taken over'</script>",
        "<b>bold</b> &amp; <a href='https://example.org'>link</a>",
    ],
)
def test_html_is_shown_as_text(widget: Widget, typed: str) -> None:
    answer = widget.open().says(typed)
    expect(widget.asked.last).to_contain_text(typed)
    expect(answer).to_contain_text(f"You said: {typed}")
    expect(widget.log.locator("img, script, p b")).to_have_count(0)
    assert widget.page.title() == "Buyer Protection Program"
    widget.page.reload()
    expect(widget.asked.last).to_contain_text(typed)
    expect(widget.log.locator("img, script, p b")).to_have_count(0)


def test_only_safe_addresses_become_links(widget: Widget) -> None:
    answer = widget.open().says("links")
    expect(answer).to_contain_text("javascript:alert(1) or <a href='x'>this</a>.")
    links = answer.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_text("https://example.org/help")
    expect(links).to_have_attribute("href", "https://example.org/help")
    expect(links).to_have_attribute("rel", re.compile("noopener"))


def test_the_support_page_is_a_link_when_the_assistant_names_it(widget: Widget) -> None:
    links = widget.open().says("person").get_by_role("link")
    expect(links).to_have_text(["/support"])
    with widget.page.expect_popup() as opened:
        links.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Talk to a person")


def test_an_address_that_runs_script_is_never_a_link(widget: Widget) -> None:
    widget.open()
    for typed in ("javascript:alert(1)", "data:text/html,x", "vbscript:x", "//example.org"):
        answer = widget.says(typed)
        expect(answer).to_contain_text("You said:")
        expect(answer.get_by_role("link")).to_have_count(0)


def test_a_lost_connection_keeps_the_words_and_tries_again(
    unwatched_page: Page,
) -> None:
    widget = Widget(unwatched_page).open()
    widget.page.route("**/messages", lambda route: route.abort())
    widget.input.fill("the blender is broken")
    widget.input.press("Enter")
    note = widget.page.get_by_text(OFFLINE)
    expect(note).to_be_visible()
    expect(widget.input).to_have_text("the blender is broken")
    expect(widget.asked).to_have_count(0)
    widget.page.unroute("**/messages")
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.answers.last).to_contain_text("You said: the blender is broken")
    expect(note).to_have_count(0)
    expect(widget.asked).to_have_count(1)
    expect(widget.input).to_have_text("")


def test_a_lost_connection_keeps_the_choices(unwatched_page: Page) -> None:
    widget = Widget(unwatched_page).open()
    widget.page.route("**/messages", lambda route: route.abort())
    widget.page.get_by_role("button", name="Return an item").click()
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    expect(widget.page.get_by_role("button", name="Just a question")).to_be_visible()
    widget.page.unroute("**/messages")
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.asked).to_have_text([re.compile("Return an item")])
    expect(widget.answers).to_have_count(2)


def test_a_chat_that_could_not_start_starts_on_the_second_try(
    unwatched_page: Page,
) -> None:
    widget = Widget(unwatched_page)
    widget.page.route("**/session", lambda route: route.abort())
    widget.launcher.click()
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    widget.page.unroute("**/session")
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.answers).to_have_count(1)
    expect(widget.answers).to_contain_text("Hi!")


def test_an_expired_session_says_so_and_starts_anew(
    unwatched_page: Page,
) -> None:
    widget = Widget(unwatched_page).open()
    widget.says("hello")

    def expire(route: Route) -> None:
        route.continue_(headers={**route.request.headers, "authorization": "Bearer gone"})

    widget.page.route("**/messages", expire, times=1)
    widget.input.fill("and now?")
    widget.input.press("Enter")
    expect(widget.answers).to_have_text(
        [re.compile("Your last chat has ended"), re.compile("Hi! What can I do for you?")]
    )
    expect(widget.asked).to_have_count(0)
    expect(widget.input).to_have_text("and now?")
    widget.input.press("Enter")
    expect(widget.answers.last).to_contain_text("You said: and now?")


def test_a_message_that_is_too_long_is_given_back(
    unwatched_page: Page,
) -> None:
    widget = Widget(unwatched_page).open()
    answer = widget.says("a" * 2001)
    expect(answer).to_contain_text("under 2000 characters")
    expect(widget.input).to_have_text("a" * 2001)


def test_a_long_answer_is_read_from_its_start(widget: Widget) -> None:
    answer = widget.open().says("long")
    log, top = widget.log.bounding_box(), answer.bounding_box()
    assert log
    assert top
    assert log["y"] <= top["y"] < log["y"] + log["height"] / 2


def test_the_page_can_be_used_at_the_width_of_a_phone(widget: Widget) -> None:
    page = widget.page
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    widget.open().says("decide")
    box = widget.panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    assert widget.log.evaluate("log => log.scrollWidth <= log.clientWidth")
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('#page')"), "behind the chat"
    page.get_by_role("button", name="Close the chat").click()
    expect(widget.panel).to_be_hidden()
    expect(page.get_by_role("button", name="Start a chat")).to_be_visible()


def test_the_panel_follows_the_dark_scheme(widget: Widget) -> None:
    widget.open()
    background = "panel => getComputedStyle(panel).backgroundColor"
    light = widget.panel.evaluate(background)
    widget.page.emulate_media(color_scheme="dark")
    assert widget.panel.evaluate(background) != light

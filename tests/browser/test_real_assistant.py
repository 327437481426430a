"""A buyer files a return in a real browser against the real assistant."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_uploads import a_file
from tests.browser.widget import Widget
from tests.conversations.conftest import Desk
from tests.evidence_files import jpeg
from tests.running import RunningAssistant

pytestmark = [pytest.mark.browser, pytest.mark.model]


@pytest.fixture(params=[(1280, 900), (360, 740)], ids=["wide", "phone"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Page:
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.problems = []  # type: ignore[attr-defined]
    page.on("console", lambda m: page.problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    context.close()


def test_a_late_parcel_is_refunded_from_greeting_to_receipt(
    page: Page, assistant: RunningAssistant
) -> None:
    Desk(assistant.database).refresh()
    page.goto(assistant.url)
    widget = Widget(page).open()
    widget.says("my parcel never arrived")
    widget.says("40010002 marie.dubois@example.com")
    for button in ("Buyer Protection", "Original payment method", "Yes, file it"):
        page.get_by_role("button", name=button).last.click()
        page.wait_for_timeout(100)
    filed = widget.answers.filter(has_text="Your request number is R-")
    expect(filed).to_be_visible()
    with closing(sqlite3.connect(assistant.database)) as desk:
        route = desk.execute("SELECT route FROM return_requests ORDER BY id DESC").fetchone()
    assert route == ("buyer_protection",)
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_return_is_filed_by_keyboard_alone(page: Page, assistant: RunningAssistant) -> None:
    Desk(assistant.database).refresh()
    page.goto(assistant.url)
    widget = Widget(page)

    def focus_by_tab(target: Locator, back: bool = False) -> None:
        for _ in range(60):
            if target.evaluate("e => e === e.getRootNode().activeElement"):
                return
            page.keyboard.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{target} can't be reached with the Tab key")

    def choose(name: str) -> None:
        button = page.get_by_role("button", name=name).last
        button.wait_for()
        focus_by_tab(button, back=True)
        page.keyboard.press("Enter")

    # The launcher is the last thing on the page; its head has a button as well.
    start = page.get_by_role("button", name="Start a chat")
    start.wait_for()
    focus_by_tab(start)
    page.keyboard.press("Enter")
    widget.answers.first.wait_for()
    for words in ("my parcel never arrived", "40010002 marie.dubois@example.com"):
        before = widget.answers.count()
        focus_by_tab(widget.input)
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        widget.answers.nth(before).wait_for()
    for name in ("Buyer Protection", "Original payment method", "Yes, file it"):
        choose(name)
    expect(widget.answers.filter(has_text="Your request number is R-")).to_be_visible()
    assert page.problems == []  # type: ignore[attr-defined]


def test_a_decision_folds_open_to_the_exact_quote(page: Page, assistant: RunningAssistant) -> None:
    page.goto(assistant.url)
    widget = Widget(page).open()
    widget.says("how does free return work?")
    source = widget.answers.locator("details").first
    source.locator("summary").first.click()
    expect(source).to_contain_text("15 calendar days from receiving the item(s)")
    assert page.problems == []  # type: ignore[attr-defined]


def test_photos_are_added_where_they_are_asked_for_and_go_with_the_request(
    page: Page, assistant: RunningAssistant
) -> None:
    Desk(assistant.database).refresh()
    page.goto(assistant.url)
    widget = Widget(page).open()
    widget.says("my blender arrived broken, order 40010001, ana.souza@example.com")
    for answer in ("no", "yes", "no", "no"):
        widget.says(answer)
    page.get_by_role("button", name="Buyer Protection").last.click()
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Add photos or files").click()
    opened.value.set_files(
        [
            a_file("crack.jpg", jpeg(), "image/jpeg"),
            a_file("cat.jpg", jpeg((300, 200)), "image/jpeg"),
        ]
    )
    expect(widget.asked.last).to_contain_text("2 photos added")
    for button in ("That's all", "Original payment method", "Change something", "The photos"):
        page.get_by_role("button", name=button).last.click()
    page.get_by_role("button", name="Leave out cat.jpg").click()
    summary = widget.answers.filter(has_text="Shall I file it?").last
    expect(summary).to_contain_text(re.compile(r"Evidence\s*1 photo"))
    preview = summary.get_by_role("img", name="Preview of crack.jpg")
    assert preview.evaluate("image => image.decode().then(() => image.naturalWidth)")
    page.get_by_role("button", name="Yes, file it").last.click()
    expect(widget.answers.filter(has_text="I've added 1 photo to it.")).to_be_visible()
    expect(page.get_by_role("button", name="Remove crack.jpg")).to_have_count(0)
    with closing(sqlite3.connect(assistant.database)) as desk:
        names = desk.execute("SELECT name FROM evidence_files WHERE request_id NOT NULL").fetchall()
    assert names == [("crack.jpg",)]
    assert page.problems == []  # type: ignore[attr-defined]

"""A chat whose connection, server or page goes away in the middle, and comes back."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.widget import Widget
from tests.running import free_port, running_assistant

pytestmark = pytest.mark.browser

OFFLINE = "I can't reach the help center right now."


def lose_answer(route: Route) -> None:
    """The server gets the message; its answer is lost on the way back."""
    route.fetch()
    route.abort()


def test_offline_and_back_keeps_what_is_typed_and_says_it_once(
    unwatched_page: Page, context: BrowserContext, help_center: SimpleNamespace
) -> None:
    widget = Widget(unwatched_page).open()
    help_center.agent.seen.clear()
    context.set_offline(True)
    widget.input.fill("the blender is broken")
    widget.input.press("Enter")
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    expect(widget.input).to_have_text("the blender is broken")
    context.set_offline(False)
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.answers.last).to_contain_text("You said: the blender is broken")
    expect(widget.asked).to_have_count(1)
    assert help_center.agent.texts == ["the blender is broken"]


@pytest.mark.parametrize("tapped", [False, True], ids=["typed", "tapped"])
def test_an_answer_that_was_lost_comes_and_nothing_is_said_twice(
    unwatched_page: Page, help_center: SimpleNamespace, tapped: bool
) -> None:
    widget = Widget(unwatched_page).open()
    help_center.agent.seen.clear()
    widget.page.route("**/messages", lose_answer)
    if tapped:
        widget.page.get_by_role("button", name="Return an item").click()
    else:
        widget.input.fill("hello")
        widget.input.press("Enter")
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    widget.page.unroute("**/messages")
    widget.page.get_by_role("button", name="Try again").click()
    expect(widget.answers).to_have_count(2)
    expect(widget.asked).to_have_count(1)
    assert len(help_center.agent.texts) == 1


def test_words_that_were_changed_meanwhile_are_another_message(
    unwatched_page: Page, help_center: SimpleNamespace
) -> None:
    widget = Widget(unwatched_page).open()
    help_center.agent.seen.clear()
    widget.page.route("**/messages", lose_answer)
    widget.input.fill("hello")
    widget.input.press("Enter")
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    widget.page.unroute("**/messages")
    widget.input.fill("good evening")
    widget.input.press("Enter")
    expect(widget.answers.last).to_contain_text("You said: good evening")
    assert help_center.agent.texts == ["hello", "good evening"]


def test_a_reload_while_an_answer_is_on_its_way_brings_it_once(
    widget: Widget, help_center: SimpleNamespace
) -> None:
    widget.open()
    help_center.agent.seen.clear()
    widget.input.fill("wait")
    widget.input.press("Enter")
    expect(widget.page.get_by_role("status").filter(has_text="is typing")).to_be_visible()
    widget.page.reload()
    expect(widget.asked).to_have_text([re.compile("wait")])
    help_center.agent.release.set()
    expect(widget.answers).to_have_count(2)
    widget.page.reload()
    expect(widget.answers).to_have_count(2)
    expect(widget.asked).to_have_count(1)
    assert help_center.agent.texts == ["wait"]


def test_words_that_never_arrived_are_said_after_a_reload(
    unwatched_page: Page, help_center: SimpleNamespace
) -> None:
    widget = Widget(unwatched_page).open()
    help_center.agent.seen.clear()
    widget.page.route("**/messages", lambda route: route.abort())
    widget.input.fill("the blender is broken")
    widget.input.press("Enter")
    expect(widget.page.get_by_text(OFFLINE)).to_be_visible()
    widget.page.unroute("**/messages")
    widget.page.reload()
    expect(widget.answers.last).to_contain_text("You said: the blender is broken")
    expect(widget.asked).to_have_count(1)
    assert help_center.agent.texts == ["the blender is broken"]


def test_two_tabs_of_one_session_talk_in_one_conversation(
    widget: Widget, context: BrowserContext, help_center: SimpleNamespace
) -> None:
    widget.open().says("hello")
    stored = widget.page.evaluate("JSON.stringify({ ...sessionStorage })")
    other = context.new_page()
    # As "duplicate tab" does, which copies what the tab keeps.
    other.add_init_script(
        f"if (!sessionStorage.length) Object.entries({stored})"
        ".forEach((one) => sessionStorage.setItem(...one))"
    )
    other.goto(widget.page.url)
    second = Widget(other)
    expect(second.asked).to_have_count(1)
    second.says("from the second tab")
    widget.says("from the first tab")
    spoke = {message.sender_id for message in help_center.agent.seen[-3:]}
    assert len(spoke) == 1
    expect(widget.asked).to_have_count(2)
    expect(second.asked).to_have_count(2)
    other.close()


@pytest.fixture
def own_page(browser: Browser) -> Iterator[Page]:
    """A page whose console may only tell that the server was away."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    context.close()
    assert [text for text in problems if "ERR_CONNECTION_REFUSED" not in text] == []


@pytest.mark.model
@pytest.mark.slow
def test_a_filing_goes_on_after_a_restart_of_the_servers_and_files_once(
    own_page: Page, tmp_path: Path
) -> None:
    ports = {"ASSISTANT_PORT": str(free_port()), "ASSISTANT_ACTIONS_PORT": str(free_port())}
    with ExitStack() as first:
        assistant = first.enter_context(running_assistant(tmp_path, **ports))
        own_page.goto(assistant.url)
        widget = Widget(own_page).open()
        widget.says("my parcel never arrived")
        widget.says("40010002 marie.dubois@example.com")
        own_page.get_by_role("button", name="Buyer Protection").last.click()
        expect(own_page.get_by_text("Step 4 of 5")).to_be_visible()
    # While nobody is there:
    own_page.get_by_role("button", name="Original payment method").last.click()
    expect(own_page.get_by_text(OFFLINE)).to_be_visible()
    with running_assistant(tmp_path, **ports) as assistant:
        own_page.get_by_role("button", name="Try again").click()
        expect(own_page.get_by_text("Step 5 of 5")).to_be_visible()
        own_page.reload()
        expect(own_page.get_by_text("Step 5 of 5")).to_be_visible()
        own_page.get_by_role("button", name="Yes, file it").last.click()
        filed = widget.answers.filter(has_text="Your request number is R-")
        expect(filed).to_be_visible()
        expect(filed.get_by_role("link", name="Receipt (PDF)")).to_be_visible()
        with closing(sqlite3.connect(assistant.database)) as desk:
            (count,) = desk.execute("SELECT count(*) FROM return_requests").fetchone()
            (past,) = desk.execute(
                "SELECT count(*) FROM return_requests WHERE conversation_id IS NULL"
            ).fetchone()
    assert count - past == 1

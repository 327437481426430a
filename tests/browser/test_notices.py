"""What the assistant says without having been asked, in a real browser."""

from __future__ import annotations

import re
import secrets
from types import SimpleNamespace
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from bot.desk import Desk, RequestStatus, Step
from bot.help_center.sessions import Sessions
from bot.request_links import RequestLinks
from tests.browser.test_accessibility import grave
from tests.browser.widget import Widget
from tests.desk.shop import bring, order, pieces, verified
from tests.help_center.fake_assistant import KEY

pytestmark = pytest.mark.browser

NEWS = re.compile("News about your return request R-")
FIRST = 40_000
"""Milliseconds within which a chat that waits for news has asked; it asks sooner mostly."""


class Filed:
    """A buyer's chat with a request, as the shop's desk has it."""

    def __init__(self, widget: Widget, desk: Desk) -> None:
        self.widget = widget
        self.page = widget.page
        self.desk = desk
        self.asked: list[str] = []
        self.page.on("request", lambda r: self.asked.append(r.url) if "/notices" in r.url else None)

    def file(self) -> Filed:
        """Opens the chat and files, so that there is something to wait for."""
        self.widget.open().says("receipt")
        number = str(secrets.randbelow(10**8) + 10**8)
        bring(self.desk, order(number=number))
        chat = self.conversation()
        item = verified(self.desk, number, chat=chat)[0]
        # Broken on arrival, so that the month's labels last for all tests.
        self.number = self.desk.file(chat, pieces(item, 1, number, number)).number
        return self

    def conversation(self) -> str:
        token = self.page.evaluate("JSON.parse(sessionStorage['buyer-assistant']).token")
        return str(Sessions(KEY, 12).conversation(f"Bearer {token}"))

    def comes(self, reached: RequestStatus | Step) -> None:
        """The shop moves the request along."""
        self.desk.advance(self.number, reached, "tests")

    def wait(self, milliseconds: int = FIRST) -> None:
        """Lets the browser's clock run."""
        # What the server knows of all chats is a second old at the most.
        self.page.wait_for_timeout(1100)
        for _ in range(0, milliseconds, 5000):
            self.page.clock.run_for(min(milliseconds, 5000))
            self.page.wait_for_timeout(40)

    @property
    def news(self) -> Locator:
        return self.widget.answers.filter(has_text=NEWS)


@pytest.fixture
def filed(widget: Widget, help_center: SimpleNamespace) -> Filed:
    widget.page.clock.install()
    widget.page.reload()
    return Filed(widget, help_center.desk).file()


def test_a_status_change_arrives_in_the_open_chat_by_itself(filed: Filed) -> None:
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    expect(filed.news).to_have_count(1)
    expect(filed.news).to_contain_text("what you sent back has arrived at the warehouse")
    expect(filed.widget.input).to_be_focused()
    expect(filed.news.get_by_role("link", name="Open your request")).to_have_attribute(
        "href", re.compile(rf"^http://[^/]+/requests/{filed.number}\?key=")
    )


def test_it_arrives_within_seconds_while_something_is_waited_for(filed: Filed) -> None:
    filed.comes(RequestStatus.RECEIVED)
    filed.wait(6000)
    expect(filed.news).to_have_count(1)


def test_a_persons_answer_is_plain_text_from_a_named_person(filed: Filed) -> None:
    ticket = filed.desk.hand_off(filed.conversation(), "help", "", (), "key").ticket
    hostile = "<img src=x onerror=alert(1)> javascript:alert(1) https://example.org/a"
    filed.desk.answer_hand_off(ticket, hostile, "1", "<b>Maria</b>")
    filed.wait()
    answer = filed.widget.answers.last
    expect(answer).to_contain_text("<b>Maria</b> from our team has answered your question, ticket")
    expect(answer.locator(".chat-card")).to_have_text(hostile)
    assert answer.inner_text().count(hostile) == 1, "told twice"
    expect(answer.locator("img, script, p b")).to_have_count(0)
    links = answer.get_by_role("link")
    expect(links).to_have_text(["https://example.org/a", "/support"])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_news_and_their_badge_keep_nobody_out(
    filed: Filed, scheme: Literal["light", "dark"]
) -> None:
    filed.page.emulate_media(color_scheme=scheme)
    filed.page.get_by_role("button", name="Close the chat").click()
    filed.comes(RequestStatus.RECEIVED)
    ticket = filed.desk.hand_off(filed.conversation(), "help", "", (), "key").ticket
    filed.desk.answer_hand_off(ticket, "See https://example.org/a", "1", "Maria")
    filed.wait()
    launcher = filed.page.get_by_role("button", name="2 new messages")
    expect(launcher).to_be_visible()
    assert grave(filed.page) == []
    launcher.click()
    filed.news.locator("summary").click()
    assert grave(filed.page) == []


def test_a_notice_is_shown_once_also_after_a_reload(filed: Filed) -> None:
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    filed.wait()
    expect(filed.news).to_have_count(1)
    filed.page.reload()
    expect(filed.news).to_have_count(1)
    filed.wait()
    expect(filed.news).to_have_count(1)
    filed.comes(RequestStatus.REFUNDED)
    filed.wait()
    expect(filed.news).to_have_count(2)


def test_a_closed_chat_shows_how_many_messages_are_new(filed: Filed) -> None:
    page = filed.page
    page.get_by_role("button", name="Close the chat").click()
    filed.comes(Step.PARCEL_SENT)
    filed.wait()
    launcher = page.get_by_role("button", name="Chat with us, 1 new message", exact=True)
    expect(launcher).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 new message")).to_have_count(1)
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    launcher = page.get_by_role("button", name="Chat with us, 2 new messages", exact=True)
    launcher.click()
    expect(filed.news).to_have_count(2)
    page.get_by_role("button", name="Close the chat").click()
    expect(page.get_by_role("button", name="Chat with us", exact=True)).to_be_visible()


def test_on_another_page_of_the_shop_news_arrive_before_the_chat_is_loaded(filed: Filed) -> None:
    page = filed.page
    page.get_by_role("button", name="Close the chat").click()
    page.goto(page.url.rstrip("/") + RequestLinks(KEY, hours=1, days=1).address(filed.number))
    page.wait_for_function("window.BuyerAssistant")
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    launcher = page.get_by_role("button", name="Chat with us, 1 new message", exact=True)
    expect(launcher).to_be_visible()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [name for name in loaded if "deep-chat" in name or "chat.js" in name]
    page.reload()
    launcher.click()
    expect(filed.news).to_have_count(1)


def test_a_hidden_tab_asks_nothing_and_catches_up(filed: Filed) -> None:
    page = filed.page
    page.evaluate(
        "Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true })"
    )
    page.evaluate("window.away = true; document.dispatchEvent(new Event('visibilitychange'))")
    filed.asked.clear()
    filed.comes(RequestStatus.RECEIVED)
    filed.wait(600_000)
    assert filed.asked == []
    page.evaluate("window.away = false; document.dispatchEvent(new Event('visibilitychange'))")
    filed.wait(6000)
    expect(filed.news).to_have_count(1)


def test_nothing_is_asked_once_the_session_is_over(filed: Filed) -> None:
    filed.page.clock.fast_forward("12:00:01")
    filed.wait(1000)
    filed.asked.clear()
    filed.wait(600_000)
    assert filed.asked == []


def test_a_quiet_chat_asks_less_and_less(filed: Filed) -> None:
    filed.wait(180_000)
    filed.asked.clear()
    filed.wait(300_000)
    assert 8 <= len(filed.asked) <= 13


def test_a_closed_chat_with_nothing_filed_asks_nothing(
    widget: Widget, help_center: SimpleNamespace
) -> None:
    widget.page.clock.install()
    widget.page.reload()
    chat = Filed(widget, help_center.desk)
    widget.open().says("hello")
    widget.page.get_by_role("button", name="Close the chat").click()
    chat.asked.clear()
    chat.wait(600_000)
    assert chat.asked == []
    widget.page.reload()
    chat.wait(600_000)
    assert chat.asked == []


def test_two_tabs_of_one_session_are_both_told(filed: Filed, context: BrowserContext) -> None:
    stored = filed.page.evaluate("JSON.stringify({ ...sessionStorage })")
    other = context.new_page()
    other.clock.install()
    # As "duplicate tab" does, which copies what the tab keeps.
    other.add_init_script(
        f"if (!sessionStorage.length) Object.entries({stored})"
        ".forEach((one) => sessionStorage.setItem(...one))"
    )
    other.goto(filed.page.url)
    second = Widget(other)
    expect(second.answers).to_have_count(2)
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    other.clock.run_for(FIRST)
    expect(filed.news).to_have_count(1)
    expect(second.answers.filter(has_text=NEWS)).to_have_count(1)
    other.close()


def test_news_stand_below_the_answer_that_is_on_its_way(
    filed: Filed, help_center: SimpleNamespace
) -> None:
    filed.widget.input.fill("wait")
    filed.widget.input.press("Enter")
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    expect(filed.news).to_have_count(0)
    help_center.agent.release.set()
    expect(filed.widget.answers).to_have_count(4)
    expect(filed.widget.answers.nth(2)).to_contain_text("You said: wait")
    expect(filed.widget.answers.nth(3)).to_contain_text("News about")


def test_the_page_hears_of_news_too(filed: Filed) -> None:
    filed.page.evaluate(
        "window.heard = []; BuyerAssistant.on('message', (m) => heard.push(m.text)); 0"
    )
    filed.comes(RequestStatus.RECEIVED)
    filed.wait()
    expect(filed.news).to_have_count(1)
    assert NEWS.match(filed.page.evaluate("heard.at(-1)"))


def test_a_lost_connection_asks_again_later(
    unwatched_page: Page, help_center: SimpleNamespace
) -> None:
    unwatched_page.clock.install()
    unwatched_page.reload()
    filed = Filed(Widget(unwatched_page), help_center.desk).file()
    filed.page.route("**/notices*", lambda route: route.abort())
    filed.comes(RequestStatus.RECEIVED)
    filed.wait(900_000)
    assert 2 <= len(filed.asked) < 12
    expect(filed.news).to_have_count(0)
    filed.page.unroute("**/notices*")
    filed.wait(400_000)
    expect(filed.news).to_have_count(1)

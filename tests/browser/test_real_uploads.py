"""Good and hostile files from a real browser to the real checks; the chat goes on after each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.desk import Desk, migrate
from tests import evidence_files
from tests.browser.test_uploads import DROP, a_file, choose
from tests.browser.widget import Widget
from tests.help_center.fake_assistant import running, settings_for_tests

pytestmark = pytest.mark.browser


@dataclass
class HelpCenter:
    """A help center that takes files.

    Attributes:
        url: its address.
        folder: where it keeps files.
    """

    url: str
    folder: Path

    def kept(self) -> list[Path]:
        """The files that were taken, without their small pictures."""
        files = (self.folder / "evidence" / "kept").rglob("*")
        return [path for path in files if path.is_file() and ".thumbnail" not in path.name]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelpCenter]:
    folder = tmp_path_factory.mktemp("uploads")
    settings = settings_for_tests(
        folder,
        messages_per_minute=1000,
        sessions_per_minute=1000,
        evidence_files_per_minute=1000,
        evidence_free_mb=0,
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    with running(settings) as server:
        yield HelpCenter(str(server.url), folder)
    desk.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.fixture
def chat(page: Page, center: HelpCenter) -> Widget:
    page.goto(center.url)
    return Widget(page).open()


def test_each_kind_of_file_is_taken_and_shown(chat: Widget, center: HelpCenter) -> None:
    files = {
        "crack.jpg": evidence_files.jpeg(),
        "screen.png": evidence_files.png(),
        "phone.heic": evidence_files.heic(),
        "bill.pdf": evidence_files.pdf(),
        "fault.mp4": evidence_files.video(),
    }
    choose(chat, *[a_file(name, content, "") for name, content in files.items()])
    added = chat.asked.last
    expect(added).to_contain_text("3 photos, 1 video, 1 document added", timeout=60_000)
    pictures = added.get_by_role("img")
    expect(pictures).to_have_count(5)
    for picture in pictures.all():
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)")
    expect(chat.answers.last).to_contain_text("You said: /give_evidence")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", lambda: evidence_files.HTML),
        ("drawing.svg", lambda: evidence_files.SVG),
        ("drawing.png", lambda: evidence_files.SVG),
        ("moving.gif", lambda: evidence_files.GIF),
        ("bomb.png", evidence_files.png_bomb),
        ("empty.jpg", lambda: b""),
        ("cut.jpg", lambda: evidence_files.jpeg()[:600]),
    ],
    ids=["page as photo", "script in SVG", "SVG as PNG", "GIF", "bomb", "empty", "cut off"],
)
def test_a_hostile_file_has_a_sentence_and_the_chat_goes_on(
    chat: Widget, center: HelpCenter, name: str, content: Callable[[], bytes]
) -> None:
    before = center.kept()
    choose(chat, a_file(name, content(), "image/png"))
    refused = chat.page.locator('[data-state="failed"]')
    expect(refused).to_contain_text(name, timeout=60_000)
    sentence = refused.locator(".chat-state").inner_text()
    assert len(sentence) > 20
    assert sentence.endswith(".")
    assert center.kept() == before
    expect(chat.says("hello")).to_contain_text("You said: hello")
    choose(chat, a_file("fine.jpg", evidence_files.jpeg((300, 200 + len(name))), "image/jpeg"))
    expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)


@pytest.mark.parametrize("kind", sorted(evidence_files.polyglots()))
def test_of_a_polyglot_only_the_picture_is_left(
    chat: Widget, center: HelpCenter, kind: str
) -> None:
    before = set(center.kept())
    choose(chat, a_file("two.jpg", evidence_files.polyglots()[kind], "image/jpeg"))
    expect(chat.page.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
    for path in set(center.kept()) - before:
        assert evidence_files.SCRIPT not in path.read_bytes()
    expect(chat.says("hello")).to_contain_text("You said: hello")


def test_a_path_or_markup_in_the_name_is_only_a_name(chat: Widget, center: HelpCenter) -> None:
    script = "<img src=x onerror=alert(1)>.jpg"
    for name in ("../../../etc/cron.d/x.jpg", script):
        photo = list(evidence_files.jpeg((320, 200 + len(name))))
        chat.panel.evaluate(
            DROP.replace("[text]", "[new Uint8Array(text)]"), [[name, "image/jpeg", photo]]
        )
        chat.page.evaluate("endDrop()")
        expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)
        assert "/" not in chat.asked.last.locator(".chat-name").inner_text()
        expect(chat.answers.last).to_contain_text("/give_evidence")
    assert chat.log.locator("img[src=x]").count() == 0
    assert all(center.folder in path.parents for path in center.kept())


def test_the_bar_moves_while_a_photo_is_sent(chat: Widget) -> None:
    network = chat.page.context.new_cdp_session(chat.page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 400_000}
    network.send("Network.emulateNetworkConditions", slow)
    choose(chat, a_file("phone.jpg", evidence_files.phone_photo(), "image/jpeg"))
    chat.page.wait_for_function(
        """() => { const of = (root) => [...root.querySelectorAll("*")].flatMap((one) =>
          [one, ...(one.shadowRoot ? of(one.shadowRoot) : [])]);
        const bar = of(document).find((one) => one.localName === "progress");
        return bar && bar.position > 0.1 && bar.position < 0.9; }"""
    )
    network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)


def test_offline_keeps_the_file_until_the_network_is_back(
    chat: Widget, context: BrowserContext
) -> None:
    context.set_offline(True)
    choose(chat, a_file("crack.jpg", evidence_files.jpeg((333, 222)), "image/jpeg"))
    again = chat.page.get_by_role("button", name="Try again: crack.jpg")
    expect(again).to_be_visible()
    context.set_offline(False)
    again.click()
    expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)


def test_what_is_removed_is_gone_from_the_server(chat: Widget, center: HelpCenter) -> None:
    choose(chat, a_file("crack.jpg", evidence_files.jpeg((444, 222)), "image/jpeg"))
    expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)
    address = chat.asked.last.get_by_role("img").get_attribute("src")
    assert address
    assert requests.get(address, timeout=5).status_code == 200
    kept = len(center.kept())
    chat.page.get_by_role("button", name="Remove crack.jpg").click()
    expect(chat.asked.last).to_contain_text("crack.jpg removed")
    assert requests.get(address, timeout=5).status_code == 410
    assert len(center.kept()) == kept - 1


def test_another_chat_cannot_remove_a_file(
    chat: Widget, center: HelpCenter, browser: Browser
) -> None:
    choose(chat, a_file("crack.jpg", evidence_files.jpeg((555, 222)), "image/jpeg"))
    expect(chat.asked.last).to_contain_text("1 photo added", timeout=60_000)
    address = chat.asked.last.get_by_role("img").get_attribute("src") or ""
    id_ = address.split("/evidence/")[1].split("/")[0]
    other: Any = requests.post(f"{center.url}/session", timeout=5).json()
    refused = requests.delete(
        f"{center.url}/evidence/{id_}",
        headers={"Authorization": f"Bearer {other['session']}"},
        timeout=5,
    )
    assert refused.status_code == 404
    assert requests.get(address, timeout=5).status_code == 200

"""Photos and files that the buyer adds to the chat: a stand-in takes them where things go wrong."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_accessibility import grave
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

MEGABYTE = 1_000_000
DROP = """(panel, files) => {
  const given = new DataTransfer();
  for (const [name, type, text] of files) given.items.add(new File([text], name, { type }));
  const send = (kind) => panel.dispatchEvent(new DragEvent(kind, {
    dataTransfer: given, bubbles: true, cancelable: true, composed: true }));
  send("dragenter");
  send("dragover");
  window.endDrop = () => send("drop");
}"""
PASTE = """(input, [name, type, text]) => {
  const given = new DataTransfer();
  given.items.add(new File([text], name, { type }));
  input.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: given, bubbles: true, cancelable: true, composed: true }));
}"""


def picture(colour: str = "firebrick", size: tuple[int, int] = (320, 200)) -> bytes:
    """A PNG of one colour."""
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return content.getvalue()


def a_file(name: str = "crack.png", content: bytes | None = None, kind: str = "image/png") -> dict:
    """A file as Playwright puts it into a field."""
    return {"name": name, "mimeType": kind, "buffer": picture() if content is None else content}


@dataclass
class StandIn:
    """Takes the place of POST /evidence and its kin.

    Attributes:
        taken: names of files that were taken.
        removed: ids of files that were taken back.
        answers: by a part of a file's name, what happens instead: a function of the route.
        held: requests that wait for the test.
    """

    taken: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    answers: dict[str, Callable[[Route], None]] = field(default_factory=dict)
    held: list[Route] = field(default_factory=list)
    thumbnails: bool = True

    def __call__(self, route: Route) -> None:
        request = route.request
        if request.method == "DELETE":
            self.removed.append(request.url.rsplit("/", 1)[1])
            route.fulfill(status=204)
            return
        if "/thumbnail" in request.url:
            route.fulfill(
                status=200 if self.thumbnails else 410,
                content_type="image/png",
                body=picture("olive", (112, 112)) if self.thumbnails else b"",
            )
            return
        found = re.search(rb'filename="([^"]+)"', request.post_data_buffer or b"")
        name = found.group(1).decode() if found else "nothing"
        for part, answer in self.answers.items():
            if part in name:
                answer(route)
                return
        self.take(route, name)

    def take(self, route: Route, name: str) -> None:
        self.taken.append(name)
        number = len(self.taken)
        kind = (
            "document" if name.endswith(".pdf") else "video" if name.endswith(".mp4") else "photo"
        )
        evidence: dict[str, Any] = {"id": f"id{number}", "kind": kind, "name": name, "bytes": 9}
        evidence["thumbnail"] = f"evidence/id{number}/thumbnail?key=k"
        route.fulfill(status=201, json={"evidence": evidence, "say": "these are my files"})


def refuse(status: int, sentence: str) -> Callable[[Route], None]:
    """Answers a file with a status and a sentence, as the channel does."""
    return lambda route: route.fulfill(status=status, json={"messages": [{"text": sentence}]})


@pytest.fixture
def server() -> StandIn:
    return StandIn()


@pytest.fixture
def page(unwatched_page: Page, server: StandIn) -> Page:
    """The help page with the stand-in."""
    unwatched_page.route("**/evidence**", server)
    unwatched_page.route("**/evidence/**", server)
    return unwatched_page


@pytest.fixture
def chat(page: Page) -> Widget:
    return Widget(page).open()


def choose(widget: Widget, *files: Any) -> None:
    """Chooses files with the attach button."""
    with widget.page.expect_file_chooser() as opened:
        widget.page.get_by_role("button", name="Add photos, a video or a PDF").click()
    opened.value.set_files(list(files))


def test_photos_are_added_by_button_and_shown(chat: Widget, server: StandIn) -> None:
    choose(chat, a_file("crack.png"), a_file("box.png"), a_file("bill.pdf", b"%PDF", "text/plain"))
    added = chat.asked.last
    expect(added).to_contain_text("2 photos, 1 document added")
    expect(added.get_by_role("img", name="Preview of crack.png")).to_be_visible()
    expect(added.locator("li")).to_have_count(3)
    expect(chat.answers.last).to_contain_text("You said: these are my files")
    assert server.taken == ["crack.png", "box.png", "bill.pdf"]
    expect(chat.input).to_be_focused()


def test_the_field_takes_several_and_leaves_the_gallery_open(chat: Widget) -> None:
    field = chat.page.locator("input[type=file]")
    assert field.get_attribute("accept") == "image/*,video/*,application/pdf,.heic,.heif"
    assert field.evaluate("field => field.multiple")
    assert field.get_attribute("capture") is None


def test_files_are_added_by_drop_on_a_visible_place(chat: Widget, server: StandIn) -> None:
    place = chat.page.get_by_text("Drop your photos or files here")
    expect(place).to_be_hidden()
    chat.panel.evaluate(DROP, [["a.png", "image/png", "x"], ["b.mp4", "video/mp4", "y"]])
    expect(place).to_be_visible()
    chat.page.evaluate("endDrop()")
    expect(place).to_be_hidden()
    expect(chat.asked.last).to_contain_text("1 photo, 1 video added")
    assert server.taken == ["a.png", "b.mp4"]


def test_a_drag_of_words_shows_no_place(chat: Widget) -> None:
    chat.panel.evaluate(
        """panel => {
          const dataTransfer = new DataTransfer();
          dataTransfer.setData("text/plain", "words");
          panel.dispatchEvent(new DragEvent("dragenter", { dataTransfer, bubbles: true }));
        }"""
    )
    expect(chat.page.get_by_text("Drop your photos or files here")).to_be_hidden()


def test_a_picture_is_added_by_paste_and_words_are_not(chat: Widget, server: StandIn) -> None:
    chat.input.evaluate(PASTE, ["image.png", "image/png", "x"])
    expect(chat.asked.last).to_contain_text("1 photo added")
    expect(chat.input).to_have_text("")
    assert server.taken == ["image.png"]


def test_a_refused_file_has_the_servers_sentence_and_the_other_goes(
    chat: Widget, server: StandIn
) -> None:
    server.answers["virus"] = refuse(415, "This isn't a photo, a PDF or a video.")
    choose(chat, a_file("virus.png"), a_file("crack.png"))
    refused = chat.page.locator('[data-state="failed"]')
    expect(refused).to_contain_text("This isn't a photo, a PDF or a video.")
    expect(refused.get_by_role("button")).to_have_count(0)
    expect(chat.asked.last).to_contain_text("1 photo added")
    expect(chat.says("hello")).to_contain_text("You said: hello")


def test_a_file_that_is_too_large_is_refused_before_it_is_sent(
    chat: Widget, server: StandIn, tmp_path: Path
) -> None:
    huge = tmp_path / "huge.jpg"
    huge.write_bytes(b"\0" * (30 * MEGABYTE))
    choose(chat, huge)
    expect(chat.asked.last).to_contain_text("This is larger than 15 MB.")
    assert server.taken == []
    expect(chat.answers).to_have_count(1)
    expect(chat.says("hello")).to_contain_text("You said: hello")


def test_a_lost_connection_keeps_the_file_and_tries_again(chat: Widget, server: StandIn) -> None:
    server.answers["crack"] = lambda route: route.abort()
    choose(chat, a_file("crack.png"), a_file("box.png"))
    expect(chat.asked.last).to_contain_text("1 photo added")
    lost = chat.page.locator('[data-state="failed"]')
    expect(lost).to_contain_text("The connection was lost. Your file is still here.")
    server.answers.clear()
    lost.get_by_role("button", name="Try again: crack.png").click()
    expect(chat.asked).to_have_count(2)
    expect(chat.asked.last.get_by_role("img", name="Preview of crack.png")).to_be_visible()
    assert server.taken == ["box.png", "crack.png"]
    expect(lost).to_have_count(0)


def test_a_busy_server_may_be_asked_again(chat: Widget, server: StandIn) -> None:
    server.answers["crack"] = refuse(429, "That was a lot at once. Please wait a minute.")
    choose(chat, a_file("crack.png"))
    expect(chat.asked.last).to_contain_text("That was a lot at once.")
    server.answers.clear()
    chat.page.get_by_role("button", name="Try again: crack.png").click()
    expect(chat.asked.last).to_contain_text("1 photo added")


def test_a_file_on_its_way_has_a_bar_and_can_be_cancelled(chat: Widget, server: StandIn) -> None:
    server.answers["slow"] = server.held.append
    choose(chat, a_file("slow.png"))
    bar = chat.page.get_by_role("progressbar", name="slow.png")
    expect(bar).to_be_visible()
    expect(chat.says("hello")).to_contain_text("You said: hello")
    chat.page.get_by_role("button", name="Cancel slow.png").click()
    expect(bar).to_have_count(0)
    expect(chat.asked).to_have_count(1)
    expect(chat.input).to_be_focused()


def test_a_file_that_was_added_can_be_removed(chat: Widget, server: StandIn) -> None:
    choose(chat, a_file("crack.png"), a_file("box.png"))
    chat.page.get_by_role("button", name="Remove crack.png").click()
    expect(chat.asked.last).to_contain_text("crack.png removed")
    assert server.removed == ["id1"]
    expect(chat.page.get_by_role("img", name="Preview of crack.png")).to_have_count(0)
    expect(chat.page.get_by_role("img", name="Preview of box.png")).to_be_visible()
    expect(chat.answers).to_have_count(3)


def test_what_was_added_is_there_after_a_reload_by_its_address(
    chat: Widget, server: StandIn
) -> None:
    choose(chat, a_file("crack.png", picture(size=(2000, 2000))))
    expect(chat.answers).to_have_count(2)
    chat.page.reload()
    expect(chat.page.get_by_role("img", name="Preview of crack.png")).to_be_visible()
    kept = chat.page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])")
    assert "evidence/id1/thumbnail" in kept
    assert "data:" not in kept
    assert "blob:" not in kept
    assert len(kept) < 5000
    server.thumbnails = False
    chat.page.reload()
    expect(chat.asked.last).to_contain_text("crack.png")
    expect(chat.asked.last.locator("svg")).to_be_visible()
    expect(chat.asked.last.locator("img")).to_have_count(0)


def test_a_reload_in_the_middle_tells_what_has_not_arrived(chat: Widget, server: StandIn) -> None:
    server.answers["slow"] = server.held.append
    choose(chat, a_file("crack.png"), a_file("slow.png"))
    expect(chat.page.get_by_role("progressbar", name="slow.png")).to_be_visible()
    expect(chat.asked.locator("li").first).to_contain_text("added")
    chat.page.reload()
    note = chat.page.get_by_text("The page was reloaded before these had arrived: slow.png.")
    expect(note).to_be_visible()
    expect(chat.asked.last).to_contain_text("1 photo added")
    expect(chat.answers.last).to_contain_text("You said: these are my files")
    chat.page.reload()
    expect(chat.asked).to_have_count(1)
    expect(note).to_have_count(0)


def test_without_a_session_the_upload_starts_one(page: Page, server: StandIn) -> None:
    page.route("**/session", lambda route: route.abort())
    widget = Widget(page)
    widget.launcher.click()
    page.get_by_role("button", name="Try again").wait_for()
    page.unroute("**/session")
    choose(widget, a_file("crack.png"))
    expect(widget.asked.last).to_contain_text("1 photo added")
    assert server.taken == ["crack.png"]


def test_a_chat_that_has_ended_begins_anew_with_the_files(chat: Widget, server: StandIn) -> None:
    def ended(route: Route) -> None:
        server.answers.clear()
        refuse(401, "Your last chat has ended.")(route)

    chat.says("hello")
    server.answers["box"] = ended
    choose(chat, a_file("crack.png"), a_file("box.png"))
    expect(chat.asked.last).to_contain_text("2 photos added")
    expect(chat.page.get_by_text("Your last chat has ended.")).to_be_visible()
    expect(chat.page.get_by_text("You said: hello")).to_have_count(0)
    assert server.taken == ["crack.png", "crack.png", "box.png"]


def test_too_many_at_once_are_told(chat: Widget, server: StandIn) -> None:
    choose(chat, *[a_file(f"{number}.png", b"x") for number in range(22)])
    expect(chat.page.get_by_text("Up to 20 at once, please.")).to_be_visible()
    expect(chat.asked.last).to_contain_text("20 photos added")
    assert len(server.taken) == 20


def test_uploading_works_by_keyboard_alone(chat: Widget, server: StandIn) -> None:
    chat.page.keyboard.press("Tab")
    attach = chat.page.get_by_role("button", name="Add photos, a video or a PDF")
    expect(attach).to_be_focused()
    chosen = []
    chat.page.on("filechooser", lambda chooser: chosen.append(chooser))
    for _ in range(3):
        # A headless Chromium that has only just started may miss the first key.
        attach.focus()
        chat.page.keyboard.press("Enter")
        chat.page.wait_for_timeout(1500)
        if chosen:
            break
    assert chosen, "Enter opens no choice of files"
    chosen[-1].set_files([a_file()])
    expect(chat.answers).to_have_count(2)
    chat.page.keyboard.press("Shift+Tab")
    remove = chat.page.get_by_role("button", name="Remove crack.png")
    for _ in range(3):
        if remove.evaluate("button => button.getRootNode().activeElement === button"):
            break
        chat.page.keyboard.press("Shift+Tab")
    expect(remove).to_be_focused()
    chat.page.keyboard.press("Enter")
    expect(chat.asked.last).to_contain_text("crack.png removed")
    assert server.removed == ["id1"]


def test_screen_readers_hear_begin_and_end_and_no_percentages(
    chat: Widget, server: StandIn
) -> None:
    server.answers["slow"] = server.held.append
    choose(chat, a_file("slow.png"))
    way = chat.log.locator('[data-who="buyer"]').last
    expect(way).to_contain_text("I'm adding this…")
    assert "%" not in way.inner_text()
    server.answers.clear()
    server.take(server.held.pop(), "slow.png")
    expect(chat.log.locator('[data-who="buyer"]').last).to_contain_text("1 photo added")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("surface", ["deep-chat", "plain"])
def test_each_state_keeps_nobody_out(
    browser: Browser,
    help_center: SimpleNamespace,
    server: StandIn,
    scheme: Any,
    width: int,
    surface: str,
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.route("**/evidence**", server)
    page.route("**/evidence/**", server)
    if surface == "plain":
        page.route("**/deep-chat.js*", lambda route: route.abort())
    page.goto(help_center.url)
    widget = Widget(page).open()
    expect(page.locator("deep-chat")).to_have_count(0 if surface == "plain" else 1)
    server.answers = {
        "no": refuse(415, "Not this one."),
        "lost": lambda route: route.abort(),
        "slow": server.held.append,
    }
    choose(widget, a_file("no.png"), a_file("lost.png"), a_file("yes.png"), a_file("slow.png"))
    expect(page.get_by_role("progressbar", name="slow.png")).to_be_visible()
    expect(page.get_by_role("button", name="Try again: lost.png")).to_be_visible()
    assert grave(page) == []
    server.take(server.held.pop(), "slow.png")
    expect(widget.asked.last).to_contain_text("2 photos added")
    assert grave(page) == []
    for said in ("asks for photos", "sums up photos"):
        widget.says(said)
        assert grave(page) == [], said
    widget.panel.evaluate(DROP, [["a.png", "image/png", "x"]])
    expect(page.get_by_text("Drop your photos or files here")).to_be_visible()
    assert grave(page) == []
    wide = page.evaluate("document.scrollingElement.scrollWidth - innerWidth")
    assert wide <= 0
    context.close()


def test_what_is_filed_is_not_taken_back(chat: Widget, server: StandIn) -> None:
    choose(chat, a_file("crack.png"))
    remove = chat.page.get_by_role("button", name="Remove crack.png")
    expect(remove).to_be_visible()
    chat.says("receipt")
    expect(remove).to_have_count(0)
    choose(chat, a_file("box.png"))
    expect(chat.page.get_by_role("button", name="Remove box.png")).to_be_visible()
    chat.page.reload()
    expect(chat.page.get_by_role("button", name="Remove box.png")).to_be_visible()
    expect(remove).to_have_count(0)


def test_a_lost_turn_keeps_its_photos_in_sight(chat: Widget, server: StandIn) -> None:
    chat.page.route("**/messages", lambda route: route.abort())
    choose(chat, a_file("crack.png"))
    again = chat.page.get_by_role("button", name="Try again", exact=True)
    expect(again).to_be_visible()
    expect(chat.page.get_by_role("img", name="Preview of crack.png")).to_be_visible()
    chat.page.unroute("**/messages")
    again.click()
    expect(chat.answers.last).to_contain_text("You said: these are my files")
    expect(chat.asked).to_have_count(1)
    chat.page.reload()
    expect(chat.page.get_by_role("img", name="Preview of crack.png")).to_be_visible()


def test_the_question_for_photos_has_a_button_for_them(chat: Widget, server: StandIn) -> None:
    chat.says("asks for photos")
    chat.page.reload()
    with chat.page.expect_file_chooser() as opened:
        chat.page.get_by_role("button", name="Add photos or files").click()
    opened.value.set_files([a_file()])
    expect(chat.answers.last).to_contain_text("You said: these are my files")
    for name in ("Add photos or files", "I'll add it later"):
        expect(chat.page.get_by_role("button", name=name)).to_have_count(0)
    chat.page.reload()
    expect(chat.asked.last).to_contain_text("1 photo added")
    expect(chat.page.get_by_role("button", name="Add photos or files")).to_have_count(0)


def test_a_summary_shows_the_photos_above_its_question(chat: Widget, server: StandIn) -> None:
    summary = chat.says("sums up photos")
    expect(summary.get_by_role("img", name="Preview of crack.jpg")).to_be_visible()
    expect(summary.locator("dd")).to_have_text(["40010001", "2 photos"])
    places = [
        summary.get_by_role("img").first.bounding_box(),
        summary.get_by_text("Shall I file it?").bounding_box(),
    ]
    assert places[0]
    assert places[1]
    assert places[0]["y"] < places[1]["y"]

"""Pictures of every screen for the docs: light, dark, and on a phone.

`make screenshots` starts a fresh assistant with the demo orders, on Monday, 23 November 2026, walks
through the screens as a buyer does and writes small PNG files to docs/images.
`ONLY="result receipt"` keeps it to some of them.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from bot.settings import ROOT
from tests.browser.conftest import CHROMIUM_ARGUMENTS, find_chromium
from tests.browser.test_check import ASKING, RESULT
from tests.browser.widget import Widget
from tests.conversations.conftest import Desk
from tests.running import RunningAssistant, running_assistant

IMAGES = ROOT / "docs" / "images"
MAX_BYTES = 2_000_000
"""Of all pictures together."""
COLOURS = 64
ORDER, EMAIL = "40010007", "lucia.garcia@example.com"
BROKEN_ORDER, BROKEN_EMAIL = "40010001", "ana.souza@example.com"
WIDE = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 1.5, "has_touch": True}
MODES: dict[str, dict[str, Any]] = {
    "light": {**WIDE, "color_scheme": "light"},
    "dark": {**WIDE, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
}
ANSWERS = (
    ("packaging|all the parts", "Yes"),
    ("Which way", "Free Return"),
    ("get your money back", "Original payment method"),
    ("photo|evidence", "Later|No, thank you|Without|Skip|Go on"),
)
"""What is tapped at questions that a plain "no" doesn't answer: in the question, in the button."""
TURNS = 20


@dataclass
class Walk:
    """One way through the screens.

    Attributes:
        assistant: the running assistant.
        page: the browser's page.
        mode: a key of `MODES`.
        only: the screens that are wanted; all when empty.
        taken: the screens that were taken already.
    """

    assistant: RunningAssistant
    page: Page
    mode: str
    only: frozenset[str]
    taken: set[str] = field(default_factory=set)

    def take(self, screen: str, *, of: Locator | None = None) -> None:
        """Takes a picture of what is in the window, with something at its top where given."""
        self.taken.add(screen)
        if self.only and screen not in self.only:
            return
        if of is not None:
            of.evaluate("element => element.scrollIntoView({ block: 'start' })")
        self.page.wait_for_timeout(400)
        content = self.page.screenshot(animations="disabled", caret="hide")
        path = IMAGES / f"{screen}-{self.mode}.png"
        path.write_bytes(smaller(content))
        print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")

    def go(self, path: str) -> None:
        """Opens a page of the help center."""
        self.page.goto(self.assistant.url + path, wait_until="networkidle")


def smaller(content: bytes) -> bytes:
    """A picture with few colours, which is enough for text and flat areas."""
    few = Image.open(BytesIO(content)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def pages(walk: Walk) -> None:
    """The pages that work without the chat."""
    for screen, path in (
        ("help", "/"),
        ("rules", "/#rules"),
        ("check", "/check"),
        ("question", ASKING),
        ("result", RESULT),
        ("rights", "/rights/PT"),
    ):
        walk.go(path)
        walk.take(screen)


def chat(walk: Walk) -> str:
    """From the greeting to the receipt.

    Returns:
        The address of the request's page.
    """
    walk.go("/")
    widget = Widget(walk.page).open()
    walk.take("greeting")
    widget.says("I changed my mind about my order")
    widget.says(f"{ORDER} {EMAIL}")
    for _ in range(TURNS):
        walk.page.wait_for_timeout(500)
        for card in ("decision", "summary"):
            shown = widget.answers.filter(has=walk.page.locator(f'[data-card="{card}"]'))
            if shown.count() and card not in walk.taken:
                walk.take(card, of=shown.last)
        receipt = walk.page.locator('[data-card="receipt"]')
        if receipt.count():
            walk.take("receipt", of=receipt.last)
            link = walk.page.locator('a[href*="/requests/R-"]').first
            return str(link.get_attribute("href")).split("#")[0]
        _tap(widget)
    raise SystemExit(f"no receipt after {TURNS} answers; the chat asks: {_question(widget)}")


def photos(walk: Walk) -> None:
    """Photos that were added where the chat asks for them."""
    walk.go("/")
    page, widget = walk.page, Widget(walk.page).open()
    widget.says(f"My blender arrived broken, order {BROKEN_ORDER}, {BROKEN_EMAIL}")
    for answer in ("no", "yes", "no", "no"):
        widget.says(answer)
    page.get_by_role("button", name="Buyer Protection").last.click()
    with page.expect_file_chooser() as opened:
        page.get_by_role("button", name="Add photos or files").click()
    names = ("crack.jpg", "parcel.jpg")
    pictures = (drawing("#c9d8d2", "#43695b"), drawing("#d9c2a0", "#7a5730"))
    opened.value.set_files(
        [
            {"name": name, "mimeType": "image/jpeg", "buffer": picture}
            for name, picture in zip(names, pictures, strict=True)
        ]
    )
    page.get_by_role("button", name="That's all").wait_for()
    walk.take("photos")


def drawing(ground: str, thing: str) -> bytes:
    """A photo, drawn: a glass jug with a crack."""
    picture = Image.new("RGB", (800, 600), ground)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((250, 120, 550, 540), 40, fill=thing)
    draw.arc((500, 200, 660, 420), -90, 90, fill=thing, width=36)
    draw.line(((300, 150), (380, 260), (350, 330), (450, 430), (430, 520)), fill="white", width=9)
    draw.line(((350, 330), (290, 400)), fill="white", width=7)
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def request(walk: Walk, address: str) -> None:
    """The page of the request that was filed, and its label."""
    walk.page.goto(address, wait_until="networkidle")
    walk.take("request")
    label = walk.page.locator('a[href*="/label"]').first
    if walk.mode == "light" and label.count():
        href = label.get_attribute("href") or ""
        walk.page.set_viewport_size({"width": 800, "height": 1130})
        walk.page.goto(f"{walk.assistant.url}{href}#toolbar=0&view=Fit")
        walk.page.wait_for_timeout(2000)  # the browser's PDF viewer says nothing when it is done
        walk.take("label")
        walk.page.set_viewport_size(WIDE["viewport"])


def withdrawal(walk: Walk) -> None:
    """The statement of a withdrawal, before it is confirmed."""
    walk.go("/withdraw")
    page = walk.page
    page.get_by_label("Order number").first.fill(ORDER)
    page.get_by_label("E-mail address of the order").first.fill(EMAIL)
    page.get_by_role("button", name="Find my order").first.click()
    page.get_by_role("button", name="Withdraw from contract here").first.click()
    page.get_by_role("button", name="Confirm withdrawal").wait_for()
    walk.take("withdrawal")


def _question(widget: Widget) -> str:
    return str(widget.answers.last.inner_text())


def _tap(widget: Widget) -> None:
    """Answers the last question: as `ANSWERS` says, else with a no, else with the first button."""
    asked, before = _question(widget), widget.answers.count()
    buttons = widget.answers.last.locator(".chat-choices button")
    titles = buttons.all_inner_texts()
    wanted = [button for question, button in ANSWERS if re.search(question, asked, re.I)]
    wanted += ["Yes, file it", "No", "Later|Skip"]
    found = (i for want in wanted for i, title in enumerate(titles) if re.match(want, title))
    if titles:
        buttons.nth(next(found, 0)).click()
    else:
        widget.input.fill("I don't know")
        widget.input.press("Enter")
    widget.answers.nth(before).wait_for()


def walk_through(browser: Browser, assistant: RunningAssistant, only: frozenset[str]) -> None:
    """Every screen in every mode, each mode with the demo orders as they were."""
    for mode in MODES:
        Desk(assistant.database).refresh()
        for step in (pages, withdrawal, photos):
            with visitor(browser, mode) as page:
                step(Walk(assistant, page, mode, only))
        with visitor(browser, mode) as page:
            address = chat(Walk(assistant, page, mode, only))
        with visitor(browser, mode) as page:
            request(Walk(assistant, page, mode, only), address)


@contextmanager
def visitor(browser: Browser, mode: str) -> Iterator[Page]:
    """A page of a new visitor, so that no earlier chat opens by itself."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce", **MODES[mode])
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def main() -> None:
    """Takes the pictures and says what they weigh."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[], help="screens, such as result receipt")
    only = frozenset(parser.parse_args().only)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = {"ASSISTANT_RETURN_ADDRESS": "Returns Center;Kaai 12;2030 Antwerp;Belgium"}
        with running_assistant(Path(folder), **settings) as assistant, sync_playwright() as played:
            assistant.keep_fresh()
            path = find_chromium()
            browser = played.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
            walk_through(browser, assistant, only)
            browser.close()
    weight = sum(path.stat().st_size for path in IMAGES.glob("*.png"))
    print(f"docs/images: {weight:,} bytes")
    if weight > MAX_BYTES:
        raise SystemExit(f"more than {MAX_BYTES:,} bytes: take fewer pictures or fewer colours")


if __name__ == "__main__":
    main()

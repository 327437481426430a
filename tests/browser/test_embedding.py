"""The chat on a shop's own page: another origin, a strict content policy, twice, by script."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.desk import migrate
from bot.settings import ROOT
from tests import evidence_files
from tests.browser.test_uploads import a_file, choose
from tests.browser.widget import Widget
from tests.help_center.fake_assistant import running, settings_for_tests

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Shop</title>{head}</head>
<body><h1>Shop</h1><a href="#cart">Cart</a><button id="help">Help</button></body></html>"""


class _Shop(BaseHTTPRequestHandler):
    """Serves the page that a test has set, with a strict content policy."""

    def __init__(self, shop: SimpleNamespace, *args: object) -> None:
        self._shop = shop
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        pages = {"/": PAGE.format(head=self._shop.head), "/example": self._shop.page}
        content = pages.get(self.path, "").encode()
        self.send_response(200 if content else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self._shop.policy)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing: what a test sees is in the browser."""


@contextmanager
def shop_server(folder: Path, **changes: object) -> Iterator[SimpleNamespace]:
    """A shop's page of another origin, and the help center that it may talk to."""
    shop = SimpleNamespace(head="", policy="", page="")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Shop, shop))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    shop.url = f"http://localhost:{server.server_port}"
    shop.settings = settings_for_tests(
        folder,
        allowed_origins=shop.url,
        messages_per_minute=1000,
        sessions_per_minute=1000,
        evidence_free_mb=0,
        **changes,
    )
    migrate(shop.settings.database_url)
    with running(shop.settings) as assistant:
        shop.assistant = assistant
        yield shop
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    with shop_server(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture
def shop_page(shop: SimpleNamespace, context: BrowserContext) -> Iterator[Page]:
    """A page of the shop with docs/widget.md's policy, whose console must stay clean."""
    address = shop.assistant.url
    shop.policy = (
        f"default-src 'none'; script-src {address}; connect-src {address}; img-src {address}"
    )
    page = context.new_page()
    problems: list[str] = []
    page.on(
        "console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    yield page
    assert problems == []


def tag(shop: SimpleNamespace, data: str = "") -> str:
    return f'<script src="{shop.assistant.url}/assistant.js" {data} async></script>'


def visit(page: Page, shop: SimpleNamespace, data: str = "", times: int = 1) -> Widget:
    shop.head = tag(shop, data) * times
    page.goto(shop.url)
    widget = Widget(page)
    widget.launcher.wait_for()
    return widget


def test_a_shop_of_another_origin_embeds_the_chat_under_a_strict_policy(
    shop: SimpleNamespace, shop_page: Page
) -> None:
    widget = visit(shop_page, shop).open()
    expect(widget.says("hello")).to_contain_text("You said: hello")
    expect(widget.says("decide").locator("li").first).to_contain_text("Buyer Protection")
    shop_page.reload()
    expect(widget.asked).to_have_count(2)


def test_photos_are_added_on_a_shops_page_under_its_policy(
    shop: SimpleNamespace, shop_page: Page
) -> None:
    widget = visit(shop_page, shop).open()
    choose(widget, a_file("crack.jpg", evidence_files.jpeg(), "image/jpeg"))
    expect(widget.asked.last).to_contain_text("1 photo added", timeout=30_000)
    preview = widget.asked.last.get_by_role("img", name="Preview of crack.jpg")
    assert preview.evaluate("image => image.decode().then(() => image.naturalWidth)")
    shop_page.get_by_role("button", name="Remove crack.jpg").click()
    expect(widget.asked.last).to_contain_text("crack.jpg removed")


def test_the_rest_loads_only_when_the_chat_is_opened(
    shop: SimpleNamespace, shop_page: Page
) -> None:
    asked: list[str] = []
    shop_page.on("request", lambda request: asked.append(request.url))
    widget = visit(shop_page, shop)
    shop_page.wait_for_load_state("networkidle")
    ours = [url for url in asked if url.startswith(shop.assistant.url)]
    assert ours == [f"{shop.assistant.url}/assistant.js"]
    widget.open()
    assert {url.split("/")[2] for url in asked} == {
        address.split("/")[2] for address in (shop.url, shop.assistant.url)
    }


def test_the_tag_may_stand_on_a_page_twice(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop, times=2)
    shop_page.wait_for_load_state("networkidle")
    expect(widget.launcher).to_have_count(1)
    widget.open()
    expect(widget.answers).to_have_count(1)


def test_a_page_of_an_origin_that_is_not_allowed_gets_a_sentence(
    shop: SimpleNamespace, context: BrowserContext
) -> None:
    page = context.new_page()
    shop.policy, shop.head = "", tag(shop)
    page.goto(shop.url.replace("localhost", "127.0.0.1"))
    widget = Widget(page)
    widget.launcher.click()
    expect(page.get_by_text("I can't reach the help center right now.")).to_be_visible()
    expect(widget.answers).to_have_count(0)


def test_the_tag_sets_theme_and_place(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop, 'data-theme="dark" data-position="left"').open()
    box = widget.panel.bounding_box()
    assert box
    assert box["x"] == 24
    red = widget.panel.evaluate("p => +getComputedStyle(p).backgroundColor.match(/\\d+/)[0]")
    assert red < 80, "the panel isn't dark"


def test_the_pages_own_styles_stay_outside(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop)
    shape = "b => [b.offsetWidth, b.offsetHeight, getComputedStyle(b).color]"
    before = widget.launcher.evaluate(shape)
    shop_page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync('* { font-size: 40px; color: lime; display: block; line-height: 3 }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    assert widget.launcher.evaluate(shape) == before


def test_an_order_of_the_page_is_one_tap_away(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop, 'data-order="40010001"').open()
    shop_page.get_by_role("button", name="It's about order 40010001").click()
    expect(widget.answers.last).to_contain_text("You said: It's about order 40010001")
    assert shop.assistant.agent.texts[-1] == "It's about order 40010001"


def test_a_page_colours_the_chat_with_variables(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop)
    shop_page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
        sheet.replaceSync(':root { --assistant-accent: rgb(0, 90, 60); --assistant-radius: 3px }');
        document.adoptedStyleSheets = [sheet]; }"""
    )
    expect(widget.launcher).to_have_css("background-color", "rgb(0, 90, 60)")
    widget.open()
    expect(widget.panel).to_have_css("border-top-left-radius", "3px")


def test_the_example_page_of_the_docs_works(shop: SimpleNamespace, context: BrowserContext) -> None:
    example = (ROOT / "docs/examples/shop.html").read_text(encoding="utf-8")
    shop.policy, shop.page = "", example.replace("http://127.0.0.1:5005", shop.assistant.url)
    page = context.new_page()
    page.goto(f"{shop.url}/example")
    page.get_by_role("button", name="Something wrong with it?").click()
    widget = Widget(page)
    expect(page.get_by_role("button", name="It's about order 40010001")).to_be_visible()
    page.get_by_role("button", name="Where is my refund?").click()
    expect(widget.answers.last).to_contain_text("You said: Where is my refund?")
    expect(page.locator("#said")).to_have_text("assistant: You said: Where is my refund?")


def test_a_page_can_open_say_listen_and_close(shop: SimpleNamespace, shop_page: Page) -> None:
    widget = visit(shop_page, shop)
    shop_page.evaluate(
        """() => { window.heard = [];
        for (const name of ["open", "close", "message"])
          BuyerAssistant.on(name, (detail) => heard.push([name, detail.who, detail.text])); }"""
    )
    shop_page.evaluate("BuyerAssistant.open(); BuyerAssistant.send('where is my parcel?')")
    expect(widget.answers.last).to_contain_text("You said: where is my parcel?")
    shop_page.evaluate("BuyerAssistant.close()")
    expect(widget.panel).to_be_hidden()
    shop_page.get_by_role("button", name="Help").focus()
    shop_page.evaluate("BuyerAssistant.open()")
    expect(widget.input).to_be_focused()
    shop_page.keyboard.press("Escape")
    expect(shop_page.get_by_role("button", name="Help")).to_be_focused()
    assert shop_page.evaluate("heard.map((h) => h.filter(Boolean).join(' '))") == [
        "open",
        "message assistant Hi! What can I do for you?",
        "message buyer where is my parcel?",
        "message assistant You said: where is my parcel?",
        "close",
        "open",
        "close",
    ]


def test_where_deep_chat_does_not_arrive_the_chat_is_plain_and_works(
    shop: SimpleNamespace, context: BrowserContext
) -> None:
    page = context.new_page()
    page.route("**/deep-chat.js*", lambda route: route.abort())
    widget = visit(page, shop).open()
    expect(page.locator("deep-chat")).to_have_count(0)
    expect(widget.says("hello")).to_contain_text("You said: hello")
    expect(widget.says("decide").locator("details").last).to_be_visible()
    page.keyboard.press("Escape")
    expect(widget.launcher).to_be_focused()


def test_a_chat_that_could_not_be_loaded_says_so_and_loads_later(
    shop: SimpleNamespace, context: BrowserContext
) -> None:
    page = context.new_page()
    page.route("**/chat.css*", lambda route: route.abort())
    widget = visit(page, shop)
    widget.launcher.click()
    expect(page.get_by_role("alert")).to_have_text(
        "The chat couldn't be loaded. Please try again in a moment."
    )
    page.unroute("**/chat.css*")
    widget.open()
    expect(widget.answers).to_have_count(1)

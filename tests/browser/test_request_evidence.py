"""Adding evidence on a request's page in a real browser, with JavaScript switched off."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from bot.desk import Desk, RequestStatus, migrate
from bot.request_links import request_links
from tests import evidence_files as files
from tests.browser.test_accessibility import grave
from tests.browser.test_withdrawal import fits
from tests.desk.shop import CHAT, NOW, filing, order, verified
from tests.help_center.fake_assistant import running, settings_for_tests

pytestmark = pytest.mark.browser
# The links are signed by the machine's clock, which the page's own doesn't change.
LABEL = "Photos, PDFs or short videos"


class Shop:
    """A help center at a desk with one request."""

    def __init__(self, url: str, desk: Desk, number: str, address: str) -> None:
        self.url, self.desk, self.number, self.address = url, desk, number, address

    @property
    def names(self) -> list[str]:
        request = self.desk.request(self.number)
        assert request is not None
        return [file.name for file in request.files]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    settings = settings_for_tests(tmp_path, fixed_now=NOW, sessions_per_minute=1000)
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    desk.import_orders([json.dumps(order())], "tests")
    number = desk.file(CHAT, filing(verified(desk)[0])).number
    with running(settings) as server:
        url = str(server.url)
        yield Shop(url, desk, number, url + request_links(settings).address(number))
    desk.close()


def a_page(browser: Browser, width: int, scheme: str, *, scripts: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(30_000)
    return context.new_page()


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone's page without JavaScript, in both colour schemes."""
    page = a_page(browser, 360, request.param)
    yield page
    page.context.close()


def put(page: Page, *sent: tuple[str, str, bytes]) -> None:
    """Choose files, and send the form."""
    given = [{"name": name, "mimeType": kind, "buffer": content} for name, kind, content in sent]
    page.get_by_label(LABEL).set_input_files(given)
    page.get_by_role("button", name="Add to this request").click()


def test_a_buyer_adds_several_files_on_a_phone_and_sees_them(page: Page, shop: Shop) -> None:
    page.goto(shop.address)
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    put(
        page,
        ("box.jpg", "image/jpeg", files.rotated_jpeg()),
        ("invoice.pdf", "application/pdf", files.pdf(hostile=True)),
        ("film.mov", "video/quicktime", files.video("mov")),
    )
    expect(page.get_by_role("status")).to_have_text("3 files were added. Thank you!")
    shown = page.get_by_role("img", name="Photo: box.jpg")
    expect(shown).to_be_visible()
    expect(page.get_by_role("img", name="PDF: invoice.pdf")).to_be_visible()
    expect(page.get_by_role("img", name="Video: film.mp4")).to_be_visible()
    fits(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download invoice.pdf").click()
    assert download.value.suggested_filename == "invoice.pdf"
    saved = Path(download.value.path()).read_bytes()
    assert saved.startswith(b"%PDF")
    assert b"LAUNCHED" not in saved
    # The photo itself, upright, is one tap away.
    page.get_by_role("link", name="Photo: box.jpg").click()
    photo = page.request.get(page.url)
    assert Image.open(io.BytesIO(photo.body())).size == (480, 640)
    page.go_back()
    page.reload()
    assert shop.names == ["box.jpg", "invoice.pdf", "film.mp4"]


def test_what_isnt_taken_is_told_at_the_form_and_the_rest_is_added(page: Page, shop: Shop) -> None:
    page.goto(shop.address)
    put(
        page,
        ("photo.jpg", "image/jpeg", files.SVG),
        ('"><img src=x onerror=alert(1)>.png', "image/png", files.png_bomb()),
        ("good.png", "image/png", files.png()),
        ("large.jpg", "image/jpeg", files.jpeg() + b"\0" * 30_000_000),
    )
    told = page.get_by_role("alert")
    expect(told).to_be_in_viewport()
    expect(told).to_contain_text("photo.jpg: I can't use this kind of file.")
    expect(told).to_contain_text("million pixels")
    expect(told).to_contain_text("large.jpg: This photo is too large.")
    expect(page.get_by_role("status")).to_have_text("1 file was added. Thank you!")
    fits(page)
    assert shop.names == ["good.png"]
    # The way on: choose again.
    put(page, ("other.jpg", "image/jpeg", files.jpeg()))
    expect(page.get_by_role("status")).to_have_text("1 file was added. Thank you!")
    assert shop.names == ["good.png", "other.jpg"]


def test_once_it_has_ended_nothing_can_be_added(page: Page, shop: Shop) -> None:
    page.goto(shop.address)
    put(page, ("box.jpg", "image/jpeg", files.jpeg()))
    expect(page.get_by_role("status")).to_be_visible()
    shop.desk.advance(shop.number, RequestStatus.REFUSED, "tests")
    page.goto(shop.address)
    expect(page.get_by_role("img", name="Photo: box.jpg")).to_be_visible()
    expect(page.get_by_label(LABEL)).to_have_count(0)
    expect(page.get_by_text("nothing can be added any more")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_evidence_keeps_nobody_out(browser: Browser, shop: Shop, scheme: str) -> None:
    page = a_page(browser, 1280, scheme, scripts=True)
    page.goto(shop.address)
    put(page, ("box.jpg", "image/jpeg", files.jpeg()), ("no.gif", "image/gif", files.GIF))
    expect(page.get_by_role("alert")).to_be_visible()
    assert grave(page) == []
    page.context.close()

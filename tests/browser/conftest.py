"""A browser on the help page: with a scripted assistant, or a running one.

ASSISTANT_TEST_URL names the address of a running help center. The tests that need the script
leave themselves out of such a run; those that hold for every assistant use it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.desk import Desk, migrate
from bot.settings import get_settings
from tests.browser.widget import Widget
from tests.help_center.fake_assistant import running, settings_for_tests

CHROMIUM_ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


def find_chromium() -> str:
    """The path of an installed Chromium or Chrome."""
    named = get_settings().chromium
    found = [shutil.which(name) for name in ((named,) if named else _NAMES)]
    for path in (*found, shutil.which(_MAC)):
        if path:
            return path
    pytest.fail(
        "No Chromium or Chrome found: install one, or set ASSISTANT_CHROMIUM to its path "
        "(the tests of tests/browser need it).",
        pytrace=False,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def help_center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """The help page with a scripted assistant and an empty desk."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("var"),
        messages_per_minute=1000,
        sessions_per_minute=1000,
        fixed_now="2026-11-23T10:00:00Z",
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    with running(settings) as server:
        server.desk = desk
        yield server
    desk.close()


@pytest.fixture(scope="session")
def base_url(help_center: SimpleNamespace) -> str:
    """The address of the help center under test."""
    return os.environ.get("ASSISTANT_TEST_URL", "").rstrip("/") or str(help_center.url)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def watched_page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay clean and which may ask no other host."""
    page = context.new_page()
    problems: list[str] = []
    hosts: set[str] = set()
    page.on(
        "console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    yield page
    assert problems == []
    assert len(hosts) == 1, f"asked other hosts: {hosts}"


@pytest.fixture
def widget(watched_page: Page, help_center: SimpleNamespace) -> Widget:
    """The chat on the help page with the scripted assistant."""
    help_center.agent.release.clear()
    watched_page.goto(help_center.url)
    return Widget(watched_page)


@pytest.fixture
def unwatched_page(context: BrowserContext, help_center: SimpleNamespace) -> Page:
    """The help page where requests are meant to fail, which Chromium writes to its console."""
    page = context.new_page()
    page.goto(help_center.url)
    return page

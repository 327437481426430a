"""A shop's page that knows who is signed in: by its tag, by script, and after signing out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import jwt
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.desk import Desk, migrate
from tests.browser.test_embedding import shop_server
from tests.browser.widget import Widget

pytestmark = pytest.mark.browser

KEY = "the_key_of_the_shop_32_bytes_or_more"
HEARD = "() => { window.heard = []; BuyerAssistant.on('identity', (e) => heard.push(e)); }"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A shop's page of another origin, whose tokens the help center takes."""
    folder = tmp_path_factory.mktemp("shop")
    with shop_server(folder, buyer_token_keys=KEY) as shop:
        migrate(shop.settings.database_url)
        yield shop


@pytest.fixture
def page(shop: SimpleNamespace, context: BrowserContext) -> Page:
    """A page under docs/widget.md's policy; a refused token shows in its console."""
    address = shop.assistant.url
    shop.policy = (
        f"default-src 'none'; script-src {address}; connect-src {address}; img-src {address}"
    )
    shop.assistant.agent.seen.clear()
    return context.new_page()


def token(email: str = "ana@example.com", seconds: int = 300, **more: object) -> str:
    now = int(time.time())
    claims = {"email": email, "name": "Ana", "aud": "buyer-assistant"}
    return jwt.encode(claims | {"iat": now, "exp": now + seconds, **more}, KEY, "HS256")


def visit(page: Page, shop: SimpleNamespace, data: str | None = None) -> Widget:
    given = "" if data is None else f'data-buyer-token="{data}"'
    shop.head = f'<script src="{shop.assistant.url}/assistant.js" {given} async></script>'
    page.goto(shop.url)
    widget = Widget(page)
    page.wait_for_function("window.BuyerAssistant")
    page.evaluate(HEARD)
    return widget


def who(shop: SimpleNamespace) -> str | None:
    """The e-mail of the buyer whom the desk has with the latest message."""
    desk = Desk.from_settings(shop.settings)
    try:
        found = desk.signed_in(shop.assistant.agent.seen[-1].sender_id)
        return found and found.email
    finally:
        desk.close()


def kept(page: Page) -> str:
    return str(page.evaluate("sessionStorage.getItem('buyer-assistant') || ''"))


def test_the_tags_token_signs_in_and_leaves_the_page(shop: SimpleNamespace, page: Page) -> None:
    widget = visit(page, shop, token()).open()
    assert who(shop) == "ana@example.com"
    assert page.evaluate("heard") == [{"signedIn": True}]
    assert page.locator("[data-buyer-token]").count() == 0
    assert token()[:30] not in kept(page)
    expect(widget.says("hello")).to_contain_text("You said: hello")


def test_a_reload_with_a_fresh_token_goes_on_in_the_same_chat(
    shop: SimpleNamespace, page: Page
) -> None:
    widget = visit(page, shop, token(jti="first")).open()
    widget.says("remember the blender")
    conversation = shop.assistant.agent.seen[-1].sender_id
    widget = visit(page, shop, token(jti="second"))
    expect(widget.asked).to_have_text(["You: remember the blender"])
    widget.says("hello")
    assert shop.assistant.agent.seen[-1].sender_id == conversation


def test_a_page_without_a_token_ends_the_chat_of_who_was_signed_in(
    shop: SimpleNamespace, page: Page
) -> None:
    visit(page, shop, token()).open().says("my secret order")
    signed_in = shop.assistant.agent.seen[-1].sender_id
    widget = visit(page, shop)
    widget.launcher.wait_for()
    assert kept(page) == ""
    widget.open()
    expect(widget.asked).to_have_count(0)
    assert shop.assistant.agent.seen[-1].sender_id != signed_in
    assert who(shop) is None
    desk = Desk.from_settings(shop.settings)
    assert desk.signed_in(signed_in) is None
    desk.close()


def test_another_buyers_token_starts_a_chat_of_its_own(shop: SimpleNamespace, page: Page) -> None:
    visit(page, shop, token()).open().says("my secret order")
    widget = visit(page, shop, token("eva@example.com"))
    expect(widget.answers).to_have_count(1)
    expect(widget.asked).to_have_count(0)
    assert "my secret order" not in kept(page)
    assert who(shop) == "eva@example.com"


def test_signing_out_by_script_takes_the_chat_away_at_once(
    shop: SimpleNamespace, page: Page
) -> None:
    widget = visit(page, shop, token()).open()
    widget.says("my secret order")
    page.evaluate("BuyerAssistant.identify(null)")
    expect(widget.asked).to_have_count(0)
    expect(widget.answers).to_have_count(1)
    assert page.evaluate("heard.at(-1)") == {"signedIn": False}
    assert "my secret order" not in kept(page)
    assert who(shop) is None


def test_signing_in_by_script_starts_a_chat_of_its_own(shop: SimpleNamespace, page: Page) -> None:
    widget = visit(page, shop).open()
    widget.says("hello from nobody")
    page.evaluate("(token) => BuyerAssistant.identify(token)", token())
    expect(widget.asked).to_have_count(0)
    expect(widget.answers).to_have_count(1)
    assert page.evaluate("heard") == [{"signedIn": True}]
    assert who(shop) == "ana@example.com"


def test_a_function_is_asked_for_a_token_when_one_is_needed(
    shop: SimpleNamespace, page: Page
) -> None:
    widget = visit(page, shop, "later")
    page.evaluate(
        "(token) => { window.asked = 0; BuyerAssistant.identify(async () => (asked++, token)) }",
        token(),
    )
    assert page.evaluate("asked") == 0
    widget.open()
    assert page.evaluate("asked") == 1
    assert who(shop) == "ana@example.com"


def test_a_chat_waits_for_a_page_that_tells_later(shop: SimpleNamespace, page: Page) -> None:
    visit(page, shop, token()).open().says("remember the blender")
    widget = visit(page, shop, "later")
    page.wait_for_timeout(300)
    expect(widget.asked).to_have_count(0)
    page.evaluate("(token) => BuyerAssistant.identify(token)", token())
    expect(widget.asked).to_have_text(["You: remember the blender"])


@pytest.mark.parametrize("bad", ["nonsense", "expired"])
def test_with_a_bad_token_the_chat_opens_for_nobody_and_the_page_is_told(
    shop: SimpleNamespace, page: Page, bad: str
) -> None:
    given = token(iat=int(time.time()) - 400, seconds=-10) if bad == "expired" else bad
    widget = visit(page, shop, given).open()
    assert page.evaluate("heard") == [{"signedIn": False, "refused": True}]
    assert who(shop) is None
    expect(widget.says("hello")).to_contain_text("You said: hello")


def test_a_function_that_fails_leaves_the_chat_to_nobody(shop: SimpleNamespace, page: Page) -> None:
    widget = visit(page, shop, "later")
    page.evaluate("BuyerAssistant.identify(() => Promise.reject(new Error('no')))")
    widget.open()
    assert page.evaluate("heard") == [{"signedIn": False, "refused": True}]
    assert who(shop) is None
    expect(widget.says("hello")).to_contain_text("You said: hello")


def test_a_bad_token_takes_the_chat_of_who_was_signed_in_away(
    shop: SimpleNamespace, page: Page
) -> None:
    visit(page, shop, token()).open().says("my secret order")
    widget = visit(page, shop, "nonsense")
    expect(widget.answers).to_have_count(1)
    expect(widget.asked).to_have_count(0)
    assert "my secret order" not in kept(page)
    assert who(shop) is None

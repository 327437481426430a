"""The chat as a buyer sees it, for the browser tests."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


class Widget:
    """The chat in the corner of a page.

    Attributes:
        page: the page.
        launcher: the button that opens the chat.
        panel: the chat's panel.
        input: where the buyer types.
        log: what was said.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name="Chat with us")
        self.panel = page.get_by_role("dialog", name="Returns assistant")
        self.input = page.get_by_label("Your message")
        self.log = page.get_by_role("log")

    def open(self) -> Widget:
        """Opens the chat and waits for the greeting."""
        self.launcher.click()
        self.answers.first.wait_for()
        return self

    @property
    def answers(self) -> Locator:
        """The assistant's messages."""
        return self.page.locator('[data-who="assistant"]')

    @property
    def asked(self) -> Locator:
        """The buyer's messages."""
        return self.page.locator('[data-who="buyer"]')

    def says(self, text: str) -> Locator:
        """Types a message, sends it, and gives the first message of the answer."""
        before = self.answers.count()
        self.input.fill(text)
        self.input.press("Enter")
        answer = self.answers.nth(before)
        answer.wait_for()
        return answer

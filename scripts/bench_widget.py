"""From a tap to the answer on the screen, next to the same message over plain HTTP.

`python -m scripts.bench_widget` renews the section "Time" of docs/widget.md. The assistant is the
real one, with the demo orders; browser and plain client take turns with the same message.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import requests
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, find_chromium
from tests.running import running_assistant

PAGE = Path(__file__).resolve().parents[1] / "docs" / "widget.md"
HEADING = "## Time\n"
ROUNDS = 15
MESSAGE = "how does free return work?"
TEMPLATE = """{heading}
Medians of {rounds} rounds on loopback, each with an empty browser cache, on two cores
(`python -m scripts.bench_widget`): from the tap or key until the answer is drawn, and the same
requests without a browser.

| | in the widget | plain HTTP |
| --- | --- | --- |
| first tap to the greeting; the chat is loaded on the way | {open:.0f} ms | {start:.0f} ms |
| Enter to the answer | {reply:.0f} ms | {plain:.0f} ms |
"""

# Tells the time from an action until the assistant has one message more, as the page is drawn.
UNTIL_DRAWN = """async (act) => {
  const root = document.querySelector("buyer-assistant").shadowRoot;
  const deep = (node) => [...node.querySelectorAll("*")].flatMap(
    (e) => (e.shadowRoot ? [e.shadowRoot, ...deep(e.shadowRoot)] : []));
  const said = () => [root, ...deep(root)].reduce(
    (sum, part) => sum + part.querySelectorAll('[data-who="assistant"]').length, 0);
  const before = said();
  const begin = performance.now();
  if (act === "open") root.querySelector("button").click();
  else {
    const field = [root, ...deep(root)]
      .map((part) => part.querySelector("[contenteditable], textarea")).find(Boolean);
    const how = { key: "Enter", bubbles: true, composed: true, cancelable: true };
    field.focus();
    field.dispatchEvent(new KeyboardEvent("keydown", how));
  }
  while (said() === before) await new Promise((done) => setTimeout(done, 2));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begin;
}"""


def main() -> None:
    """Measure, and write the section."""
    times: dict[str, list[float]] = {"open": [], "start": [], "reply": [], "plain": []}
    with (
        running_assistant(Path(tempfile.mkdtemp())) as assistant,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS)
        )
        for _ in range(ROUNDS):
            context = browser.new_context()
            page = context.new_page()
            _in_the_widget(page, assistant.url, times)
            context.close()
            _over_http(assistant.url, times)
        browser.close()
    found = {name: statistics.median(values) for name, values in times.items()}
    section = TEMPLATE.format(heading=HEADING, rounds=ROUNDS, **found)
    print(section)
    _write(section)


def _in_the_widget(page: Page, url: str, times: dict[str, list[float]]) -> None:
    page.goto(url)
    page.get_by_role("button", name="Chat with us").wait_for()
    times["open"].append(page.evaluate(UNTIL_DRAWN, "open"))
    page.get_by_label("Your message").fill(MESSAGE)
    times["reply"].append(page.evaluate(UNTIL_DRAWN, "send"))


def _over_http(url: str, times: dict[str, list[float]]) -> None:
    begin = time.perf_counter()
    session = requests.post(f"{url}/session", timeout=60).json()
    headers = {"Authorization": f"Bearer {session['session']}"}

    def say(message: str) -> None:
        body = {"message": message}
        requests.post(f"{url}/messages", json=body, headers=headers, timeout=60).raise_for_status()

    say(session["start"])
    times["start"].append((time.perf_counter() - begin) * 1000)
    begin = time.perf_counter()
    say(MESSAGE)
    times["plain"].append((time.perf_counter() - begin) * 1000)


def _write(section: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, _, after = page.partition(HEADING)
    if not after:
        before, _, after = page.partition("## By keyboard and screen reader\n")
        rest = "## By keyboard and screen reader\n" + after
    else:
        rest = after[after.index("\n## ") + 1 :]
    PAGE.write_text(before + section + "\n" + rest, encoding="utf-8")


if __name__ == "__main__":
    main()

"""How fast the help pages answer, over HTTP on this machine.

`python -m scripts.bench_pages` renews the table in docs/help-page.md. The channel is the real one;
no assistant stands behind it, since the pages ask none.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import requests

from tests.browser.test_check import RESULT
from tests.help_center.fake_assistant import running, settings_for_tests
from tests.running import NOW

PAGE = Path(__file__).resolve().parents[1] / "docs" / "help-page.md"
ROUNDS = 300
PATHS = {"`/`": "/", "`/check`, a result": RESULT, "`/rights/PT`": "/rights/PT"}


def milliseconds(session: requests.Session, url: str) -> list[float]:
    """Times of asking for a page again and again, on a connection that stays open."""
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        assert session.get(url, timeout=10).ok  # noqa: S101
        times.append((perf_counter() - start) * 1000)
    return times


def rows() -> str:
    """The lines of the table."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for_tests(Path(folder), fixed_now=NOW)
        with running(settings) as server, requests.Session() as session:
            for name, path in PATHS.items():
                times = milliseconds(session, server.url + path)
                lines.append(
                    f"| {name} | {median(times):.1f} ms | {quantiles(times, n=20)[-1]:.1f} ms |"
                )
    return "\n".join(lines)


if __name__ == "__main__":
    before = PAGE.read_text(encoding="utf-8")
    head = "| page | median | 95 of 100 |\n| --- | --- | --- |\n"
    after = re.sub(re.escape(head) + r"(?:\|[^\n]*\n?)*", lambda _: f"{head}{rows()}\n", before)
    PAGE.write_text(after, encoding="utf-8")

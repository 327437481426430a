"""Measures what an idle open chat costs the server: asked every so often, or a stream held open.

`python scripts/bench_notices.py` prints the table of docs/decisions/0004-polling-for-notices.md.
The channel is the real one on a desk of its own, with nothing behind it that answers messages;
streams (server-sent events) are a prototype that lives here only.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.desk import Desk, RequestStatus, migrate  # noqa: E402
from bot.help_center.notices import Notices, Watch  # noqa: E402
from bot.help_center.sessions import Sessions  # noqa: E402
from tests.desk.shop import bring, order, pieces, verified  # noqa: E402
from tests.help_center.fake_assistant import KEY, running, settings_for_tests  # noqa: E402

MODES = {
    "asked every 30 s, what is new known in memory": ("poll", 30.0),
    "asked every 5 s, what is new known in memory": ("poll", 5.0),
    "asked every 5 s, the database asked each time": ("poll-database", 5.0),
    "a stream each, what is new known in memory": ("stream", 0.0),
}
TOLD = 20
"""Chats that are told something while they are measured."""


def settings(folder: Path) -> Any:
    return settings_for_tests(folder, messages_per_minute=10**6, sessions_per_minute=10**6)


def serve(mode: str, folder: Path) -> None:
    """Runs the channel until it is stopped; prints its address."""
    if mode == "poll-database":
        Watch.place = _always_something  # type: ignore[method-assign]
    with running(settings(folder)) as server:
        if mode == "stream":
            _add_streams(server.app, settings(folder))
        print(server.url, flush=True)
        while True:
            time.sleep(3600)


async def _always_something(self: Watch, conversation_id: str) -> int:
    return 10**9


def _add_streams(app: Any, values: Any) -> None:
    """Server-sent events: a response per chat that stays open and is written to."""
    notices, sessions = Notices(values), Sessions(KEY, values.session_hours)

    async def stream(request: Any) -> None:
        conversation_id = str(sessions.conversation(request.headers.get("authorization")))
        response = await request.respond(content_type="text/event-stream")
        place, quiet = 0, 0
        while True:
            messages, place = await notices.after(conversation_id, place)
            quiet = 0 if messages else quiet + 1
            if messages:
                await response.send(f"data: {json.dumps(messages)}\n\n")
            elif quiet % 15 == 0:
                await response.send(":\n\n")  # or a proxy closes it
            await asyncio.sleep(1)

    app.router.reset()
    app.config.RESPONSE_TIMEOUT = 3600
    app.add_route(stream, "/stream")
    app.router.finalize()


class Chats:
    """So many open chats, as their browsers behave."""

    def __init__(self, url: str, tokens: list[str], interval: float) -> None:
        self.url = url
        self.tokens = tokens
        self.interval = interval
        self.told: dict[str, float] = {}

    async def run(self, seconds: float) -> None:
        """Keeps the chats open for so long."""
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=60)
        async with aiohttp.ClientSession(connector=connector) as client:
            one = self._ask if self.interval else self._listen
            chats = [
                asyncio.ensure_future(one(client, token, number / len(self.tokens)))
                for number, token in enumerate(self.tokens)
            ]
            await asyncio.sleep(seconds)
            for chat in chats:
                chat.cancel()
            await asyncio.gather(*chats, return_exceptions=True)

    async def _ask(self, client: aiohttp.ClientSession, token: str, share: float) -> None:
        await asyncio.sleep(share * self.interval)
        place = 0
        headers = {"Authorization": f"Bearer {token}"}
        while True:
            async with client.get(f"{self.url}/notices?after={place}", headers=headers) as answer:
                content = await answer.json()
            if content["messages"]:
                self.told[token] = time.time()
            place = content["after"]
            await asyncio.sleep(self.interval)

    async def _listen(self, client: aiohttp.ClientSession, token: str, share: float) -> None:
        await asyncio.sleep(share)
        headers = {"Authorization": f"Bearer {token}"}
        timeout = aiohttp.ClientTimeout(total=None)
        async with client.get(f"{self.url}/stream", headers=headers, timeout=timeout) as answer:
            async for line in answer.content:
                if line.startswith(b"data:"):
                    self.told[token] = time.time()


def measure(mode: str, interval: float, chats: int, seconds: float) -> dict[str, float]:
    """What so many chats cost in a mode, and how soon they were told.

    Returns:
        CPU per chat in thousandths of a core, memory per chat in KB, and delays in seconds.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        values = settings(folder)
        migrate(values.database_url)
        desk = Desk.from_settings(values)
        sessions = Sessions(KEY, values.session_hours)
        started = [sessions.start() for _ in range(chats)]
        command = [sys.executable, __file__, "--serve", mode, "--folder", name]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        try:
            url = server.stdout.readline().strip()  # type: ignore[union-attr]
            process = psutil.Process(server.pid)
            memory = process.memory_info().rss
            requests = {}
            for number, session in enumerate(started[:TOLD]):
                named = str(70000000 + number)
                bring(desk, order(number=named))
                item = verified(desk, named, chat=session.conversation_id)[0]
                filed = desk.file(session.conversation_id, pieces(item, 1, named, named))
                requests[session.token] = filed.number
            browsers = Chats(url, [session.token for session in started], interval)
            begun: dict[str, float] = {}

            warm = max(interval, 5)
            whole = warm + seconds + 0.5 * TOLD + interval + 5

            async def watch() -> None:
                running_chats = asyncio.ensure_future(browsers.run(whole))
                await asyncio.sleep(warm)
                before = process.cpu_times()
                await asyncio.sleep(seconds)
                after = process.cpu_times()
                spent.append(after.user + after.system - before.user - before.system)
                grown.append(process.memory_info().rss - memory)
                for token, number in requests.items():
                    await asyncio.to_thread(desk.advance, number, RequestStatus.RECEIVED, "bench")
                    begun[token] = time.time()
                    await asyncio.sleep(0.3)
                await running_chats

            spent: list[float] = []
            grown: list[float] = []
            asyncio.run(watch())
            delays = [browsers.told[token] - at for token, at in begun.items()]
            return {
                "cpu": 1000 * spent[0] / seconds / chats,
                "memory": grown[0] / 1024 / chats,
                "middle": statistics.median(delays),
                "longest": max(delays),
            }
        finally:
            server.terminate()
            server.wait(10)
            desk.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", default="")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.folder)
        return
    print("| 200 chats | CPU, ms per second | memory per chat | shown after |")
    print("| --- | --- | --- | --- |")
    for name, (mode, interval) in MODES.items():
        found = measure(mode, interval, given.chats, given.seconds)
        print(
            f"| {name} | {found['cpu'] * given.chats:.1f} | {found['memory']:.0f} KB"
            f" | {found['middle']:.1f} s, {found['longest']:.1f} s at most |",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""Measures a whole filing conversation, next to the assistant that `rasa init` makes.

`make bench` runs both on this machine, one after the other, and writes docs/benchmark.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import requests
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.server.training import model_path  # noqa: E402
from bot.settings import Settings  # noqa: E402
from scripts.bench_policy import section  # noqa: E402

SCRIPT = YAML(typ="safe").load(Path(__file__).with_name("bench_conversation.yml"))
START_SECONDS = 180
WARM_UP = 2
AIMS = {"time": 1 / 4, "start": 1 / 3, "memory": 0.6}


@dataclass
class Figures:
    """What was measured of one assistant.

    Attributes:
        seconds: time of each message of the warm repetitions.
        by_step: the same by the step of the conversation.
        start_seconds: from the start of the processes to the first answer, each time.
        pss: memory of all processes after the conversations, shared pages counted once, in bytes.
        rss: the same with shared pages counted in each process, in bytes.
    """

    seconds: list[float] = field(default_factory=list)
    by_step: dict[str, list[float]] = field(default_factory=dict)
    start_seconds: list[float] = field(default_factory=list)
    pss: int = 0
    rss: int = 0

    def add(self, step: str, seconds: float) -> None:
        """Note the time of one message."""
        self.seconds.append(seconds)
        self.by_step.setdefault(step, []).append(seconds)


Say = Callable[[str], tuple[str, list[dict[str, str]]]]
"""Sends a message; returns the reply's text and its buttons."""


@contextmanager
def processes(commands: list[list[str]], folder: Path, env: dict[str, str]) -> Iterator[list[int]]:
    """Run commands until the block ends; their output goes to a log in the folder."""
    with ExitStack() as stack:
        started = []
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"{number}.log").open("w"))
            process = subprocess.Popen(
                command, cwd=folder, env=os.environ | env, stdout=log, stderr=subprocess.STDOUT
            )
            stack.callback(process.wait, 30)
            stack.callback(process.terminate)
            started.append(process.pid)
        yield started


def ask(url: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
    """POST as soon as the server answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answer = requests.post(url, json=body, headers=headers, timeout=60)
            if answer.ok:
                return answer.json()
        except requests.ConnectionError:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{url} doesn't answer")
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def memory(pids: list[int], figures: Figures) -> None:
    """Note the memory of processes and their children."""
    everyone = [psutil.Process(pid) for pid in pids]
    everyone += [child for process in everyone for child in process.children(recursive=True)]
    infos = [process.memory_full_info() for process in everyone]
    figures.pss = sum(getattr(info, "pss", info.rss) for info in infos)
    figures.rss = sum(info.rss for info in infos)


def measure_ours(repetitions: int, starts: int) -> Figures:
    """Measure this project's assistant: the chat's server and the action server."""
    figures = Figures()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(starts):
            last = number == starts - 1
            port, actions_port = free_port(), free_port()
            env = {
                "ASSISTANT_VAR_DIR": str(folder / "var"),
                "ASSISTANT_PORT": str(port),
                "ASSISTANT_ACTIONS_PORT": str(actions_port),
                "ASSISTANT_FIXED_NOW": SCRIPT["now"],
                "ASSISTANT_MESSAGES_PER_MINUTE": "100000",
                "ASSISTANT_SESSIONS_PER_MINUTE": "100000",
                "PYTHONPATH": str(ROOT),
            }
            if number == 0:
                prepare_desk(folder, env, repetitions + WARM_UP)
            commands = [[sys.executable, "-m", "bot", name] for name in ("serve", "actions")]
            begun = time.perf_counter()
            with processes(commands, folder, env) as pids:
                url = f"http://127.0.0.1:{port}"
                say_to(url)("hello")
                figures.start_seconds.append(time.perf_counter() - begun)
                if last:
                    for repetition in range(repetitions + WARM_UP):
                        one_filing(url, repetition, figures)
                    memory(pids, figures)
    return figures


def prepare_desk(folder: Path, env: dict[str, str], orders: int) -> None:
    """Load one order for each repetition into a new desk."""
    lines = []
    for number in range(orders):
        order = json.loads(json.dumps(SCRIPT["order"], default=date.isoformat))
        order["number"] = order_number(number)
        order["buyer"]["email"] = email(number)
        lines.append(json.dumps(order))
    (folder / "orders.jsonl").write_text("\n".join(lines))
    for command in (["database", "migrate"], ["orders", "import", str(folder / "orders.jsonl")]):
        subprocess.run(
            [sys.executable, "-m", "bot", *command],
            cwd=ROOT,
            env=os.environ | env,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def order_number(repetition: int) -> str:
    """The order number of a repetition."""
    return f"{77000000 + repetition}"


def email(repetition: int) -> str:
    """The buyer's address in a repetition."""
    return f"buyer{repetition}@example.com"


def say_to(url: str) -> Say:
    """Begin a session with our assistant."""
    token = ask(f"{url}/session", {})["session"]
    connection = requests.Session()
    connection.headers["Authorization"] = f"Bearer {token}"

    def say(message: str) -> tuple[str, list[dict[str, str]]]:
        answer = connection.post(f"{url}/messages", json={"message": message}, timeout=60)
        answer.raise_for_status()
        messages = answer.json()["messages"]
        text = "\n".join(part.get("text") or "" for part in messages)
        return text, [button for part in messages for button in part.get("buttons") or []]

    return say


def one_filing(url: str, repetition: int, figures: Figures) -> None:
    """Hold the whole conversation once; the first ones only warm up."""
    say = say_to(url)
    text, buttons = "", []
    own = {"number": order_number(repetition), "email": email(repetition)}
    for step in SCRIPT["conversation"]:
        if "tap" in step:
            found = [button for button in buttons if button["title"].startswith(step["tap"])]
            if not found:
                raise SystemExit(f"No button {step['tap']!r} after: {text}")
            message, shown = found[-1]["payload"], f"[{step['tap']}]"
        else:
            message, shown = step["say"].format(**own), step["say"]
        begun = time.perf_counter()
        text, offered = say(message)
        if repetition >= WARM_UP:
            figures.add(shown, time.perf_counter() - begun)
        buttons = buttons + offered
    if SCRIPT["ends_with"] not in text:
        raise SystemExit(f"The conversation ended with: {text}")


def measure_stock(repetitions: int, starts: int, folder: Path) -> Figures:
    """Measure the assistant that `rasa init` makes, made and trained in a folder when it is new."""
    figures = Figures()
    env = {"RASA_TELEMETRY_ENABLED": "false"}
    rasa = [sys.executable, "-m", "rasa"]
    if not list(folder.glob("models/*.tar.gz")):
        print("  making and training the stock assistant (a minute or two)", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "init.log").open("w") as log:
            subprocess.run(
                [*rasa, "init", "--no-prompt"],
                cwd=folder,
                env=os.environ | env,
                stdout=log,
                stderr=subprocess.STDOUT,
                check=True,
            )
    for number in range(starts):
        port = free_port()
        begun = time.perf_counter()
        with processes([[*rasa, "run", "--port", str(port)]], folder, env) as pids:
            url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
            ask(url, {"sender": "first", "message": "hello"})
            figures.start_seconds.append(time.perf_counter() - begun)
            if number == starts - 1:
                connection = requests.Session()
                for repetition in range(repetitions + WARM_UP):
                    for message in SCRIPT["stock_conversation"]:
                        body = {"sender": f"buyer{repetition}", "message": message}
                        begun = time.perf_counter()
                        connection.post(url, json=body, timeout=60).raise_for_status()
                        if repetition >= WARM_UP:
                            figures.add(message, time.perf_counter() - begun)
                memory(pids, figures)
    return figures


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of the values doesn't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def report(ours: Figures, stock: Figures, repetitions: int) -> str:
    """The page docs/benchmark.md."""
    rows = [
        row("time per message, median", "ms", AIMS["time"], *(median_ms(f) for f in (ours, stock))),
        row("time per message, 95th percentile", "ms", None, *(p95_ms(f) for f in (ours, stock))),
        row(
            "start to first answer, median",
            "s",
            AIMS["start"],
            *(start_s(f) for f in (ours, stock)),
        ),
        row(
            "memory (PSS), all processes",
            "MB",
            AIMS["memory"],
            *(f.pss / 1e6 for f in (ours, stock)),
        ),
        row("memory (RSS), all processes", "MB", None, *(f.rss / 1e6 for f in (ours, stock))),
    ]
    steps = [
        f"| {step} | {statistics.median(s) * 1e3:.1f} | {percentile(s, 0.95) * 1e3:.1f} |"
        for step, s in ours.by_step.items()
    ]
    machine = (
        f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )
    return TEMPLATE.format(
        date=date.today().isoformat(),  # noqa: DTZ011 - the machine's own day
        machine=machine,
        repetitions=repetitions,
        rows="\n".join(rows),
        steps="\n".join(steps),
        model=f"{model_path(Settings()).stat().st_size / 1e6:.1f}",
    )


def row(what: str, unit: str, aim: float | None, ours: float, stock: float) -> str:
    """A line of the table of both assistants."""
    verdict = "" if aim is None else f"{aim:.2f}"
    digits = 1 if unit != "MB" else 0
    return (
        f"| {what} | {ours:.{digits}f} {unit} | {stock:.{digits}f} {unit} "
        f"| {ours / stock:.2f} | {verdict} |"
    )


def median_ms(figures: Figures) -> float:
    """Median time of a message."""
    return statistics.median(figures.seconds) * 1e3


def p95_ms(figures: Figures) -> float:
    """Time that 95 of 100 messages don't exceed."""
    return percentile(figures.seconds, 0.95) * 1e3


def start_s(figures: Figures) -> float:
    """Median time from start to first answer."""
    return statistics.median(figures.start_seconds)


TEMPLATE = """# Benchmark

Written by `make bench` on {date}: {machine}. One whole filing, from the greeting to the request
number, over HTTP against the server and the action server, {repetitions} times with an order of its
own each; next to it the assistant that `rasa init` makes, with a conversation of its own turns, on
the same machine in the same run. The script is `scripts/bench_conversation.yml`.

| | this assistant | `rasa init` | ratio | aim |
| --- | --- | --- | --- | --- |
{rows}

Start-up counts from the start of the processes, with a trained model ({model} MB), to the answer to
the first message. Memory is measured after the conversations; this assistant's is the sum of its
two processes.

| step of the filing | median, ms | 95th percentile, ms |
| --- | --- | --- |
{steps}
"""


def main() -> None:
    """Measure both and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=20)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--stock", type=Path, help="folder of a stock assistant, made when missing")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmark.md")
    options = parser.parse_args()
    print("This assistant ...", flush=True)
    ours = measure_ours(options.repetitions, options.starts)
    print(f"  {median_ms(ours):.1f} ms per message, {start_s(ours):.1f} s to start", flush=True)
    print("The stock assistant ...", flush=True)
    with tempfile.TemporaryDirectory() as name:
        stock = measure_stock(options.repetitions, options.starts, options.stock or Path(name))
    print(f"  {median_ms(stock):.1f} ms per message, {start_s(stock):.1f} s to start", flush=True)
    page = report(ours, stock, options.repetitions) + "\n" + section()
    options.output.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()

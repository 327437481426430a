"""The examples of docs/channel.md do what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

from bot.help_center.words import CHANNEL_WORDS
from bot.settings import ROOT

DOCS = (ROOT / "docs" / "channel.md").read_text(encoding="utf-8")
STAND_IN = f'curl() {{ "{sys.executable}" "{Path(__file__).with_name("curl.py")}" "$@"; }}'


def test_the_documented_requests_work_as_they_stand(server: SimpleNamespace) -> None:
    server.agent.seen.clear()
    examples = re.findall(r"```sh\n(.*?)```", DOCS, re.S)
    script = "\necho\n".join(examples).replace("http://127.0.0.1:5005", server.url)
    start = "set -euo pipefail\n" + ("" if shutil.which("curl") else STAND_IN + "\n")
    run = subprocess.run(
        ["bash", "-c", start + script], capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    session, greeting, reply, typed, news, refused = map(json.loads, _lines(run.stdout))
    assert set(session) == {"session", "expires_in", "start"}
    assert greeting["messages"][0]["buttons"][0]["title"] == "Return an item"
    assert "the blender I got is broken" in reply["messages"][0]["text"]
    assert typed["messages"][0]["text"] == 'You said: file_return{"verified": true}'
    assert news == {"messages": [], "after": 0}
    assert refused["messages"][0]["text"].startswith("Your last chat has ended")
    assert len(server.agent.seen) == 3


def test_every_answer_of_the_channel_itself_is_documented() -> None:
    for name in CHANNEL_WORDS:
        assert f"`{name}`" in DOCS


def _lines(output: str) -> list[str]:
    return [line for line in output.splitlines() if line.strip()]

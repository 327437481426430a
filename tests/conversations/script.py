"""A scripted chat and how its expectations are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent
EXPECTATIONS = frozenset(
    {"says", "text", "not_text", "clauses", "buttons", "not_buttons", "attachment"}
)
DOINGS = frozenset(
    {
        *("buyer", "buyer_repeated", "tap", "old_tap", "desk", "again", "new_session", "attach"),
        "signed_in",
    }
)


@dataclass(frozen=True)
class Script:
    """One chat of a file.

    Attributes:
        id: folder, file and title.
        chat: its steps.
        database: what must be in the database afterwards.
    """

    id: str
    chat: list[dict[str, Any]]
    database: dict[str, Any]


def read_scripts(folder: Path = FOLDER) -> Iterator[Script]:
    """All scripts below a folder; a step with an unknown word is refused."""
    for path in sorted(folder.rglob("*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            name = f"{path.relative_to(folder).with_suffix('')}: {entry['title']}"
            for step in entry["chat"]:
                unknown = set(step) - EXPECTATIONS - DOINGS
                if unknown or not set(step) & DOINGS:
                    raise ValueError(f"{name}: {sorted(unknown) or 'nothing'} in step {step}")
            yield Script(name, entry["chat"], entry.get("database", {}))


def check_reply(step: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    """Compares a reply with what its step expects."""
    text = "\n".join(m.get("text") or "" for m in messages)
    said = [m["response"] for m in messages if m.get("response")]
    cited = {c["id"] for m in messages for c in m.get("citations", [])}
    titles = [b["title"] for m in messages for b in m.get("buttons", [])]
    assert text.strip(), "the assistant said nothing"
    rest = iter(said)
    for name in step.get("says", []):
        assert name in rest, f"{name} is missing or out of order in {said}:\n{text}"
    for words in step.get("text", []):
        assert str(words).lower() in text.lower(), f"{words!r} isn't in:\n{text}"
    for words in step.get("not_text", []):
        assert str(words).lower() not in text.lower(), f"{words!r} is in:\n{text}"
    for clause in step.get("clauses", []):
        assert clause in cited, f"{clause} isn't cited, but {sorted(cited)}:\n{text}"
    if step.get("attachment"):
        assert any(m.get("attachment") for m in messages), f"no attachment with:\n{text}"
    for title in step.get("buttons", []):
        assert any(t.startswith(title) for t in titles), f"no button {title!r} in {titles}"
    for title in step.get("not_buttons", []):
        assert not any(t.startswith(title) for t in titles), f"a button {title!r} in {titles}"

from __future__ import annotations

import re

from bot.settings import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_names_no_registry_host() -> None:
    assert re.findall(r"https?://|--index-url|--find-links|--extra-index-url", LOCK) == []


def test_every_locked_package_has_a_version_and_a_hash() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(entries) > 100
    assert [entry for entry in entries if not re.match(r"^[\w.\-\[\]]+==\S+", entry)] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_package_that_the_project_asks_for_is_locked() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.", 1)[0]
    asked = re.findall(r'^    "([A-Za-z0-9_.\-]+)', project, flags=re.MULTILINE)
    assert "rasa" in asked
    locked = {plain(name) for name in re.findall(r"^([\w.\-]+)", LOCK, flags=re.MULTILINE)}
    assert [name for name in asked if plain(name) not in locked] == []


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

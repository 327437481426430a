"""Reads the word lists beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

WORDS_DIR = Path(__file__).resolve().parent / "words"


def load_words(name: str) -> dict[str, Any]:
    """The content of `words/<name>.yml`."""
    path = WORDS_DIR / f"{name}.yml"
    words: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return words

"""The buyers' sentences, and the typos they make."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("phrases.yml")
_WORD = re.compile(r"\b[a-z]{5,}\b")


@lru_cache
def bank() -> dict[str, Any]:
    """All of phrases.yml."""
    content: dict[str, Any] = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    return content


def phrases(*keys: str) -> list[str]:
    """The sentences below these keys of phrases.yml."""
    found: Any = bank()
    for key in keys:
        found = found[key]
    return [str(phrase) for phrase in found]


def with_typo(text: str, rng: random.Random, keep: str = "") -> str:
    """The text with two neighbouring letters of one word swapped, as a hurried finger does.

    Args:
        text: what was meant.
        rng: draws the word and the place.
        keep: words that stay as they are, such as the item's name.
    """
    words = [m for m in _WORD.finditer(text) if m.group() not in keep.lower()]
    if not words:
        return text
    place = rng.choice(words)
    at = rng.randrange(place.start() + 1, place.end() - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

"""Reads the intent sentences of Rasa training files without Rasa."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

from bot.settings import ROOT

NLU_DIR = ROOT / "data" / "nlu"
PAYLOAD = "/"
"""What begins with it was tapped: an example that Rasa asks for, and no sentence to learn from."""


def training_sentences(folder: Path = NLU_DIR) -> Iterator[tuple[str, str]]:
    """Yields (sentence, intent) for every sentence in the folder's YAML files, in file order."""
    for path in sorted(folder.glob("*.yml")):
        content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- ") and not line[2:].startswith(PAYLOAD):
                    yield line[2:].strip(), block["intent"]

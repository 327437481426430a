"""A copy of the clause files that a test may change, as an operator would."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.policy import Clauses, load_clauses
from bot.policy.loader import CLAUSES_DIR


class ClauseFolder:
    """The copy.

    Attributes:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path / "clauses"
        shutil.copytree(CLAUSES_DIR, self.path)

    def replace(self, name: str, old: str, new: str) -> int:
        """Changes the first occurrence; returns the line on which the new text starts."""
        file = self.path / name
        text = file.read_text(encoding="utf-8")
        before, found, after = text.partition(old)
        assert found, f"{name} has no {old!r}"
        file.write_text(before + new + after, encoding="utf-8")
        return before.count("\n") + 1

    def load(self) -> Clauses:
        return load_clauses(self.path)

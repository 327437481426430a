"""PDF documents, read and written anew: pages only, without scripts, files, actions, metadata."""

from __future__ import annotations

from pathlib import Path

from bot.media.made import Bounds, Made, Problem, Refused


def write_document(source: Path, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Read a PDF and write its pages anew."""
    raise Refused(Problem.NOT_CHECKED)

"""Short videos, taken apart and put together anew: picture and sound, without metadata."""

from __future__ import annotations

from pathlib import Path

from bot.media.formats import Format
from bot.media.made import Bounds, Made, Problem, Refused


def write_video(source: Path, format_: Format, bounds: Bounds, to: Path, thumbnail: Path) -> Made:
    """Read a video and write its streams anew."""
    raise Refused(Problem.NOT_CHECKED)

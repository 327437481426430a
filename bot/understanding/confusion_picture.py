"""Draws which intents are taken for which."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np


def draw_confusion(taken: Mapping[tuple[str, str], int], path: Path) -> None:
    """Draws a confusion table: a row for what was meant, a column for what it was taken for.

    Args:
        taken: How often each (meant, taken for) pair came.
        path: The PNG file to write; its folder is made when missing.
    """
    # Slow to import, and only this drawing needs it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = sorted({name for pair in taken for name in pair})
    counts = np.array([[taken.get((meant, name), 0) for name in names] for meant in names])
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = 2.5 + 0.31 * len(names)
    figure = Figure(figsize=(side, side), dpi=90, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=9)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_xlabel("taken for")
    axes.set_ylabel("meant")
    axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(names)), minor=True)
    axes.grid(which="minor", color="0.9", linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        text = str(counts[row, column])
        axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)

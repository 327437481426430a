"""Shows a person at a terminal what is going on, and a log file the same in plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Steps with a spinner while they last and a line when they are done.

    Args:
        console: where to print; standard output when not given.
    """

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(highlight=False)

    @contextmanager
    def step(self, doing: str, done: str) -> Iterator[Callable[[str], None]]:
        """One step of the work.

        Args:
            doing: what is going on, as "Training the model".
            done: what is then so, as "The model is trained".

        Yields:
            A function that shows a detail of what is going on.
        """
        begun = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(f"{doing} …") as status:
                yield lambda detail: status.update(f"{doing}: {detail} …")
        else:
            self.say(f"{doing} ...")
            yield lambda detail: self.say(f"  {detail}")
        self.say(f"[green]✓[/green] {done} [dim]({time.monotonic() - begun:.1f} s)[/dim]")

    def say(self, line: str) -> None:
        """Print a line, at once and unbroken."""
        self.console.print(line, soft_wrap=True)
        self.console.file.flush()

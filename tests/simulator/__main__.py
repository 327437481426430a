"""`python -m tests.simulator --seed 17`: runs one simulated buyer, or many, and prints them."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.running import running_assistant
from tests.simulator.report import report
from tests.simulator.simulation import Conversation, runs, unlike

SEEDS = 300


def main() -> int:
    """Runs what the arguments say; 1 when a conversation ended wrong."""
    arguments = _parser().parse_args()
    seeds = arguments.seed or list(range(arguments.first, arguments.first + arguments.seeds))
    started = time.perf_counter()
    done: list[list[Conversation]] = []
    with tempfile.TemporaryDirectory() as folder, running_assistant(Path(folder)) as assistant:
        for talks in runs(assistant, seeds, arguments.runs):
            done.append(talks)
            for talk in talks:
                if talk.problem or arguments.seed:
                    print(talk, end="\n\n", flush=True)
    print(report(done, time.perf_counter() - started))
    differing = unlike(done)
    if differing:
        print(f"Not alike in every run: seeds {differing}")
    failed = any(talk.problem for talks in done for talk in talks)
    return 1 if failed or differing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, nargs="+", help="only these, with transcripts")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="how many (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--runs", type=int, default=1, help="runs of each, which must be alike")
    return parser


if __name__ == "__main__":
    sys.exit(main())

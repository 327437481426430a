"""The figures of a simulation: how many ended right, by need and by habit, and how long it took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.simulator.simulation import Conversation


def report(runs: Sequence[Sequence[Conversation]], seconds: float) -> str:
    """The figures in words.

    Args:
        runs: the conversations of each run.
        seconds: how long all of it took, with starting the servers.
    """
    talks = [talk for run in runs for talk in run]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for talk in talks:
        keys = [f"need {talk.persona.need}", *(f"habit {h}" for h in talk.persona.habits)]
        total.update(keys)
        if talk.problem is None:
            right.update(keys)
    messages = sum(talk.messages for talk in talks)
    spent = sum(talk.seconds for talk in talks)
    repairs = Counter(repair for talk in talks for repair in talk.repairs)
    good = sum(talk.problem is None for talk in talks)
    lines = [f"{key:<32} {right[key]:>4} of {total[key]:>4} right" for key in sorted(total)]
    lines += [f"put right by the buyer: {what}, {count} times" for what, count in repairs.items()]
    lines.append(
        f"{good} of {len(talks)} conversations in {len(runs)} runs ended right; "
        f"{messages} messages, {1000 * spent / max(messages, 1):.0f} ms each, "
        f"{seconds:.0f} s in all"
    )
    return "\n".join(lines)

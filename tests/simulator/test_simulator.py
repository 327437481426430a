"""Simulated buyers against the real assistant: each must end as the policy says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT
from tests.running import RunningAssistant, running_assistant
from tests.simulator.buyer import GOALS
from tests.simulator.persona import NEEDS, draw
from tests.simulator.phrases import bank, phrases, with_typo
from tests.simulator.simulation import runs, unlike

SEEDS = 300
RUNS = 8
SEEDS_REPEATED = 20
"""Seeds whose conversation is held `RUNS` times. `make simulate RUNS=8` does so with all."""


@pytest.fixture
def fresh_assistant(tmp_path: Path) -> Iterator[RunningAssistant]:
    """An assistant of its own, with a fresh desk."""
    with running_assistant(tmp_path) as running:
        yield running


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_every_buyer_ends_where_the_policy_says(fresh_assistant: RunningAssistant) -> None:
    (talks,) = runs(fresh_assistant, range(SEEDS), 1)
    failed = [str(talk) for talk in talks if talk.problem]
    assert not failed, f"{len(failed)} of {len(talks)}\n\n" + "\n\n".join(failed)


@pytest.mark.model
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_seed_always_holds_the_same_conversation(fresh_assistant: RunningAssistant) -> None:
    seeds = range(0, SEEDS, SEEDS // SEEDS_REPEATED)
    done = list(runs(fresh_assistant, seeds, RUNS))
    differing = unlike(done)
    shown = [str(talk) for talks in done for talk in talks if talk.persona.seed in differing[:1]]
    assert not differing, f"seeds {differing}\n\n" + "\n\n".join(shown)


def test_a_seed_draws_the_same_buyer() -> None:
    assert [draw(seed) for seed in range(40)] == [draw(seed) for seed in range(40)]


def test_all_needs_and_habits_are_drawn() -> None:
    personas = [draw(seed) for seed in range(300)]
    assert {persona.need for persona in personas} == set(NEEDS) == set(GOALS)
    drawn = {habit for persona in personas for habit in persona.habits}
    assert all(sum(p.has(habit) for p in personas) >= 10 for habit in drawn)


def test_no_opening_is_a_training_sentence() -> None:
    trained = set()
    for path in (ROOT / "data" / "nlu").glob("*.yml"):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = str(entry.get("examples", "")).splitlines()
            trained |= {_plain(line.removeprefix("- ")) for line in lines}
    openings = [text for key in bank()["openings"] for text in phrases("openings", key)]
    names = ("item", *bank()["items"].values())
    said = {_plain(t.format(item=name, seller="Casa Verde")) for t in openings for name in names}
    assert not said & trained


def test_a_typo_changes_two_letters_and_leaves_the_item_alone() -> None:
    text = "my blender arrived damaged"
    found = {with_typo(text, random.Random(seed), "blender") for seed in range(50)}
    assert all(len(one) == len(text) and "blender" in one for one in found)
    assert len(found) > 5


def _plain(text: str) -> str:
    return text.strip().strip("?.!").lower()

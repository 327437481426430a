"""Measures understanding on files of labelled messages.

`python -m bot.understanding.evaluate FILE...` trains the intent model on data/nlu (seconds) and
prints, for each file, how many messages it understands. A file has one JSON object per line:
`text`, `label`, and `also`, a list of labels that are as right.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.understanding.intent_model import IntentModel
from bot.understanding.needs import read_needs
from bot.understanding.training_sentences import training_sentences

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
LABELS_FILE = ROOT / "tests" / "understanding" / "labels.yml"


@dataclass(frozen=True)
class Thresholds:
    """When the assistant asks back instead of following the likeliest intent.

    Attributes:
        sure: Lowest probability to follow, 0 to 1.
        apart: Smallest lead over the second intent, 0 to 1.
    """

    sure: float
    apart: float

    @classmethod
    def from_config(cls, path: Path = ROOT / "config.yml") -> Thresholds:
        """The thresholds of the FallbackClassifier in config.yml."""
        config = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        step = next(c for c in config["pipeline"] if c["name"] == "FallbackClassifier")
        return cls(step["threshold"], step["ambiguity_threshold"])

    def choose(self, ranking: Sequence[tuple[str, float]]) -> str:
        """The intent to follow, or `nlu_fallback`."""
        (name, first), (_, second) = ranking[:2]
        return FALLBACK if first < self.sure or first - second < self.apart else name


@dataclass
class Score:
    """What came of a file's messages.

    Attributes:
        in_scope: Messages that the assistant should understand.
        right: Of these, how many have a right intent first.
        right_in_two: Of these, how many have one among the first two.
        followed_wrong: Of these, how many would start a wrong flow: sure enough, and wrong.
        asked_back: Of these, how many would be asked back.
        outside: Messages out of scope.
        outside_caught: Of these, how many are out of scope or asked back.
        errors: For each label, (text, intent, probability) of what was wrong.
    """

    in_scope: int = 0
    right: int = 0
    right_in_two: int = 0
    followed_wrong: int = 0
    asked_back: int = 0
    outside: int = 0
    outside_caught: int = 0
    errors: dict[str, list[tuple[str, str, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def summary(self) -> str:
        """The figures in one line."""
        parts = []
        if self.in_scope:
            parts += [
                f"{self.in_scope} in scope: {self.right / self.in_scope:.1%} right",
                f"{self.right_in_two / self.in_scope:.1%} in the first two",
                f"{self.followed_wrong / self.in_scope:.1%} to a wrong flow",
                f"{self.asked_back / self.in_scope:.1%} asked back",
            ]
        if self.outside:
            caught = self.outside_caught / self.outside
            parts.append(f"{self.outside} out of scope: {caught:.1%} caught")
        return ", ".join(parts)


def load_labels(path: Path = LABELS_FILE) -> dict[str, list[str]]:
    """The intents that are right for each label that isn't an intent's own name."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8")) if path.exists() else {}


def load_messages(path: Path) -> list[dict]:
    """The messages of a JSON Lines file."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def score(
    model: IntentModel,
    messages: Sequence[dict],
    labels: dict[str, list[str]],
    thresholds: Thresholds,
) -> Score:
    """Scores a model on messages.

    Args:
        model: A trained model.
        messages: Objects with `text`, `label` and maybe `also`.
        labels: The intents that are right for a label, where they differ from its name.
        thresholds: When the assistant asks back.

    Returns:
        The counts and the errors.
    """
    result = Score()
    rankings = [read_needs(model, message["text"]).ranking for message in messages]
    for message, ranking in zip(messages, rankings, strict=True):
        accepted = [message["label"], *message.get("also", [])]
        intents = {intent for label in accepted for intent in labels.get(label, [label])}
        chosen = thresholds.choose(ranking)
        if message["label"] == OUT_OF_SCOPE:
            result.outside += 1
            good = chosen in intents
            result.outside_caught += good
        else:
            result.in_scope += 1
            good = ranking[0][0] in intents
            result.right += good
            result.right_in_two += bool({ranking[0][0], ranking[1][0]} & intents)
            result.asked_back += chosen == FALLBACK
            result.followed_wrong += chosen not in intents and chosen != FALLBACK
        if not good:
            result.errors[message["label"]].append((message["text"], *ranking[0]))
    return result


def train_on(folder: Path | None = None) -> IntentModel:
    """Trains the intent model on the training files."""
    pairs = list(training_sentences(folder) if folder else training_sentences())
    return IntentModel().fit([text for text, _ in pairs], [intent for _, intent in pairs])


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the score of each file."""
    parser = argparse.ArgumentParser(description="How well messages are understood.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--errors", action="store_true", help="print what was misunderstood")
    parser.add_argument("--labels", type=Path, default=LABELS_FILE)
    options = parser.parse_args(arguments)
    model, labels = train_on(), load_labels(options.labels)
    thresholds = Thresholds.from_config()
    for path in options.files:
        result = score(model, load_messages(path), labels, thresholds)
        lines = [f"{path.name}: {result.summary()}", *_error_lines(result, options.errors)]
        sys.stdout.write("\n".join(lines) + "\n")


def _error_lines(result: Score, with_texts: bool) -> Iterator[str]:
    for label, errors in sorted(result.errors.items()):
        taken = Counter(intent for _, intent, _ in errors).most_common(4)
        yield f"  {label}: {len(errors)} wrong {dict(taken)}"
        if with_texts:
            yield from (f"    {intent} {sure:.2f}: {text}" for text, intent, sure in errors)


if __name__ == "__main__":
    main()

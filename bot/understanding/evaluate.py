"""Measures understanding on files of labelled messages.

`python -m bot.understanding.evaluate FILE...` trains the intent model on data/nlu (a minute) and
prints which model it is, how many messages of each file it understands, the curve over thresholds
and what is taken for what. A file has one JSON object per line: `text`, `label`, and `also`, a list
of labels that are as right.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sklearn
from ruamel.yaml import YAML

from bot.settings import ROOT
from bot.understanding.confusion_picture import draw_confusion
from bot.understanding.intent_model import SEED, IntentModel
from bot.understanding.needs import read_needs
from bot.understanding.training_sentences import training_sentences

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
LABELS_FILE = ROOT / "tests" / "understanding" / "labels.yml"
CURVE = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
"""Thresholds that the report shows, beside the configured one."""


Ranking = Sequence[tuple[str, float]]
"""(intent, probability) pairs, surest first."""


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

    def choose(self, ranking: Ranking) -> str:
        """The intent to follow, or `nlu_fallback`."""
        (name, first), (_, second) = [*ranking[:2], ("", 0.0)][:2]
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
        taken: How often each (intent that the label means, intent) pair came: the confusion table.
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
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

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
    return count(messages, rank_all(model, messages), labels, thresholds)


def rank_all(model: IntentModel, messages: Sequence[dict]) -> list[Ranking]:
    """The intents of each message's first need, surest first, as the assistant ranks them."""
    return [read_needs(model, message["text"]).ranking for message in messages]


def count(
    messages: Sequence[dict],
    rankings: Sequence[Ranking],
    labels: dict[str, list[str]],
    thresholds: Thresholds,
) -> Score:
    """Scores rankings of messages; see `score`."""
    result = Score()
    for message, ranking in zip(messages, rankings, strict=True):
        accepted = [message["label"], *message.get("also", [])]
        intents = {intent for label in accepted for intent in labels.get(label, [label])}
        chosen = thresholds.choose(ranking)
        if message["label"] == OUT_OF_SCOPE:
            result.outside += 1
            good, taken = chosen in intents, chosen
            result.outside_caught += good
        else:
            result.in_scope += 1
            taken = ranking[0][0]
            good = taken in intents
            result.right += good
            result.right_in_two += any(name in intents for name, _ in ranking[:2])
            result.asked_back += chosen == FALLBACK
            result.followed_wrong += chosen not in intents and chosen != FALLBACK
        own = labels.get(message["label"], [message["label"]])
        meant = next((name for name in [*own, *sorted(intents)] if name == taken), own[0])
        result.taken[meant, taken] += 1
        if not good:
            result.errors[message["label"]].append((message["text"], *ranking[0]))
    return result


def train_on(folder: Path | None = None) -> IntentModel:
    """Trains the intent model on the training files."""
    pairs = list(training_sentences(folder) if folder else training_sentences())
    return IntentModel().fit([text for text, _ in pairs], [intent for _, intent in pairs])


def model_name(folder: Path | None = None) -> str:
    """Which model the figures are about: what it is, its seed, and a digest of its sentences."""
    pairs = sorted(training_sentences(folder) if folder else training_sentences())
    digest = hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()[:12]
    return (
        f"{IntentModel.__name__}, scikit-learn {sklearn.__version__}, seed {SEED}, "
        f"{len(pairs)} sentences, digest {digest}"
    )


def curve(
    messages: Sequence[dict],
    rankings: Sequence[Ranking],
    labels: dict[str, list[str]],
    apart: float,
) -> Iterator[str]:
    """Lines of the curve over thresholds, as a Markdown table."""
    yield "| threshold | asked back | wrong flow | out of scope caught |"
    yield "| --- | --- | --- | --- |"
    for sure in CURVE:
        result = count(messages, rankings, labels, Thresholds(sure, apart))
        cells = [
            *(_share(part, result.in_scope) for part in (result.asked_back, result.followed_wrong)),
            _share(result.outside_caught, result.outside),
        ]
        yield f"| {sure:.2f} | {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the report."""
    parser = argparse.ArgumentParser(description="How well messages are understood.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--errors", action="store_true", help="print what was misunderstood")
    parser.add_argument("--picture", type=Path, help="draw the confusion table into this PNG")
    parser.add_argument("--labels", type=Path, default=LABELS_FILE)
    options = parser.parse_args(arguments)
    model, labels, thresholds = train_on(), load_labels(options.labels), Thresholds.from_config()
    messages: list[dict] = []
    rankings: list[Ranking] = []
    _print([f"{model_name()}, threshold {thresholds.sure}, lead {thresholds.apart}"])
    for path in options.files:
        here = load_messages(path)
        ranked = rank_all(model, here)
        messages, rankings = messages + here, rankings + ranked
        result = count(here, ranked, labels, thresholds)
        _print([f"{path.name}: {result.summary()}", *_error_lines(result, options.errors)])
    total = count(messages, rankings, labels, thresholds)
    _print(
        ["", f"all: {total.summary()}", "", *curve(messages, rankings, labels, thresholds.apart)]
    )
    _print(["", "meant, taken for, how often:", *_confusions(total)])
    if options.picture:
        draw_confusion(total.taken, options.picture)


def _print(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _confusions(result: Score) -> Iterator[str]:
    wrong = {pair: n for pair, n in result.taken.items() if pair[0] != pair[1]}
    for (meant, taken), n in sorted(wrong.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {meant:24} {taken:24} {n}"


def _error_lines(result: Score, with_texts: bool) -> Iterator[str]:
    for label, errors in sorted(result.errors.items()):
        taken = Counter(intent for _, intent, _ in errors).most_common(4)
        yield f"  {label}: {len(errors)} wrong {dict(taken)}"
        if with_texts:
            yield from (f"    {intent} {sure:.2f}: {text}" for text, intent, sure in errors)


if __name__ == "__main__":
    main()

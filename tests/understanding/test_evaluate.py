"""The report names its model, gives the figures, and is the same each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.understanding import evaluate
from bot.understanding.confusion_picture import draw_confusion
from bot.understanding.evaluate import Thresholds, count, curve, model_name
from bot.understanding.intent_model import IntentModel
from bot.understanding.training_sentences import training_sentences

MESSAGES = [
    {"text": "a", "label": "track_order"},
    {"text": "b", "label": "track_order", "also": ["cancel_order"]},
    {"text": "c", "label": "out_of_scope"},
    {"text": "d", "label": "out_of_scope"},
]
RANKINGS = [
    [("cancel_order", 0.9), ("track_order", 0.05)],
    [("cancel_order", 0.4), ("track_order", 0.3)],
    [("track_order", 0.3), ("greet", 0.1)],
    [("track_order", 0.8), ("greet", 0.1)],
]


def test_figures_count_right_wrong_and_asked_back() -> None:
    result = count(MESSAGES, RANKINGS, {}, Thresholds(0.5, 0.05))
    assert (result.in_scope, result.right, result.right_in_two) == (2, 1, 2)
    assert (result.followed_wrong, result.asked_back) == (1, 1)
    assert (result.outside, result.outside_caught) == (2, 0)
    labels = {"out_of_scope": ["out_of_scope", "nlu_fallback"]}
    assert count(MESSAGES, RANKINGS, labels, Thresholds(0.5, 0.05)).outside_caught == 1


def test_the_curve_has_a_row_for_each_threshold() -> None:
    rows = list(curve(MESSAGES, RANKINGS, {"out_of_scope": ["nlu_fallback"]}, 0.05))
    assert len(rows) == 2 + len(evaluate.CURVE)
    assert "| 0.35 | 0.0% | 50.0% | 50.0% |" in rows
    assert "| 0.50 | 50.0% | 50.0% | 50.0% |" in rows


def test_the_report_names_the_model_and_draws_the_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = list(training_sentences())[::40]
    small = IntentModel().fit([text for text, _ in pairs], [intent for _, intent in pairs])
    monkeypatch.setattr(evaluate, "train_on", lambda: small)
    file = tmp_path / "mine.jsonl"
    file.write_text(json.dumps({"text": "where is my refund", "label": "track_refund"}))

    evaluate.main([str(file), "--picture", str(tmp_path / "new" / "table.png")])

    report = capsys.readouterr().out
    assert report.startswith(model_name())
    assert "mine.jsonl: 1 in scope" in report
    assert "| threshold |" in report
    assert (tmp_path / "new" / "table.png").read_bytes().startswith(b"\x89PNG")


def test_the_digest_changes_with_the_sentences(tmp_path: Path) -> None:
    def name_of(sentence: str) -> str:
        text = f"nlu:\n  - intent: greet\n    examples: |\n      - {sentence}\n"
        (tmp_path / "one.yml").write_text(text)
        return model_name(tmp_path)

    assert name_of("hello") == name_of("hello")
    assert name_of("hello") != name_of("hullo")


def test_an_empty_table_is_drawn_too(tmp_path: Path) -> None:
    draw_confusion({("greet", "thanks"): 1}, tmp_path / "x.png")
    assert (tmp_path / "x.png").exists()

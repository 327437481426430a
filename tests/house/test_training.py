from __future__ import annotations

from pathlib import Path

import pytest

from bot.server.training import fingerprint, is_trained, model_path
from bot.settings import Settings


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("config.yml", "domain.yml", "requirements.lock", "data/nlu/greet.yml"):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    code = tmp_path / "project" / "bot" / "understanding" / "dates.py"
    code.parent.mkdir(parents=True)
    code.write_text("")
    return tmp_path / "project"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, models_dir=tmp_path / "models", var_dir=tmp_path / "var")


@pytest.fixture
def trained(settings: Settings, root: Path) -> Settings:
    settings.models_dir.mkdir()
    model_path(settings).write_bytes(b"a model")
    (settings.models_dir / "assistant.made-of").write_text(fingerprint(settings, root))
    return settings


def test_a_fresh_checkout_has_no_model(settings: Settings, root: Path) -> None:
    assert not is_trained(settings, root)


def test_a_model_of_the_same_files_is_not_trained_again(trained: Settings, root: Path) -> None:
    assert is_trained(trained, root)


@pytest.mark.parametrize(
    "changed", ["config.yml", "domain.yml", "data/nlu/greet.yml", "bot/understanding/dates.py"]
)
def test_a_changed_file_asks_for_training(trained: Settings, root: Path, changed: str) -> None:
    (root / changed).write_text("changed")
    assert not is_trained(trained, root)


def test_a_new_file_of_examples_asks_for_training(trained: Settings, root: Path) -> None:
    (root / "data/nlu/thanks.yml").write_text("")
    assert not is_trained(trained, root)


def test_a_renamed_file_asks_for_training(trained: Settings, root: Path) -> None:
    (root / "data/nlu/greet.yml").rename(root / "data/nlu/hello.yml")
    assert not is_trained(trained, root)


def test_another_spacy_pipeline_asks_for_training(trained: Settings, root: Path) -> None:
    assert not is_trained(trained.copy(update={"spacy_pipeline": "en_core_web_md"}), root)


def test_a_lost_model_asks_for_training(trained: Settings, root: Path) -> None:
    model_path(trained).unlink()
    assert not is_trained(trained, root)


def test_files_that_no_model_is_made_of_ask_for_nothing(trained: Settings, root: Path) -> None:
    (root / "README.md").write_text("changed")
    (root / "bot/understanding/__pycache__").mkdir()
    (root / "bot/understanding/__pycache__/dates.cpython-310.pyc").write_bytes(b"")
    assert is_trained(trained, root)

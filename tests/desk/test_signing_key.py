from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings


def settings(folder: Path, **changes: str) -> Settings:
    return Settings(_env_file=None, var_dir=folder, **changes)


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = settings(tmp_path / "new").signing_key()
    assert len(key) >= 32
    assert settings(tmp_path / "new").signing_key() == key
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["secret_key"]
    assert (tmp_path / "new" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("key", ["x", "k" * 31, "k" * 31 + " "])
def test_a_short_key_is_refused_in_one_sentence_that_doesnt_tell_it(
    tmp_path: Path, key: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        settings(tmp_path, secret_key=key)
    (error,) = refused.value.errors()
    assert error["loc"] == ("secret_key",)
    assert error["msg"] == "must have 32 characters or more, or be empty"
    assert "kkk" not in str(refused.value)


def test_a_key_of_32_characters_is_used_and_no_file_is_made(tmp_path: Path) -> None:
    assert settings(tmp_path, secret_key="k" * 32).signing_key() == "k" * 32
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kept", ["", "\n", "x" * 31])
def test_a_kept_key_that_is_too_short_is_refused_with_the_way_out(
    tmp_path: Path, kept: str
) -> None:
    (tmp_path / "secret_key").write_text(kept)
    with pytest.raises(ValueError, match="32 characters; delete it, and a new key is made"):
        settings(tmp_path).signing_key()


def test_a_crash_while_the_key_is_written_leaves_no_half_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "fdopen", crash)
        with pytest.raises(KeyboardInterrupt):
            settings(tmp_path).signing_key()
    assert not (tmp_path / "secret_key").exists()
    assert len(settings(tmp_path).signing_key()) >= 32


def test_all_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    for n in range(30):
        start = threading.Barrier(4)

        def ask(folder: Path = tmp_path / str(n), start: threading.Barrier = start) -> str:
            start.wait()
            return settings(folder).signing_key()

        with ThreadPoolExecutor(4) as pool:
            keys = {asked.result() for asked in [pool.submit(ask) for _ in range(4)]}
        assert len(keys) == 1
        assert len(keys.pop()) >= 32

"""`python -m bot evidence`, and what `requests show` tells of files."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.desk import Desk, RequestView
from bot.settings import Settings, get_settings
from tests import evidence_files as files
from tests.desk.shop import CHAT, NOW, bring, filing, order, verified


@pytest.fixture(autouse=True)
def same_desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The commands work on the test's own desk, on the test's day."""
    monkeypatch.setenv("ASSISTANT_VAR_DIR", str(settings.var_dir))
    monkeypatch.setenv("ASSISTANT_FIXED_NOW", NOW.isoformat())
    monkeypatch.setenv("COLUMNS", "200")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def request_with_files(desk: Desk, tmp_path: Path) -> RequestView:
    bring(desk, order())
    (item,) = verified(desk)
    ids = [
        desk.keep_evidence(CHAT, name, files.write(tmp_path, content)).id
        for name, content in (("box.png", files.png()), ("invoice.pdf", files.pdf()))
    ]
    return desk.file(CHAT, filing(item, files=tuple(ids)))


def run(*arguments: str, given: str | None = None) -> Any:
    return CliRunner(mix_stderr=False).invoke(app, ["evidence", *arguments], input=given)


def test_a_shop_sees_and_fetches_the_files_of_a_request(
    desk: Desk, request_with_files: RequestView, tmp_path: Path
) -> None:
    number = request_with_files.number
    listed = run("list").stdout
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [number, number]
    assert "invoice.pdf" in listed
    told = json.loads(run("list", "--json").stdout)
    assert [one["name"] for one in told] == ["invoice.pdf", "box.png"]
    assert Path(told[0]["path"]).read_bytes().startswith(b"%PDF")
    folder = tmp_path / "for the shop"
    done = run("export", number.lower(), "--to", str(folder))
    assert done.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        f"{number}-01-box.png",
        f"{number}-02-invoice.pdf",
    ]
    shown = CliRunner(mix_stderr=False).invoke(app, ["requests", "show", number]).stdout
    assert "box.png (photo, " in shown
    assert told[0]["path"] in shown.replace("\n", "")
    as_json = CliRunner(mix_stderr=False).invoke(app, ["requests", "show", number, "--json"])
    assert [one["path"] for one in json.loads(as_json.stdout)["files"]][1] == told[0]["path"]


def test_files_of_a_request_can_be_deleted_for_good(
    desk: Desk, request_with_files: RequestView
) -> None:
    number = request_with_files.number
    assert run("purge", number, given="n\n").exit_code == 1
    assert len(desk.request(number).files) == 2
    assert run("purge", number, "--yes").stdout == "2 files are deleted.\n"
    assert desk.request(number).files == ()
    assert [one for one in desk.context.evidence.folder.rglob("*") if one.is_file()] == []
    assert (run("purge", number).exit_code, run("export", number, "--to", "x").exit_code) == (2, 2)
    assert "no return request" in run("export", "R-22222222", "--to", "x").stderr
    assert run("list").stdout == "No files yet.\n"


def test_a_sweep_tells_what_it_did(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.keep_evidence(CHAT, "a.png", files.write(tmp_path, files.png()))
    assert "(waits)" in run("list").stdout
    assert run("sweep").stdout.startswith("0 had their time")
    monkeypatch.setenv("ASSISTANT_FIXED_NOW", (NOW + timedelta(hours=25)).isoformat())
    get_settings.cache_clear()
    done = run("sweep")
    assert (done.exit_code, done.stdout.startswith("1 had their time")) == (0, True)

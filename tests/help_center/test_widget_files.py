"""The embed script, what it loads, and which origins may talk to the channel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests
from pydantic import ValidationError

from bot.help_center.assets import DEEP_CHAT, Assets
from bot.settings import ROOT
from tests.help_center.fake_assistant import running, settings_for_tests

SHOP = "https://www.shop.example"
STRANGER = "https://stranger.example"
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A help center that one shop's pages may talk to."""
    settings = settings_for_tests(
        tmp_path_factory.mktemp("open"), allowed_origins=f"{SHOP} http://localhost:8080"
    )
    with running(settings) as server:
        yield server


def boot_of(script: str) -> dict:
    return json.loads(script[script.rindex("({") + 1 : script.rindex(")")])


def test_one_tag_names_all_that_the_chat_loads_and_how_long_it_may_be_kept(
    server: SimpleNamespace,
) -> None:
    script = requests.get(f"{server.url}/assistant.js", timeout=5)
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Cache-Control"] == "no-cache"
    again = requests.get(
        f"{server.url}/assistant.js",
        headers={"If-None-Match": script.headers["ETag"]},
        timeout=5,
    )
    assert again.status_code == 304
    files = boot_of(script.text)["files"]
    assert len(files) >= 4
    for address in files.values():
        file = requests.get(f"{server.url}/{address}", timeout=5)
        assert file.status_code == 200
        assert "immutable" in file.headers["Cache-Control"]


def test_only_the_widgets_files_may_be_loaded_by_other_sites(server: SimpleNamespace) -> None:
    for path in ("/assistant.js", "/static/chat.js", "/static/chat.css"):
        headers = requests.get(server.url + path, timeout=5).headers
        assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert headers["Access-Control-Allow-Origin"] == "*"
    for path in ("/", "/static/page.css", "/health", "/withdraw"):
        headers = requests.get(server.url + path, timeout=5).headers
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in headers


def test_without_deep_chat_the_script_names_none(tmp_path: Path) -> None:
    assets = Assets(deep_chat=tmp_path)
    assert DEEP_CHAT not in assets
    assert "chat.js" in assets


def test_deep_chat_is_served_with_its_licence(server: SimpleNamespace) -> None:
    if not (ROOT / "node_modules/deep-chat").is_dir():
        pytest.skip("deep-chat isn't installed: make setup, with Node on the machine")
    bundle = requests.get(f"{server.url}/static/{DEEP_CHAT}", timeout=5).text
    assert bundle.startswith("/*! deep-chat\nMIT License")
    assert "Permission is hereby granted" in bundle[:2000]
    assert 'customElements.define("deep-chat"' in bundle


@pytest.mark.parametrize("path", ["/session", "/messages"])
def test_a_shop_of_the_settings_may_post(open_server: SimpleNamespace, path: str) -> None:
    asked = requests.options(
        open_server.url + path,
        headers={"Origin": SHOP, "Access-Control-Request-Method": "POST"},
        timeout=5,
    )
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == SHOP
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    answer = requests.post(open_server.url + path, json={}, headers={"Origin": SHOP}, timeout=5)
    assert answer.headers["Access-Control-Allow-Origin"] == SHOP
    assert answer.headers["Vary"] == "Origin"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("origin", [STRANGER, f"{SHOP}.evil.example", "null", SHOP + "/"])
def test_no_other_origin_may(open_server: SimpleNamespace, origin: str) -> None:
    for method in ("OPTIONS", "POST"):
        answer = requests.request(
            method, f"{open_server.url}/session", headers={"Origin": origin}, timeout=5
        )
        assert not [name for name in answer.headers if name.startswith("Access-Control-Allow")]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nobody_may_when_the_setting_is_empty(server: SimpleNamespace) -> None:
    answer = requests.options(f"{server.url}/session", headers={"Origin": SHOP}, timeout=5)
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "value", ["*", "shop.example", "https://shop.example/", "https://Shop.example", "ftp://x"]
)
def test_an_allowed_origin_must_be_one(tmp_path: Path, value: str) -> None:
    with pytest.raises(ValidationError, match="isn't an origin"):
        settings_for_tests(tmp_path, allowed_origins=value)


def test_the_lock_of_the_browser_packages_names_no_host_and_has_hashes() -> None:
    assert "http" not in (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert "node_modules/deep-chat" in packages
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_the_browser_packages_are_those_of_the_lock() -> None:
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    for name, version in {**asked["dependencies"], **asked["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert LOCK["packages"][f"node_modules/{name}"]["version"] == version


def test_the_docs_know_how_much_is_loaded(server: SimpleNamespace) -> None:
    def size(path: str) -> int:
        return int(requests.get(f"{server.url}/{path}", timeout=5).headers["Content-Length"])

    files = boot_of(requests.get(f"{server.url}/assistant.js", timeout=5).text)["files"]
    before = size("assistant.js")
    ours = sum(size(path) for name, path in files.items() if name != "deep_chat")
    assert before < 20_000
    docs = (ROOT / "docs/widget.md").read_text(encoding="utf-8")
    known = [int(n) for n in re.findall(r"^\| \w.* \| (\d+) \|$", docs, flags=re.M)]
    measured = [before, ours] + ([size(files["deep_chat"])] if "deep_chat" in files else known[2:])
    assert known == [pytest.approx(bytes_, rel=0.05) for bytes_ in measured], measured

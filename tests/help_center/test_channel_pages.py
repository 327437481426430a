"""The help page, its files, and the headers on every answer."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
import requests

from bot.desk.pictures import Pictures
from bot.help_center.pages import Pages, with_all_clauses
from bot.help_center.security import FORM_POLICY, HEADERS
from bot.help_center.words import (
    CHANNEL_WORDS,
    CLIENT_WORDS,
    HelpCenterWords,
    MissingWords,
    get_words,
)
from bot.policy.loader import load_clauses
from tests import evidence_files as files
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import running, settings_for_tests


@pytest.fixture(scope="module")
def page(server: SimpleNamespace) -> str:
    answer = requests.get(server.url, timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    return html.unescape(answer.text)


def test_the_help_page_shows_every_clause_with_its_exact_words(page: str) -> None:
    rulebook = load_clauses().in_force(date(2026, 11, 23))
    for id_ in (v.id for v in load_clauses().versions if not v.is_law):
        part = re.search(rf'<li id="{re.escape(id_)}" .*?</li>', page, re.S)
        assert part, f"{id_} isn't on the page"
        assert rulebook.cite(id_).quote in part[0]
        assert rulebook.say(id_, "rule").text in part[0]


def test_a_clause_that_no_section_names_stands_in_the_last_one() -> None:
    sections = [{"id": "a", "groups": [{"clauses": ["P1"]}]}, {"id": "b", "groups": []}]
    *_, last = with_all_clauses(sections, ["P1", "F15"])
    assert last["groups"] == [{"clauses": ["F15"]}]
    assert with_all_clauses(sections, ["P1"]) == sections


def test_the_page_is_built_before_the_first_visitor_asks_for_it(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    build = Pages.help_page
    monkeypatch.setattr(Pages, "help_page", lambda self: built.append(build(self)) or built[-1])
    with running(settings_for_tests(tmp_path_factory.mktemp("early"))) as early:
        assert len(built) == 1
        assert requests.get(early.url, timeout=5).text == built[0]


def test_the_help_page_is_ordered_by_what_buyers_ask(page: str) -> None:
    for title in (
        "What is covered?",
        "What isn't covered?",
        "How do I get my money back?",
        "What is Free Return?",
        "Can I still cancel?",
        "What are my rights by law?",
    ):
        assert re.search(rf"<h3 [^>]*>{re.escape(title)}</h3>", page)


def test_each_clause_stands_once_and_every_link_on_the_page_leads_somewhere(page: str) -> None:
    places = re.findall(r'\sid="([^"]+)"', page)
    assert len(places) == len(set(places))
    links = re.findall(r'href="#([^"]+)"', page)
    assert {"P1", "F1", "S5"} <= set(links)
    assert set(links) <= set(places)


def test_the_help_page_has_nothing_inline_and_nothing_from_elsewhere(page: str) -> None:
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in script or "application/json" in script for script in scripts)
    links = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert links
    assert all(link.startswith(("/", "#")) and not link.startswith("//") for link in links)


def test_the_help_page_is_compressed_and_asked_for_again_only_when_it_changed(
    server: SimpleNamespace,
) -> None:
    first = requests.get(server.url, timeout=5)
    assert first.headers["Content-Encoding"] == "gzip"
    again = requests.get(server.url, headers={"If-None-Match": first.headers["ETag"]}, timeout=5)
    assert (again.status_code, again.content) == (304, b"")


def test_demo_orders_stand_on_the_page_only_in_a_demo(
    server: SimpleNamespace, page: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert "Try it with a demo order" not in page
    with running(settings_for_tests(tmp_path_factory.mktemp("demo"), demo=True)) as demo:
        shown = requests.get(demo.url, timeout=5).text
    assert "Try it with a demo order" in shown
    assert re.search(r"<code>\d{8}</code>", shown)


def test_the_support_page_names_ways_to_a_person(server: SimpleNamespace) -> None:
    page = requests.get(f"{server.url}/support", timeout=5)
    assert page.status_code == 200
    assert "Talk to a person" in page.text
    assert "Your seller" in page.text


def test_health_tells_whether_the_assistant_is_loaded(server: SimpleNamespace) -> None:
    server.agent.ready = False
    try:
        assert requests.get(f"{server.url}/health", timeout=5).status_code == 503
    finally:
        server.agent.ready = True
    assert requests.get(f"{server.url}/health", timeout=5).json() == {"ready": True}


@pytest.mark.parametrize("path", ["/", "/support", "/health", "/static/page.css", "/nowhere"])
def test_every_answer_has_the_security_headers(server: SimpleNamespace, path: str) -> None:
    headers = requests.get(server.url + path, timeout=5).headers
    form = {"Content-Security-Policy": FORM_POLICY} if path == "/" else {}
    for name, value in (HEADERS | form).items():
        assert headers[name] == value
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_chat_answers_are_kept_nowhere(chat: Chat) -> None:
    assert chat.send("hello").headers["Cache-Control"] == "no-store"


def test_files_are_kept_as_long_as_their_address_is_the_same(
    server: SimpleNamespace, page: str
) -> None:
    (address,) = re.findall(r'"(/static/page\.css\?v=\w+)"', page)
    file = requests.get(server.url + address, timeout=5)
    assert file.headers["Content-Type"].startswith("text/css")
    assert "immutable" in file.headers["Cache-Control"]
    again = requests.get(
        server.url + address, headers={"If-None-Match": file.headers["ETag"]}, timeout=5
    )
    assert (again.status_code, again.content) == (304, b"")
    bare = requests.get(f"{server.url}/static/page.css", timeout=5)
    assert bare.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/static/",
        "/static/nothing.js",
        "/static/..%2fchannel.py",
        "/webhooks/rest/webhook",
    ],
)
def test_an_unknown_path_gets_a_short_answer(server: SimpleNamespace, path: str) -> None:
    answer = requests.get(server.url + path, timeout=5)
    assert answer.status_code == 404
    assert answer.json() == {"messages": [{"text": "There is no such page here."}]}


def test_a_page_that_breaks_says_so_without_a_stack_trace(
    server: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: Pages) -> str:
        raise RuntimeError("secret")

    monkeypatch.setattr(Pages, "help_page", broken)
    answer = requests.get(server.url, timeout=5)
    assert answer.status_code == 500
    assert answer.json()["messages"][0]["text"].startswith("Sorry, something went wrong")
    assert "RuntimeError at" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("name", [*CHANNEL_WORDS, *CLIENT_WORDS])
def test_every_sentence_of_the_help_center_is_in_the_domain(name: str) -> None:
    assert get_words().texts[name]


def test_a_domain_without_the_sentences_is_refused_by_their_names(tmp_path: object) -> None:
    domain = tmp_path / "domain.yml"  # type: ignore[operator]
    domain.write_text("responses:\n  utter_message_empty:\n    - text: Hm?\n")
    with pytest.raises(MissingWords, match="utter_client_title"):
        HelpCenterWords(domain)


def test_a_picture_of_an_item_may_be_shown_by_any_site_and_kept(
    server: SimpleNamespace, tmp_path: Path
) -> None:
    folder = Path(server.settings.var_dir) / "pictures"
    (tmp_path / "it.png").write_bytes(files.png())
    name = Pictures(folder).keep(tmp_path / "it.png")
    answer = requests.get(f"{server.url}/pictures/{name}", timeout=5)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in answer.headers["Cache-Control"]
    for other in ("0" * 32 + ".webp", "secret_key", "..%2fsecret_key"):
        assert requests.get(f"{server.url}/pictures/{other}", timeout=5).status_code == 404

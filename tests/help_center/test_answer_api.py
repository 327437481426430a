"""The help desk's signed call that answers a hand-off, and its OpenAPI document."""

from __future__ import annotations

import json
import re
import time
import urllib.error
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from ruamel.yaml import YAML

from bot.desk import Desk, migrate
from bot.desk.outbox.webhook import signature
from bot.help_center.answer_api import PATH
from bot.settings import ROOT, secret_keys
from tests.desk.shop import CHAT, bring, order, rows, verified
from tests.help_center.fake_assistant import running, settings_for_tests

SECRET = "whsec_" + "c2VjcmV0" * 4
DOCUMENT = YAML(typ="safe").load((ROOT / "docs" / "hand-offs-api.yml").read_text("utf-8"))
OPERATION = DOCUMENT["paths"]["/api/hand-offs/{ticket}/answer"]["post"]
PAGE = (ROOT / "docs" / "webhook.md").read_text(encoding="utf-8")


class HelpDesk:
    """A help desk with a ticket to answer."""

    def __init__(self, url: str, desk: Desk) -> None:
        self.url = url
        self.desk = desk
        bring(desk, order())
        verified(desk)
        self.ticket = desk.hand_off(CHAT, "a refund", "", (), "key", "50010001").ticket

    def call(
        self,
        text: Any = "It is on its way.",
        *,
        call_id: str = "answer-1",
        ticket: str | None = None,
        secret: str = SECRET,
        at: float = 0,
        body: bytes | None = None,
        **fields: Any,
    ) -> requests.Response:
        ticket = self.ticket if ticket is None else ticket
        sent = json.dumps({"ticket": ticket, "text": text, **fields}).encode()
        sent = sent if body is None else body
        now = int(time.time() + at)
        signed = {
            "webhook-id": call_id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(secret_keys(secret), call_id, now, sent),
        }
        url = f"{self.url}/api/hand-offs/{ticket}/answer"
        answer = requests.post(url, data=sent, headers=signed, timeout=10)
        documented(answer)
        return answer

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(one.name, one.text) for one in self.desk.ticket(self.ticket).answers]


def documented(answer: requests.Response) -> None:
    """The answer is one that the OpenAPI document has, in its shape."""
    found = OPERATION["responses"][str(answer.status_code)]
    if "$ref" in found:
        found = DOCUMENT["components"]["responses"][found["$ref"].rpartition("/")[2]]
    schema = {
        **found["content"]["application/json"]["schema"],
        "components": DOCUMENT["components"],
    }
    jsonschema.Draft202012Validator(schema).validate(answer.json())


OpenHelpDesk = Callable[..., HelpDesk]


@pytest.fixture
def open_help_desk(tmp_path: Path) -> Iterator[OpenHelpDesk]:
    opened: list[Any] = []

    def open_it(**changes: Any) -> HelpDesk:
        values = {"fixed_now": "2026-11-23T10:00:00Z", "shop_api_secret": SECRET, **changes}
        settings = settings_for_tests(tmp_path, **values)
        migrate(settings.database_url)
        desk = Desk.from_settings(settings)
        server = running(settings)
        opened.append((server, desk))
        return HelpDesk(server.__enter__().url, desk)

    yield open_it
    for server, desk in opened:
        server.__exit__(None, None, None)
        desk.close()


@pytest.fixture
def help_desk(open_help_desk: OpenHelpDesk) -> HelpDesk:
    return open_help_desk()


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_signed_call_answers_once(help_desk: HelpDesk) -> None:
    for _ in range(2):
        answer = help_desk.call("<b>Hello</b>", name="Maria")
        assert (answer.status_code, answer.json()) == (
            200,
            {"ticket": help_desk.ticket, "in_chat": True, "by_mail": True},
        )
    assert help_desk.answers == [("Maria", "<b>Hello</b>")]
    mails = [m for m in rows(help_desk.desk, "outbox_messages") if m["kind"] == "hand_off_answered"]
    assert len(mails) == 1
    assert rows(help_desk.desk, "audit_entries")[-1]["actor"] == "the help desk's API"


def test_an_id_that_has_brought_another_answer_is_refused(help_desk: HelpDesk) -> None:
    help_desk.call("First")
    assert code(help_desk.call("Second")) == (409, "id_taken")
    assert help_desk.call("Second", call_id="answer-2").status_code == 200
    assert help_desk.answers == [("", "First"), ("", "Second")]


@pytest.mark.parametrize(
    "forgery",
    [{"secret": "whsec_" + "b3RoZXIh" * 4}, {"at": -305}, {"at": 305}, {"call_id": ""}],
    ids=["another key", "an old call", "a call from the future", "no id"],
)
def test_what_isnt_signed_as_it_should_be_is_refused(
    help_desk: HelpDesk, forgery: dict[str, Any]
) -> None:
    assert code(help_desk.call(**forgery)) == (401, "not_signed")
    assert help_desk.answers == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "not_json"),
        (b"[]", "no_ticket"),
        (b'{"ticket": "H-ZZZZZZZZ", "text": "x"}', "other_ticket"),
    ],
)
def test_a_body_that_cant_be_used_is_told_so(
    help_desk: HelpDesk, body: bytes, expected: str
) -> None:
    assert code(help_desk.call(body=body)) == (400, expected)


@pytest.mark.parametrize(
    "fields",
    [{"text": ""}, {"text": "\u0000 \n"}, {"text": 5}, {"text": "x" * 4001}, {"name": "n" * 61}],
)
def test_a_text_that_cant_be_shown_is_refused(help_desk: HelpDesk, fields: dict[str, Any]) -> None:
    assert code(help_desk.call(**fields)) == (400, "bad_text")
    assert help_desk.answers == []


def test_the_longest_answer_of_any_characters_fits(help_desk: HelpDesk) -> None:
    assert help_desk.call("😀" * 4000).status_code == 200
    assert code(help_desk.call(body=b" " * 70_000)) == (413, "too_long")


def test_a_ticket_that_isnt_there_and_one_that_has_too_many_answers(help_desk: HelpDesk) -> None:
    assert code(help_desk.call(ticket="H-ZZZZZZZZ")) == (404, "unknown_ticket")
    for number in range(50):
        help_desk.desk.answer_hand_off(help_desk.ticket, "x", str(number))
    assert code(help_desk.call()) == (409, "too_many")


def test_without_a_key_or_a_database_no_call_is_taken(open_help_desk: OpenHelpDesk) -> None:
    help_desk = open_help_desk(shop_api_secret="")
    assert code(help_desk.call()) == (503, "not_set_up")


def test_a_desk_that_is_down_says_so(help_desk: HelpDesk) -> None:
    with help_desk.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql("ALTER TABLE hand_offs RENAME TO away")
    assert code(help_desk.call()) == (503, "desk_down")


def test_the_document_names_what_the_code_knows() -> None:
    assert [re.sub(r"\{\w+\}", "<ticket:str>", path) for path in DOCUMENT["paths"]] == [PATH]
    files = (ROOT / "bot" / "help_center" / name for name in ("answer_api.py", "shop_calls.py"))
    source = "".join(file.read_text(encoding="utf-8") for file in files)
    refused = re.findall(r'Refused\(\s*(\d{3}),\s*"(\w+)"', source)
    error = DOCUMENT["components"]["schemas"]["Error"]
    assert {name for _, name in refused} == set(
        error["properties"]["error"]["properties"]["code"]["enum"]
    )
    assert {"200", *(status for status, _ in refused)} == set(OPERATION["responses"])
    told = {(s, n) for s, names in re.findall(r"^\| (\d{3}) \| (.*?) \|", PAGE, re.M)
            for n in re.findall(r"`(\w+)`", names)}  # fmt: skip
    assert told == set(refused)
    jsonschema.Draft202012Validator.check_schema(error)


def test_the_documented_example_works(help_desk: HelpDesk) -> None:
    (example,) = re.findall(r"```python\n(import base64, hashlib, hmac, json.*?)```", PAGE, re.S)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102
    arguments = (help_desk.url, SECRET, help_desk.ticket, "Hello", "Maria", "message-1")
    assert names["answer_hand_off"](*arguments)["in_chat"] is True
    assert help_desk.answers == [("Maria", "Hello")]
    with pytest.raises(urllib.error.HTTPError) as caught:
        names["answer_hand_off"](help_desk.url, SECRET, "H-ZZZZZZZZ", "Hello", "", "message-2")
    assert json.load(caught.value)["error"]["code"] == "unknown_ticket"

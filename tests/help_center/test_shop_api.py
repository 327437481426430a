"""The shop's signed call that moves a return request along, and its OpenAPI document."""

from __future__ import annotations

import json
import re
import time
import urllib.error
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import requests
from ruamel.yaml import YAML

from bot.desk import Desk, RequestStatus, migrate
from bot.desk.outbox.webhook import signature
from bot.desk.vocabulary import DESTINATIONS
from bot.help_center.shop_api import PATH
from bot.help_center.shop_calls import TOLERANCE_SECONDS
from bot.settings import ROOT, Settings, secret_keys
from tests.desk.shop import ANA, CHAT, bring, filing, order, rows, verified
from tests.help_center.fake_assistant import running, settings_for_tests

NOW = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)
SECRET = "whsec_" + "c2VjcmV0" * 4
DOCUMENT = YAML(typ="safe").load((ROOT / "docs" / "requests-api.yml").read_text(encoding="utf-8"))
OPERATION = DOCUMENT["paths"]["/api/requests/{number}/status"]["post"]


class Shop:
    """A shop's own system, with a request to move."""

    def __init__(self, url: str, desk: Desk) -> None:
        self.url = url
        self.desk = desk
        bring(desk, order())
        self.number = desk.file(CHAT, filing(verified(desk)[0])).number

    def call(
        self,
        status: Any = "received",
        *,
        number: str | None = None,
        secret: str = SECRET,
        at: float = 0,
        body: bytes | None = None,
        **headers: str,
    ) -> requests.Response:
        number = self.number if number is None else number
        sent = json.dumps({"request": number, "status": status}).encode() if body is None else body
        now = int(time.time() + at)
        signed = {
            "webhook-id": "call-1",
            "webhook-timestamp": str(now),
            "webhook-signature": signature(secret_keys(secret), "call-1", now, sent),
            **headers,
        }
        answer = requests.post(
            f"{self.url}/api/requests/{number}/status", data=sent, headers=signed, timeout=10
        )
        documented(answer)
        return answer

    @property
    def stands(self) -> str:
        return str(self.desk.request(self.number).status.value)


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


OpenShop = Callable[..., Shop]


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[OpenShop]:
    opened: list[Any] = []

    def open_it(**changes: Any) -> Shop:
        values = {"fixed_now": NOW, "shop_api_secret": SECRET, **changes}
        settings = settings_for_tests(tmp_path, **values)
        migrate(settings.database_url)
        desk = Desk.from_settings(settings)
        server = running(settings)
        opened.append((server, desk))
        return Shop(server.__enter__().url, desk)

    yield open_it
    for server, desk in opened:
        server.__exit__(None, None, None)
        desk.close()


@pytest.fixture
def shop(open_shop: OpenShop) -> Shop:
    return open_shop()


def code(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def test_a_signed_call_moves_the_request_and_the_buyer_is_told(shop: Shop) -> None:
    answer = shop.call("received")
    assert (answer.status_code, answer.json()) == (
        200,
        {"request": shop.number, "status": "received"},
    )
    assert shop.stands == "received"
    told = rows(shop.desk, "outbox_messages")[-1]
    assert (told["kind"], told["recipient"]) == ("request_advanced", ANA)
    assert rows(shop.desk, "audit_entries")[-1]["actor"] == "the shop's API"


def test_the_same_call_twice_changes_and_sends_nothing_more(shop: Shop) -> None:
    shop.call("received")
    before = rows(shop.desk, "outbox_messages")
    assert shop.call("received").status_code == 200
    assert rows(shop.desk, "outbox_messages") == before


def test_an_illegal_step_is_refused_with_what_is_allowed(shop: Shop) -> None:
    shop.call("received")
    answer = shop.call("withdrawn")
    assert code(answer) == (409, "illegal_step")
    error = answer.json()["error"]
    assert (error["current"], error["allowed"]) == (
        "received",
        ["quality_control", "refunded", "refused"],
    )
    assert shop.stands == "received"


FORGERIES: dict[str, dict[str, Any]] = {
    "another key": {"secret": "whsec_" + "b3RoZXIh" * 4},
    "no signature": {"webhook-signature": ""},
    "another version": {"webhook-signature": "v2,AAAA"},
    "an old call": {"at": -TOLERANCE_SECONDS - 5},
    "a call from the future": {"at": TOLERANCE_SECONDS + 5},
    "another time than signed": {"webhook-timestamp": str(int(time.time()) + 2)},
    "no time": {"webhook-timestamp": ""},
    "a time that is no number": {"webhook-timestamp": "-5e3"},
    "an endless number": {"webhook-timestamp": "9" * 4000},
    "another id than signed": {"webhook-id": "call-2"},
    "no id": {"webhook-id": ""},
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=list(FORGERIES))
def test_what_isnt_signed_as_it_should_be_is_refused(shop: Shop, forgery: dict[str, Any]) -> None:
    assert code(shop.call(**forgery)) == (401, "not_signed")
    assert shop.stands == "submitted"


def test_a_signed_call_cant_be_turned_on_another_request(shop: Shop) -> None:
    body = json.dumps({"request": shop.number, "status": "refused"}).encode()
    assert code(shop.call(number="R-ZZZZZZZZ", body=body)) == (400, "other_request")
    other = json.dumps({"request": "R-ZZZZZZZZ", "status": "refused"}).encode()
    assert code(shop.call(body=other)) == (400, "other_request")
    assert shop.stands == "submitted"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "not_json"),
        (b"\xff", "not_json"),
        (b"[" * 4000, "not_json"),
        (b"[]", "no_request"),
        (b'{"request": 5, "status": "received"}', "no_request"),
        (b'{"request": "R", "status": "eaten"}', "unknown_status"),
        (b'{"request": "R", "status": ["received"]}', "unknown_status"),
        (b'{"request": "R"}', "unknown_status"),
    ],
)
def test_a_body_that_cant_be_used_is_told_so(shop: Shop, body: bytes, expected: str) -> None:
    assert code(shop.call(body=body)) == (400, expected)


def test_unknown_requests_and_endless_bodies_are_refused(shop: Shop) -> None:
    assert code(shop.call(number="R-ZZZZZZZZ")) == (404, "unknown_request")
    assert code(shop.call(body=b" " * 5000)) == (413, "too_long")


def test_without_a_key_no_call_is_taken(open_shop: OpenShop) -> None:
    shop = open_shop(shop_api_secret="")
    assert code(shop.call()) == (503, "not_set_up")
    assert shop.stands == "submitted"


def test_a_desk_that_is_down_says_so(shop: Shop) -> None:
    with shop.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA legacy_alter_table=ON")
        connection.exec_driver_sql("ALTER TABLE orders RENAME TO away")
    assert code(shop.call()) == (503, "desk_down")


def test_either_of_two_keys_holds_while_one_is_changed_for_another(open_shop: OpenShop) -> None:
    other = "whsec_" + "b3RoZXIh" * 4
    shop = open_shop(shop_api_secret=f"{other} {SECRET}")
    assert shop.call("received", secret=SECRET).status_code == 200
    assert shop.call("refunded", secret=other).status_code == 200


def test_a_short_key_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="must have 24 characters"):
        Settings(_env_file=None, shop_api_secret="short")


def test_the_document_names_what_the_code_knows() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert schemas["Status"]["enum"] == [status.value for status in RequestStatus]
    assert schemas["Wish"]["enum"] == list(DESTINATIONS)
    assert [re.sub(r"\{\w+\}", "<number:str>", path) for path in DOCUMENT["paths"]] == [PATH]
    files = (ROOT / "bot" / "help_center" / name for name in ("shop_api.py", "shop_calls.py"))
    code = "".join(file.read_text(encoding="utf-8") for file in files)
    refused = re.findall(r'Refused\(\s*(\d{3}),\s*"(\w+)"', code)
    assert {name for _, name in refused} == set(
        schemas["Error"]["properties"]["error"]["properties"]["code"]["enum"]
    )
    assert {"200", *(status for status, _ in refused)} == set(OPERATION["responses"])
    page = (ROOT / "docs" / "requests.md").read_text(encoding="utf-8")
    told = {(s, n) for s, names in re.findall(r"^\| (\d{3}) \| (.*?) \|", page, re.M)
            for n in re.findall(r"`(\w+)`", names)}  # fmt: skip
    assert told == set(refused)
    jsonschema.Draft202012Validator.check_schema(schemas["Error"])


def test_the_documented_example_works(shop: Shop) -> None:
    page = (ROOT / "docs" / "requests.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.*?)```", page, re.S)
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102
    answer = names["set_status"](shop.url, SECRET, shop.number, "received")
    assert answer == {"request": shop.number, "status": "received"}
    with pytest.raises(urllib.error.HTTPError) as caught:
        names["set_status"](shop.url, SECRET, shop.number, "withdrawn")
    assert json.load(caught.value)["error"]["code"] == "illegal_step"

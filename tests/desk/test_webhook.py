"""Tickets and messages for sellers, posted to a real HTTP server on this machine."""

from __future__ import annotations

import base64
import json
import re
import socket
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from bot.desk import Channel, Desk, Line
from bot.desk.outbox import Done
from bot.desk.outbox.webhook import signature
from bot.settings import ROOT, Settings, secret_keys
from tests.desk.conftest import MakeDesk
from tests.desk.receivers import HelpDesk, free_port, help_desk
from tests.desk.shop import ANA, CHAT, NOW, Hands, bring, order, rows, verified

SECRET = "a-secret-of-some-length-for-tests"
SAID = (Line("buyer", "Where is it? …", NOW), Line("assistant", "I'll fetch a person"))
SCHEMA = json.loads((ROOT / "docs/webhook.schema.json").read_text(encoding="utf-8"))
DOCUMENTED = (ROOT / "docs/webhook.md").read_text(encoding="utf-8")
ToldDesk = Callable[..., Desk]


@pytest.fixture
def listener() -> HelpDesk:
    return HelpDesk()


@pytest.fixture
def told_desk(settings: Settings, make_desk: MakeDesk) -> ToldDesk:
    """Makes a desk that posts to an address."""

    def make(url: str, secret: str = SECRET, **changes: Any) -> Desk:
        settings.help_desk_webhook_url = url
        settings.help_desk_webhook_secret = secret
        for name, value in changes.items():
            setattr(settings, name, value)
        return make_desk()

    return make


def post(desk: Desk) -> Done:
    """Deliver the webhooks that are due, and leave mail alone."""
    from bot.desk.outbox import deliver_due

    return deliver_due(desk.context, Channel.WEBHOOK)


def documented_receiver() -> Callable[..., bool]:
    """The receiver of docs/webhook.md, as it stands there."""
    code = re.search(r"```python\n(.*?)```", DOCUMENTED, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code[1], names)  # noqa: S102 (our own document)
    return names["is_genuine"]


def test_the_signature_is_that_of_the_standard() -> None:
    # The example that the libraries of standardwebhooks.com are tested with.
    keys = secret_keys("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_hand_off_is_posted_signed_and_as_documented(
    told_desk: ToldDesk, listener: HelpDesk
) -> None:
    with help_desk(listener, 0) as url:
        desk = told_desk(url)
        bring(desk, order())
        verified(desk)
        ticket = desk.hand_off(
            CHAT, "tracking", "late", SAID, "key", "50010001", ("told the status",)
        ).ticket
        assert post(desk) == Done(delivered=1)
    ((headers, body),) = listener.calls
    told = json.loads(body)
    jsonschema.validate(told, SCHEMA)
    assert told == {
        "version": 1,
        "type": "hand_off",
        "id": f"msg_{ticket}",
        "created_at": "2026-11-23T10:00:00Z",
        "ticket": ticket,
        "conversation": CHAT,
        "buyer": {"name": "Ana Souza", "email": ANA, "locale": "en_GB"},
        "order": {
            "number": "50010001",
            "placed_on": "2026-11-08",
            "seller": "Lumen Kitchen",
            "country": "DE",
            "currency": "EUR",
            "items": [{"reference": "1", "title": "Glass jug blender", "quantity": 2}],
        },
        "need": "tracking",
        "tried": ["told the status"],
        "summary": "late",
        "transcript": [
            {"who": "buyer", "text": "Where is it? …", "at": "2026-11-23T10:00:00Z"},
            {"who": "assistant", "text": "I'll fetch a person", "at": None},
        ],
        "files": [],
    }
    assert headers["webhook-id"] == told["id"]
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert headers["content-type"] == "application/json"
    assert documented_receiver()(headers, body, SECRET, int(NOW.timestamp()))
    # Mail goes beside it.
    assert {row["channel"] for row in rows(desk, "outbox_messages")} == {"mail", "webhook"}


def test_a_message_for_a_seller_is_posted_as_documented(
    told_desk: ToldDesk, listener: HelpDesk
) -> None:
    with help_desk(listener, 0) as url:
        desk = told_desk(url)
        bring(desk, order())
        verified(desk)
        sent = desk.message_seller(CHAT, "50010001", "Does it fit?", "key")
        assert post(desk) == Done(delivered=1)
    told = json.loads(listener.calls[0][1])
    jsonschema.validate(told, SCHEMA)
    assert (told["type"], told["number"], told["text"]) == (
        "seller_message",
        sent.number,
        "Does it fit?",
    )
    assert told["order"]["seller"] == "Lumen Kitchen"


def test_nobody_who_is_known_is_null(told_desk: ToldDesk, listener: HelpDesk) -> None:
    with help_desk(listener, 0) as url:
        desk = told_desk(url)
        desk.hand_off(CHAT, "help", "", (), "key", "50010001")
        post(desk)
    told = json.loads(listener.calls[0][1])
    jsonschema.validate(told, SCHEMA)
    assert told["buyer"] is told["order"] is None


def test_the_documented_examples_are_what_the_schema_says() -> None:
    examples = re.findall(r"```json\n(.*?)```", DOCUMENTED, re.DOTALL)
    assert {json.loads(example)["type"] for example in examples} == {"hand_off", "seller_message"}
    for example in examples:
        jsonschema.validate(json.loads(example), SCHEMA)


@pytest.mark.parametrize("broken", ["body", "webhook-id", "webhook-timestamp", "secret", "late"])
def test_the_documented_receiver_refuses_what_isnt_genuine(
    told_desk: ToldDesk, listener: HelpDesk, broken: str
) -> None:
    with help_desk(listener, 0) as url:
        desk = told_desk(url)
        desk.hand_off(CHAT, "help", "", (), "key")
        post(desk)
    ((headers, body),) = listener.calls
    secret, now = SECRET, int(NOW.timestamp())
    if broken == "body":
        body = body.replace(b"help", b"hell")
    elif broken == "secret":
        secret = SECRET.upper()
    elif broken == "late":
        now += 301
    else:
        headers = headers | {broken: headers[broken][:-1] + "0"}
    if broken == "webhook-timestamp" and headers[broken] == str(int(NOW.timestamp())):
        headers[broken] = headers[broken][:-1] + "1"
    assert not documented_receiver()(headers, body, secret, now)


def test_both_secrets_sign_while_one_is_changed(told_desk: ToldDesk, listener: HelpDesk) -> None:
    new = "whsec_" + base64.b64encode(b"another secret of some length").decode()
    with help_desk(listener, 0) as url:
        desk = told_desk(url, f"{new} {SECRET}")
        desk.hand_off(CHAT, "help", "", (), "key")
        post(desk)
    ((headers, body),) = listener.calls
    for secret in (new, SECRET):
        assert documented_receiver()(headers, body, secret, int(NOW.timestamp()))


@pytest.mark.parametrize("status", [302, 400, 404, 410, 429, 500, 503])
def test_any_other_answer_is_tried_again_with_the_same_id_and_body(
    told_desk: ToldDesk, listener: HelpDesk, hands: Hands, status: int
) -> None:
    listener.answers = [status]
    with help_desk(listener, 0) as url:
        listener.headers = {"Location": url}
        desk = told_desk(url)
        ticket = desk.hand_off(CHAT, "help", "", SAID, "key").ticket
        assert post(desk) == Done(waiting=1)
        (waiting,) = (m for m in desk.undelivered(9) if m.channel is Channel.WEBHOOK)
        assert (waiting.attempts, waiting.last_error) == (1, f"HTTP {status}")
        hands.moment += timedelta(hours=2)
        assert post(desk) == Done(delivered=1)
    (first, one), (second, other) = listener.calls
    assert listener.ids() == [f"msg_{ticket}"] * 2
    assert one == other
    # Signed anew, so that a receiver that refuses old ones takes it.
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 7200
    assert documented_receiver()(second, other, SECRET, int(hands.moment.timestamp()))


def test_a_help_desk_that_is_down_gets_everything_when_it_is_back(
    told_desk: ToldDesk, listener: HelpDesk, hands: Hands
) -> None:
    port = free_port()
    desk = told_desk(f"http://127.0.0.1:{port}/tickets")
    tickets = [desk.hand_off(f"chat-{n}", "help", "", SAID, "key").ticket for n in range(3)]
    assert post(desk) == Done(waiting=1)
    hands.moment += timedelta(hours=2)
    with help_desk(listener, port):
        assert post(desk) == Done(delivered=3)
    assert sorted(listener.ids()) == sorted(f"msg_{ticket}" for ticket in tickets)


def test_a_closed_help_desk_holds_up_no_mail(told_desk: ToldDesk, settings: Settings) -> None:
    desk = told_desk(f"http://127.0.0.1:{free_port()}/")
    desk.hand_off(CHAT, "help", "", SAID, "key")
    assert desk.deliver_due() == Done(delivered=1, waiting=1)
    assert len(list(settings.outbox_dir.glob("H-*.eml"))) == 1


def test_a_help_desk_that_never_answers_is_left_after_the_time_out(told_desk: ToldDesk) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        desk = told_desk(url, help_desk_webhook_timeout_seconds=0.2)
        desk.hand_off(CHAT, "help", "", SAID, "key")
        started = time.monotonic()
        assert post(desk) == Done(waiting=1)
    assert time.monotonic() - started < 5
    (waiting,) = (m for m in desk.undelivered(9) if m.channel is Channel.WEBHOOK)
    assert waiting.last_error == "ReadTimeout"


def test_the_answers_body_is_never_read(told_desk: ToldDesk, listener: HelpDesk) -> None:
    listener.answers, listener.body = [200], b"x" * 50_000_000
    listener.headers = {"Content-Length": str(len(listener.body))}
    with help_desk(listener, 0) as url:
        desk = told_desk(url)
        desk.hand_off(CHAT, "help", "", SAID, "key")
        assert post(desk) == Done(delivered=1)


def test_without_a_webhook_mail_is_the_only_way(desk: Desk) -> None:
    desk.hand_off(CHAT, "help", "", SAID, "key")
    assert [row["channel"] for row in rows(desk, "outbox_messages")] == ["mail"]


def test_a_webhook_taken_out_of_the_settings_leaves_its_messages_waiting(
    told_desk: ToldDesk, make_desk: MakeDesk, settings: Settings
) -> None:
    told_desk("http://127.0.0.1:1/").hand_off(CHAT, "help", "", SAID, "key")
    settings.help_desk_webhook_url = ""
    desk = make_desk()
    assert post(desk) == Done(waiting=1)
    (waiting,) = (m for m in desk.undelivered(9) if m.channel is Channel.WEBHOOK)
    assert waiting.last_error == "NoWebhookSet"


@pytest.mark.parametrize(
    ("url", "secret", "problem"),
    [
        ("ftp://help.example/x", SECRET, "http"),
        ("file:///etc/passwd", SECRET, "http"),
        ("https://", SECRET, "http"),
        ("https://help.example/x", "", "needed"),
        ("https://help.example/x", "short", "24"),
        ("https://help.example/x", "whsec_no base64", "Base64"),
    ],
)
def test_a_webhook_that_cant_be_safe_is_refused_at_the_start(
    url: str, secret: str, problem: str
) -> None:
    with pytest.raises(ValidationError, match=problem):
        Settings(_env_file=None, help_desk_webhook_url=url, help_desk_webhook_secret=secret)

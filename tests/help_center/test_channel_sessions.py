"""Whose conversation a message belongs to is the server's word."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import requests
from itsdangerous import URLSafeTimedSerializer

from bot.help_center.limits import RateLimit, network_of
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import KEY, running, settings_for_tests

ENDED = "Your last chat has ended"


def test_every_session_is_a_conversation_of_its_own(
    server: SimpleNamespace, new_chat: Callable[[], Chat]
) -> None:
    server.agent.seen.clear()
    for _ in range(3):
        new_chat().send("hello")
    ids = {message.sender_id for message in server.agent.seen}
    assert len(ids) == 3
    assert all(len(id_) == 32 and int(id_, 16) for id_ in ids)


def test_a_session_stays_the_same_conversation(chat: Chat, server: SimpleNamespace) -> None:
    chat.send("one")
    chat.send("two")
    first, second = server.agent.seen
    assert first.sender_id == second.sender_id


def test_a_session_says_when_it_expires(server: SimpleNamespace) -> None:
    assert requests.post(f"{server.url}/session", timeout=5).json()["expires_in"] == 12 * 3600


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer a.b.c",
        "Basic dXNlcjpwYXNz",
        "Bearer " + "x" * 5000,
    ],
)
def test_without_a_session_there_is_no_chat(
    server: SimpleNamespace, authorization: str | None
) -> None:
    server.agent.seen.clear()
    headers = {} if authorization is None else {"Authorization": authorization}
    answer = requests.post(
        f"{server.url}/messages", headers=headers, json={"message": "hello"}, timeout=5
    )
    assert answer.status_code == 401
    assert answer.json()["messages"][0]["text"].startswith(ENDED)
    assert server.agent.seen == []


def _forgeries(token: str) -> dict[str, str]:
    identity, moment, signature = token.split(".")
    other_key = URLSafeTimedSerializer("another key", salt="help_center.session")
    other_salt = URLSafeTimedSerializer(KEY, salt="help_center.button")
    not_a_string = URLSafeTimedSerializer(KEY, salt="help_center.session")
    return {
        "another identity": f"{identity[:-2]}xx.{moment}.{signature}",
        "a later moment": f"{identity}.zzzzzz.{signature}",
        "a cut signature": f"{identity}.{moment}.{signature[:-1]}",
        "another key": str(other_key.dumps("1" * 32)),
        "another use of the key": str(other_salt.dumps("1" * 32)),
        "no identity": str(not_a_string.dumps({"id": "1"})),
    }


@pytest.mark.parametrize("forgery", sorted(_forgeries("a.b.c")))
def test_a_forged_session_is_refused(chat: Chat, server: SimpleNamespace, forgery: str) -> None:
    answer = chat.post(token=_forgeries(chat.token)[forgery], json={"message": "hello"})
    assert answer.status_code == 401
    assert server.agent.seen == []


def test_a_button_is_not_a_session(chat: Chat) -> None:
    assert chat.post(token=chat.start, json={"message": "hello"}).status_code == 401


def test_an_expired_session_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = settings_for_tests(tmp_path_factory.mktemp("short"), session_hours=0.5 / 3600)
    with running(settings) as short:
        chat = Chat(short.url)
        time.sleep(2.1)
        answer = chat.send("hello")
    assert answer.status_code == 401
    assert answer.json()["messages"][0]["text"].startswith(ENDED)


def test_too_many_messages_in_one_session_get_a_kind_answer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_for_tests(tmp_path_factory.mktemp("busy"), messages_per_minute=3)
    with running(settings) as busy:
        fast, other = Chat(busy.url), Chat(busy.url)
        statuses = [fast.send("hello").status_code for _ in range(4)]
        refused = fast.send("hello")
        assert statuses == [200, 200, 200, 429]
        assert refused.json()["messages"][0]["text"].startswith("You're faster than I am!")
        assert 1 <= int(refused.headers["Retry-After"]) <= 20
        assert other.send("hello").status_code == 200


def test_too_many_sessions_from_one_address_get_a_kind_answer(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    settings = settings_for_tests(tmp_path_factory.mktemp("crowd"), sessions_per_minute=2)
    with running(settings) as crowd:
        answers = [requests.post(f"{crowd.url}/session", timeout=5) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["messages"][0]["text"].startswith("A lot of chats")


def test_a_bucket_fills_up_again_with_time() -> None:
    moment = [0.0]
    limit = RateLimit(2, now=lambda: moment[0])
    assert [limit.wait("buyer") for _ in range(3)] == [0, 0, 30]
    moment[0] = 29
    assert limit.wait("buyer") == pytest.approx(1)
    moment[0] = 30
    assert limit.wait("buyer") == 0


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_an_ipv6_home_counts_as_one_address(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same

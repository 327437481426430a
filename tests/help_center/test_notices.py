"""What the channel tells without having been asked: GET /notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from bot.desk import Desk, RequestStatus, Step, migrate
from bot.desk.views import Placed
from bot.desk.vocabulary import REACHED
from bot.help_center.notices import Watch
from bot.help_center.sessions import Sessions
from bot.words import label
from tests.desk.shop import bring, filing, order, verified
from tests.help_center.chat import Chat
from tests.help_center.fake_assistant import KEY, running, settings_for_tests

SHOP = "https://www.shop.example"


class Buyer:
    """A chat that has filed a request, and the shop's desk."""

    def __init__(self, url: str, desk: Desk) -> None:
        self.url = url
        self.desk = desk
        self.token = Chat(url).token
        self.id = str(Sessions(KEY, 12).conversation(f"Bearer {self.token}"))
        bring(desk, order())
        self.number = desk.file(self.id, filing(verified(desk, chat=self.id)[0])).number

    def asks(self, after: Any = 0, token: str | None = None, **headers: str) -> requests.Response:
        authorization = f"Bearer {self.token if token is None else token}"
        return requests.get(
            f"{self.url}/notices",
            params={"after": after},
            headers={"Authorization": authorization, **headers},
            timeout=10,
        )


@pytest.fixture
def buyer(tmp_path: Path) -> Iterator[Buyer]:
    settings = settings_for_tests(
        tmp_path, fixed_now=datetime(2026, 11, 23, 10, tzinfo=timezone.utc), allowed_origins=SHOP
    )
    migrate(settings.database_url)
    desk = Desk.from_settings(settings)
    with running(settings) as server:
        yield Buyer(server.url, desk)
    desk.close()


def test_a_chat_is_told_what_its_request_came_to(buyer: Buyer) -> None:
    assert buyer.asks().json() == {"messages": [], "after": 0}
    buyer.desk.advance(buyer.number, RequestStatus.REFUNDED, "tests")
    wait_for_news()
    answer = buyer.asks().json()
    (message,) = answer["messages"]
    assert message["text"].startswith(
        f"News about your return request {buyer.number}: the refund is done.\nThe refund went to:"
    )
    assert [one["id"] for one in message["citations"]] == ["H4", "F14"]
    assert message["notice"] == {
        "place": 1,
        "at": "2026-11-23T10:00:00+00:00",
        "about": buyer.number,
    }
    assert answer["after"] == 1
    assert buyer.asks(1).json() == {"messages": [], "after": 1}


def test_the_link_of_a_notice_opens_the_request(buyer: Buyer) -> None:
    buyer.desk.advance(buyer.number, RequestStatus.RECEIVED, "tests")
    wait_for_news()
    (link,) = buyer.asks().json()["messages"][0]["card"]["links"]
    page = requests.get(buyer.url + link["url"], timeout=10)
    assert page.status_code == 200
    assert buyer.number in page.text


def test_a_persons_answer_is_told_word_for_word_and_by_whom(buyer: Buyer) -> None:
    ticket = buyer.desk.hand_off(buyer.id, "help", "", (), "key").ticket
    buyer.desk.answer_hand_off(ticket, "<b>Yes</b> {who}", "1", "Maria")
    buyer.desk.answer_hand_off(ticket, "Bye", "2")
    wait_for_news()
    first, second = buyer.asks().json()["messages"]
    assert first["text"].startswith(
        f"Maria from our team has answered your question, ticket {ticket}:\n\n"
        "<b>Yes</b> {who}\n\n"
    )
    assert "/support" in first["text"]
    assert (first["notice"]["from"], second["notice"]["from"]) == (
        "Maria from our team",
        "Our team",
    )


@pytest.mark.parametrize("reached", REACHED)
def test_every_state_can_be_told(reached: RequestStatus | Step) -> None:
    assert label("notice", reached.value)


def test_another_chat_is_told_nothing(buyer: Buyer) -> None:
    buyer.desk.advance(buyer.number, RequestStatus.RECEIVED, "tests")
    wait_for_news()
    assert buyer.asks(token=Chat(buyer.url).token).json()["messages"] == []


@pytest.mark.parametrize("token", ["", "forged", "IjEi.x.y"])
def test_without_a_session_nothing_is_told(buyer: Buyer, token: str) -> None:
    answer = buyer.asks(token=token)
    assert answer.status_code == 401
    assert "has ended" in answer.json()["messages"][0]["text"]


@pytest.mark.parametrize("after", ["-1", "x", "1" * 10, "1.5", "²"])
def test_a_place_must_be_a_number(buyer: Buyer, after: str) -> None:
    assert buyer.asks(after).status_code == 400


def test_who_asks_all_the_time_is_told_to_wait(buyer: Buyer) -> None:
    answers = [buyer.asks() for _ in range(61)]
    assert [one.status_code for one in answers[:60]] == [200] * 60
    assert answers[60].status_code == 429
    assert int(answers[60].headers["Retry-After"]) >= 1
    assert buyer.asks(token=Chat(buyer.url).token).status_code == 200


def test_pages_of_the_shop_may_ask_and_no_others(buyer: Buyer) -> None:
    asked = {"Access-Control-Request-Method": "GET"}
    for origin, expected in ((SHOP, SHOP), ("https://stranger.example", None)):
        before = requests.options(
            f"{buyer.url}/notices", headers={"Origin": origin, **asked}, timeout=5
        )
        assert before.headers.get("Access-Control-Allow-Origin") == expected
        assert buyer.asks(Origin=origin).headers.get("Access-Control-Allow-Origin") == expected
    assert (
        "GET"
        in requests.options(
            f"{buyer.url}/notices", headers={"Origin": SHOP, **asked}, timeout=5
        ).headers["Access-Control-Allow-Methods"]
    )


def test_a_desk_that_is_down_is_told(buyer: Buyer) -> None:
    with buyer.desk.context.database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE conversation_notices RENAME TO away")
    wait_for_news()
    assert buyer.asks().status_code == 503


def wait_for_news() -> None:
    """What is known of all chats is a second old at the most."""
    time.sleep(1.1)


MOMENT = datetime(2026, 11, 23, 10, tzinfo=timezone.utc)


class Hands:
    """Seconds that a test moves on, and a desk that counts how often it is asked."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.asked: list[datetime | None] = []
        self.placed: list[Placed] = []

    def now(self) -> float:
        return self.seconds

    def noticed(self, since: datetime | None) -> list[Placed]:
        self.asked.append(since)
        return self.placed


def test_a_thousand_idle_chats_cost_one_question_a_second() -> None:
    hands = Hands()

    async def ask() -> None:
        watch = Watch(lambda: hands, hands.now)  # type: ignore[arg-type, return-value]
        hands.placed = [Placed("a", 3, MOMENT)]
        places = await asyncio.gather(*(watch.place(name) for name in ["a", "b"] * 500))
        assert places == [3, 0] * 500
        assert len(hands.asked) == 1
        hands.seconds, hands.placed = 1.0, [Placed("b", 1, MOMENT)]
        assert (await watch.place("a"), await watch.place("b")) == (3, 1)
        assert len(hands.asked) == 2
        assert (MOMENT - hands.asked[1]).seconds == 60

    asyncio.run(ask())


def test_chats_that_are_over_are_forgotten() -> None:
    hands = Hands()

    async def ask() -> None:
        watch = Watch(lambda: hands, hands.now)  # type: ignore[arg-type, return-value]
        hands.placed = [Placed("a", 3, MOMENT)]
        await watch.place("a")
        hands.seconds, hands.placed = 3601.0, []
        assert await watch.place("a") == 0
        assert hands.asked == [None, None]

    asyncio.run(ask())

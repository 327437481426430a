from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import Desk, NotVerified
from bot.settings import Settings
from tests.desk.conftest import MakeDesk
from tests.desk.shop import ANA, CHAT, Hands, bring, filing, order, rows, statements, verified

NOT_HIS = "60010001"


@pytest.fixture(autouse=True)
def orders(desk: Desk) -> None:
    bring(
        desk,
        order(),
        order(number=NOT_HIS, buyer={"email": "ben@example.org", "name": "Ben"}),
    )


@pytest.mark.parametrize(
    ("number", "email"),
    [
        ("50010001", ANA),
        (" #5001-0001 ", "  Ana.Souza@EXAMPLE.com\n"),
        ("5001 0001", "ANA.SOUZA@example.com"),
        ("5001–0001", ANA),
        ("５００１０００１", ANA),
    ],
)
def test_a_pair_is_recognised_however_it_is_written(desk: Desk, number: str, email: str) -> None:
    found = desk.verify(CHAT, number, email)
    assert found.ok
    assert found.order.number == "50010001"
    assert desk.order(CHAT, number) == found.order


def test_a_wrong_number_and_a_wrong_email_get_the_same_answer(desk: Desk) -> None:
    assert desk.verify("a", "99999999", ANA) == desk.verify("b", "50010001", "x@example.com")


def test_a_wrong_number_and_a_wrong_email_make_the_same_work(desk: Desk) -> None:
    with statements(desk) as for_number:
        desk.verify("a", "99999999", ANA)
    with statements(desk) as for_email:
        desk.verify("b", "50010001", "x@example.com")
    assert for_number == for_email


def test_five_misses_in_a_row_lock_the_conversation_even_for_the_right_pair(desk: Desk) -> None:
    answers = [desk.verify(CHAT, "50010001", "x@example.com") for _ in range(5)]
    assert [answer.misses for answer in answers] == [1, 2, 3, 4, 5]
    assert [answer.locked for answer in answers] == [False, False, False, False, True]
    right = desk.verify(CHAT, "50010001", ANA)
    assert (right.ok, right.locked, right.order) == (False, True, None)
    with pytest.raises(NotVerified):
        desk.order(CHAT, "50010001")


def test_a_right_pair_forgives_earlier_misses_at_the_same_order(desk: Desk) -> None:
    for _ in range(4):
        desk.verify(CHAT, "50010001", "x@example.com")
    assert desk.verify(CHAT, "50010001", ANA).ok
    assert desk.verify(CHAT, "50010001", "x@example.com").misses == 1


def test_proving_an_order_of_ones_own_buys_no_guesses_at_another(desk: Desk) -> None:
    for guess in range(4):
        desk.verify(CHAT, NOT_HIS, f"guess{guess}@example.org")
    assert desk.verify(CHAT, "50010001", ANA).ok
    assert desk.verify(CHAT, NOT_HIS, "guess5@example.org").locked
    assert not desk.verify(CHAT, NOT_HIS, "ben@example.org").ok


@pytest.mark.parametrize("number", [NOT_HIS, "99999999"])
def test_new_conversations_buy_no_guesses_at_an_order_number(desk: Desk, number: str) -> None:
    answers = [desk.verify(f"chat-{n}", number, f"guess{n}@example.org") for n in range(12)]
    assert [answer.locked for answer in answers] == [False] * 9 + [True] * 3
    right = desk.verify("one more", number, "ben@example.org")
    assert (right.ok, right.locked, right.misses) == (False, True, 0)


@pytest.mark.parametrize("email", ["ben@example.org", "nobody@example.org"])
def test_new_conversations_buy_no_guesses_with_an_email(desk: Desk, email: str) -> None:
    answers = [desk.verify(f"chat-{n}", f"7001000{n}", email) for n in range(10)]
    assert [answer.locked for answer in answers] == [False] * 9 + [True]
    assert desk.verify("one more", NOT_HIS, f" {email.upper()}").locked
    assert desk.verify("another buyer", "50010001", ANA).ok


def test_an_order_number_is_open_again_an_hour_after_the_first_miss(
    desk: Desk, hands: Hands
) -> None:
    for n in range(10):
        desk.verify(f"chat-{n}", NOT_HIS, f"guess{n}@example.org")
        hands.moment += timedelta(minutes=1)
    hands.moment += timedelta(minutes=49)
    assert desk.verify("too early", NOT_HIS, "ben@example.org").locked
    hands.moment += timedelta(minutes=1)
    assert desk.verify("in time", NOT_HIS, "ben@example.org").ok


def test_right_pairs_dont_use_up_the_hours_misses(desk: Desk) -> None:
    assert all(desk.verify(f"chat-{n}", "50010001", ANA).ok for n in range(15))
    assert rows(desk, "verification_misses") == []


def test_nonsense_of_one_conversation_doesnt_lock_anybody_elses(desk: Desk) -> None:
    for chat in ("a", "b", "c"):
        for _ in range(5):
            desk.verify(chat, "?", "")
    assert desk.verify("d", "?", "").misses == 1
    assert not desk.verify("d", "?", "").locked


def test_the_misses_an_hour_are_a_setting(settings: Settings, make_desk: MakeDesk) -> None:
    settings.verify_misses_per_hour = 1
    strict = make_desk()
    assert strict.verify("a", NOT_HIS, "x@example.org").locked
    assert strict.verify("b", NOT_HIS, "ben@example.org").locked


def test_what_was_guessed_is_kept_as_a_hash_and_dropped_after_the_hour(
    desk: Desk, hands: Hands
) -> None:
    desk.verify("a", NOT_HIS, "guess@example.org")
    kept = rows(desk, "verification_misses")
    assert len(kept) == 3
    assert not [row for row in kept if NOT_HIS in str(row) or "guess" in str(row)]
    hands.moment += timedelta(hours=2)
    desk.verify("b", "70010001", "other@example.org")
    assert not {row["subject"] for row in kept} & {
        row["subject"] for row in rows(desk, "verification_misses")
    }


def test_misses_of_one_conversation_dont_lock_another(desk: Desk) -> None:
    for _ in range(5):
        desk.verify("somebody", "50010001", "x@example.com")
    assert desk.verify("somebody else", "50010001", ANA).ok


def test_the_number_of_misses_is_a_setting(settings: object, make_desk: MakeDesk) -> None:
    settings.verify_attempts = 2
    strict = make_desk()
    strict.verify(CHAT, "1", "x")
    assert strict.verify(CHAT, "1", "x").locked


def test_nothing_of_an_order_is_shown_or_done_before_it_is_proved(desk: Desk) -> None:
    item = verified(desk)[0]
    for ask in (
        lambda chat, number: desk.order(chat, number),
        lambda chat, number: desk.requests(chat, number),
        lambda chat, number: desk.facts(chat, number, item, None, {}),
        lambda chat, number: desk.decide(chat, number, item, None, {}),
        lambda chat, number: desk.file(chat, filing(item, number=number)),
        lambda chat, number: desk.cancel(chat, number, "key"),
    ):
        for chat, number in (
            ("other", "50010001"),
            (CHAT, NOT_HIS),
            (CHAT, "99999999"),
            (CHAT, ""),
        ):
            with pytest.raises(NotVerified):
                ask(chat, number)
    assert rows(desk, "return_requests") == []


def test_an_item_of_somebody_elses_order_cant_be_slipped_in(desk: Desk) -> None:
    from bot.desk import BadAnswer

    verified(desk)
    his = verified(desk, NOT_HIS, "ben@example.org", "ben's chat")[0]
    with pytest.raises(BadAnswer):
        desk.decide(CHAT, "50010001", his, None, {})
    with pytest.raises(BadAnswer):
        desk.file(CHAT, filing(his))


def test_a_conversation_keeps_all_orders_that_it_proved_until_it_forgets_them(desk: Desk) -> None:
    bring(desk, order(number="50010002"))
    verified(desk, "50010002")
    verified(desk, "50010001")
    verified(desk, "50010001")
    assert {view.number for view in desk.verified_orders(CHAT)} == {"50010002", "50010001"}
    desk.forget(CHAT)
    assert desk.verified_orders(CHAT) == []
    with pytest.raises(NotVerified):
        desk.order(CHAT, "50010001")


def test_forgetting_doesnt_reset_the_misses(desk: Desk) -> None:
    for _ in range(5):
        desk.verify(CHAT, "50010001", "x@example.com")
    desk.forget(CHAT)
    assert desk.verify(CHAT, "50010001", ANA).locked


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        " ",
        "\0",
        "x" * 10_000,
        "🧺" * 50,
        "' OR 1=1 --",
        "<b>1</b>",
        "\ud800",
        "%",
        "50010001\0' --",
    ],
)
def test_hostile_text_is_just_a_miss(desk: Desk, hostile: str) -> None:
    assert not desk.verify("a", hostile, ANA).ok
    assert desk.verify("a", "50010001", hostile).misses == 2
    assert rows(desk, "conversation_grants") == []


def test_a_proof_is_written_to_the_audit(desk: Desk) -> None:
    verified(desk)
    entries = rows(desk, "audit_entries")
    assert [row["actor"] for row in entries if row["action"] == "order_verified"] == [CHAT]

"""Withdrawing from a contract: once, recorded whatever the date, confirmed at once, by who may."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from bot.desk import (
    AlreadyCancelled,
    AlreadyFiled,
    BadAnswer,
    Desk,
    DeskError,
    NotVerified,
    RequestStatus,
    TooManyWithdrawals,
    Verdict,
    WithdrawalView,
    Withdrawing,
)
from bot.desk.documents.markup import Fact, Paragraph, Point, Quote, parts
from bot.desk.documents.pdf import pdf
from bot.policy.decision import RouteId
from bot.settings import Settings
from tests.desk.conftest import MakeDesk
from tests.desk.receivers import Mailbox, free_port, mail_server
from tests.desk.shop import (
    ANA,
    CHAT,
    NOW,
    Hands,
    bring,
    filing,
    items,
    order,
    pieces,
    rows,
    verified,
)
from tests.desk.test_races import at_once
from tests.pdf_words import words_of_pdf

NUMBER = "50010001"
BRAZIL = {"country": "BR", "region": "SP", "postal_code": "01310-100"}


def statement(ids: list[int], **changes: Any) -> Withdrawing:
    return Withdrawing(**{"order_number": NUMBER, "items": tuple(ids), **changes})


def mails(desk: Desk) -> dict[str, EmailMessage]:
    """Every mail that is delivered to the outbox folder, by its recipient."""
    desk.deliver_due()
    folder = desk.context.routes.folder
    read = (message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("*.eml"))
    return {str(mail["To"]): mail for mail in read}


def test_a_withdrawal_in_time_opens_a_request_and_is_confirmed_at_once(desk: Desk) -> None:
    bring(desk, order())
    ids = verified(desk)
    stated = desk.statement(CHAT, statement(ids))
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert (done.verdict, done.route) == (Verdict.IN_TIME, RouteId.EU_WITHDRAWAL)
    assert done.received_at == NOW
    assert done.last_day.isoformat() == "2026-12-02"
    assert done.statement == stated.text
    assert "I, Ana Souza, withdraw" in done.statement
    assert f"confirm this to {ANA}" in done.statement
    (request,) = desk.requests(CHAT, NUMBER)
    assert (request.number, request.route) == (done.request_number, RouteId.EU_WITHDRAWAL)
    assert request.items[0].quantity == 2
    assert set(mails(desk)) == {ANA, "support@example.com"}
    assert [entry["action"] for entry in rows(desk, "audit_entries")][-1] == "withdrawal_received"


def test_the_confirmation_is_a_pdf_that_is_kept_and_mailed_byte_for_byte(desk: Desk) -> None:
    bring(desk, order(buyer={"email": ANA, "name": "Łukasz Żółć", "locale": "pl"}))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    kept = desk.document(done.number)
    assert (kept.file_name, kept.media_type) == (f"{done.number}.pdf", "application/pdf")
    assert hashlib.sha256(kept.content).hexdigest() == kept.sha256 == done.document_sha256
    (attached,) = mails(desk)[ANA].iter_attachments()
    assert attached.get_content() == kept.content
    assert attached.get_filename() == f"{done.number}.pdf"
    words = words_of_pdf(kept.content)
    for expected in (
        done.number,
        "Monday, 23 November 2026, 11:00:00 (Europe/Berlin, UTC+01:00)",
        "I, Łukasz Żółć, withdraw",
        "2 × Glass jug blender",
        "Order 50010001",
        "send the goods back by Monday, 7 December 2026",
        "as amended by Directive (EU) 2023/2673, art. 11a",
        done.request_number,
    ):
        assert expected in words


def test_the_mail_says_what_the_pdf_says_and_has_a_message_id_of_its_own(desk: Desk) -> None:
    bring(desk, order())
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    mail = mails(desk)[ANA]
    assert mail["Message-ID"] == f"<{done.number}@example.com>"
    body = mail.get_body().get_content()
    for line in done.statement.splitlines():
        assert line in body
    for saying in done.terms.sayings:
        assert saying.text in body


def test_the_same_data_gives_the_same_pdf() -> None:
    source = parts("# Żółć\n| São | Paulo\n> said\n- point <https://example.org/a>\nwords\n")
    made = [pdf(source, about="W-1", language="en", at=NOW) for _ in range(2)]
    assert made[0] == made[1]
    assert made[0] != pdf(source, about="W-1", language="en", at=NOW + timedelta(seconds=1))
    assert "Żółć São Paulo said • point https://example.org/a words" in words_of_pdf(made[0])


def test_nobodys_words_pass_for_a_part_of_the_document() -> None:
    source = parts("| From | ## A\n> # B\n> - C <https://evil.example>\n- D\nE | F\n")
    assert source == (
        Fact("From", "## A"),
        Quote(("# B", "- C <https://evil.example>")),
        Point("D"),
        Paragraph("E | F"),
    )


def test_a_long_document_goes_on_over_several_pages() -> None:
    source = parts("# Long\n" + "".join(f"- Point {n} of many\n" for n in range(150)))
    words = words_of_pdf(pdf(source, about="W-1", language="en", at=NOW))
    assert "Point 0 of many" in words
    assert "Point 149 of many" in words
    assert "3 /" in words


def test_the_same_key_withdraws_once(desk: Desk) -> None:
    bring(desk, order())
    ids = verified(desk)
    first = desk.withdraw(CHAT, statement(ids), "key")
    assert desk.withdraw(CHAT, statement(ids), "key") == first
    assert len(rows(desk, "withdrawals")) == len(rows(desk, "documents")) == 1
    assert len(rows(desk, "outbox_messages")) == 2


def test_a_key_of_somebody_elses_withdrawal_is_refused(desk: Desk) -> None:
    bring(desk, order())
    desk.withdraw(CHAT, statement(verified(desk)), "key")
    ids = verified(desk, chat="chat-2")
    with pytest.raises(BadAnswer, match="key: taken"):
        desk.withdraw("chat-2", statement(ids), "key")


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_that_cant_be_kept_is_refused(desk: Desk, key: str) -> None:
    bring(desk, order())
    ids = verified(desk)
    with pytest.raises(BadAnswer, match="key: invalid"):
        desk.withdraw(CHAT, statement(ids), key)


def test_the_last_second_is_in_time_where_the_buyer_lives(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    hands.moment = datetime(2026, 12, 2, 22, 59, 59, tzinfo=timezone.utc)
    ids = verified(desk)
    assert desk.contract(CHAT, NUMBER).is_open
    assert desk.withdraw(CHAT, statement(ids), "in time").verdict is Verdict.IN_TIME
    hands.moment += timedelta(seconds=1)
    assert not desk.withdrawable(CHAT)
    assert desk.withdraw(CHAT, statement(ids), "late").verdict is Verdict.LATE


def test_a_late_withdrawal_is_recorded_and_answered_with_the_law(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    hands.moment += timedelta(days=20)
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert (done.verdict, done.request_number) == (Verdict.LATE, None)
    told = " ".join(saying.text for saying in done.terms.sayings)
    assert "the period ended on Wednesday, 2 December 2026" in told
    assert "look at it" in told
    assert "late by our dates" in mails(desk)["support@example.com"].get_body().get_content()
    assert rows(desk, "return_requests") == []


def test_goods_that_the_law_may_leave_out_are_recorded_beside_the_others(desk: Desk) -> None:
    things = items(2)
    things[1] |= {"title": "Mug with a name", "traits": ["customised"]}
    bring(desk, order(items=things))
    ids = verified(desk)
    alone = desk.withdraw(CHAT, statement(ids[1:]), "alone")
    assert (alone.verdict, alone.request_number) == (Verdict.EXCLUDED, None)
    both = desk.withdraw(CHAT, statement(ids), "both")
    assert both.verdict is Verdict.IN_TIME
    for told in (alone, both):
        (exception,) = [one for one in told.terms.sayings if "Mug with a name: " in one.text]
        assert "made to your own wishes" in exception.text
        assert exception.sources[0].id == "EU-2011/83-16(c)"
    (request,) = desk.requests(CHAT, NUMBER)
    assert [item.title for item in request.items] == ["Thing 1"]
    assert both.decision["verdicts"] == {str(ids[0]): "in_time", str(ids[1]): "excluded"}


def test_sealed_goods_are_in_time_and_a_person_looks_at_the_seal(desk: Desk) -> None:
    bring(desk, order(items=items(1, traits=["hygiene"])))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert done.verdict is Verdict.IN_TIME
    (request,) = desk.requests(CHAT, NUMBER)
    assert (request.number, request.needs_review) == (done.request_number, True)


def test_brazils_regret_costs_nothing_and_gives_the_freight_back(desk: Desk) -> None:
    shipment = {"status": "delivered", "delivered_on": "2026-11-20"}
    bring(desk, order(address=BRAZIL, currency="BRL", shipment=shipment))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert (done.route, done.verdict) == (RouteId.BR_REGRET, Verdict.IN_TIME)
    assert done.last_day.isoformat() == "2026-11-27"
    told = " ".join(saying.text for saying in done.terms.sayings)
    assert "costs you nothing" in told
    assert "freight included" in told
    assert "Decreto 7.962/2013" in words_of_pdf(desk.document(done.number).content)


def test_elsewhere_a_statement_is_recorded_and_no_period_invented(desk: Desk) -> None:
    bring(desk, order(address={"country": "GB", "postal_code": "SW1A 1AA"}))
    ids = verified(desk)
    assert desk.withdrawable(CHAT) == []
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert (done.route, done.verdict, done.last_day) == (None, Verdict.EXCLUDED, None)
    assert "names no legal period" in done.terms.sayings[0].text


def test_before_the_goods_come_there_is_nothing_to_send_back(desk: Desk) -> None:
    bring(desk, order(shipment={"status": "in_transit", "guaranteed_by": "2026-12-10"}))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert (done.verdict, done.last_day) == (Verdict.IN_TIME, None)
    assert "nothing to send back yet" in " ".join(one.text for one in done.terms.sayings)
    assert "haven't come yet" in done.statement


def test_article_11a_is_cited_for_contracts_from_the_day_it_applies(desk: Desk) -> None:
    came = {"status": "delivered", "delivered_on": "2026-11-20"}
    orders = {NUMBER: "2026-06-18", "50010002": "2026-06-19"}
    bring(desk, *(order(number=n, placed_on=day, shipment=came) for n, day in orders.items()))
    cited = {}
    for number, day in orders.items():
        ids = verified(desk, number)
        done = desk.withdraw(CHAT, statement(ids, order_number=number), number)
        cited[day] = [source.id for source in done.terms.basis]
    always = ["EU-2011/83-9(1)", "EU-2011/83-11"]
    assert cited == {"2026-06-18": always, "2026-06-19": [*always, "EU-2011/83-11a"]}


def test_a_strangers_order_cant_be_seen_or_withdrawn_from(desk: Desk) -> None:
    bring(desk, order())
    ids = verified(desk)
    for ask in (
        lambda: desk.withdraw("stranger", statement(ids), "key"),
        lambda: desk.statement("stranger", statement(ids)),
        lambda: desk.contract("stranger", NUMBER),
    ):
        with pytest.raises(NotVerified):
            ask()
    assert desk.withdrawable("stranger") == []
    assert rows(desk, "withdrawals") == []


def test_the_orders_own_address_always_gets_a_copy(desk: Desk) -> None:
    bring(desk, order())
    desk.withdraw(CHAT, statement(verified(desk), email="Other@Example.org"), "key")
    sent = mails(desk)
    assert set(sent) == {"other@example.org", ANA, "support@example.com"}
    copy = sent[ANA].get_body().get_content()
    assert "went to other@example.org" in copy
    assert "If it isn't yours" in copy
    assert [one.get_content_type() for one in sent[ANA].iter_attachments()] == ["application/pdf"]


@pytest.mark.parametrize(
    "email",
    ["", "nowhere", "a@b", "a@b.example, c@d.example", "a@b.example\r\nBcc: c@d.example", "ä@b.de"],
)
def test_an_address_that_no_mail_can_go_to_is_refused(desk: Desk, email: str) -> None:
    bring(desk, order())
    ids = verified(desk)
    with pytest.raises(BadAnswer, match="email: invalid"):
        desk.withdraw(CHAT, statement(ids, email=email), "key")
    assert rows(desk, "withdrawals") == []


@pytest.mark.parametrize(
    "name", ["", "  ", "Win at https://evil.example", "<b>Ana</b>", "\u202eanA", "A" * 101, "-"]
)
def test_a_name_that_is_none_is_refused(desk: Desk, name: str) -> None:
    bring(desk, order())
    ids = verified(desk)
    with pytest.raises(BadAnswer, match="name: "):
        desk.withdraw(CHAT, statement(ids, name=name), "key")


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "São João d'Ávila", "Müller & Co. (Berlin)", "Ελένη"]
)
def test_names_of_all_europe_are_taken_as_they_are(desk: Desk, name: str) -> None:
    bring(desk, order())
    ids = verified(desk)
    assert f"I, {name}, withdraw" in desk.statement(CHAT, statement(ids, name=name)).text


def test_items_must_be_some_of_the_orders_own(desk: Desk) -> None:
    bring(desk, order(), order(number="50010002"))
    ids, others = verified(desk), verified(desk, "50010002")
    for chosen, problem in (([], "empty"), (others, "unknown"), (ids * 2, "twice")):
        with pytest.raises(BadAnswer, match=f"items: {problem}"):
            desk.withdraw(CHAT, statement(chosen), "key")


def test_what_stands_in_a_request_already_isnt_in_a_second_one(desk: Desk) -> None:
    bring(desk, order(items=items(2, quantity=1)))
    ids = verified(desk)
    filed = desk.file(CHAT, filing(ids[0]))
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert done.standing == (filed.number,)
    opened = desk.request(done.request_number)
    assert [item.title for item in opened.items] == ["Thing 2"]
    again = desk.withdraw(CHAT, statement(ids), "again")
    assert (again.request_number, set(again.standing)) == (None, {filed.number, opened.number})


def test_the_pieces_that_stand_in_no_request_go_into_the_withdrawals_own(desk: Desk) -> None:
    bring(desk, order(items=items(1, quantity=4)))
    ids = verified(desk)
    filed = desk.file(CHAT, pieces(ids[0], 1, "broken"))
    (contract,) = desk.contracts(CHAT)
    assert (contract.items[0].pieces_left, contract.items[0].request_number) == (3, filed.number)
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert done.items == (("Thing 1", 4),)
    assert done.standing == (filed.number,)
    opened = desk.request(done.request_number)
    assert [item.quantity for item in opened.items] == [3]
    assert opened.amount_cents == 3 * 5490
    desk.advance(opened.number, RequestStatus.REFUSED, "tests")
    again = desk.withdraw(CHAT, statement(ids), "again")
    assert [item.quantity for item in desk.request(again.request_number).items] == [3]


def test_a_cancelled_order_leaves_nothing_to_withdraw_from(desk: Desk) -> None:
    bring(desk, order(shipment={"status": "not_shipped"}))
    ids = verified(desk)
    assert desk.withdrawable(CHAT)
    desk.cancel(CHAT, NUMBER, "key")
    assert desk.withdrawable(CHAT) == []
    with pytest.raises(AlreadyCancelled):
        desk.withdraw(CHAT, statement(ids), "key")


def test_an_unpaid_order_is_withdrawn_from_without_a_refund(desk: Desk) -> None:
    bring(desk, order(paid=False))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert done.request_number is None
    assert rows(desk, "refunds") == []


def test_an_order_cant_be_made_to_send_mail_without_end(desk: Desk, hands: Hands) -> None:
    bring(desk, order())
    ids = verified(desk)
    made = [desk.withdraw(CHAT, statement(ids), f"key-{n}") for n in range(5)]
    with pytest.raises(TooManyWithdrawals) as refused:
        desk.withdraw(CHAT, statement(ids), "one more")
    assert refused.value.withdrawal_number == made[-1].number
    assert desk.withdraw(CHAT, statement(ids), "key-0") == made[0]
    hands.moment += timedelta(days=1)
    assert desk.withdraw(CHAT, statement(ids), "tomorrow")


def test_the_withdrawable_contracts_are_told_with_items_and_last_day(desk: Desk) -> None:
    bring(
        desk,
        order(),
        order(
            number="50010002",
            placed_on="2026-10-01",
            shipment={"status": "delivered", "delivered_on": "2026-10-10"},
        ),
    )
    verified(desk)
    verified(desk, "50010002")
    (contract,) = desk.withdrawable(CHAT)
    assert (contract.order_number, contract.last_day.isoformat()) == (NUMBER, "2026-12-02")
    assert [item.title for item in contract.items] == ["Glass jug blender"]
    assert {one.order_number: one.verdict for one in desk.contracts(CHAT)} == {
        NUMBER: Verdict.IN_TIME,
        "50010002": Verdict.LATE,
    }


def test_the_same_key_at_once_withdraws_once_and_tells_everyone_the_same(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    ids = verified(busy_desk)
    results = at_once([lambda: busy_desk.withdraw(CHAT, statement(ids), "key")] * 4)
    assert len({result.number for result in results}) == 1
    assert len(rows(busy_desk, "withdrawals")) == len(rows(busy_desk, "return_requests")) == 1


def test_withdrawn_and_filed_at_once_a_piece_stands_in_one_request(busy_desk: Desk) -> None:
    bring(busy_desk, order())
    ids = verified(busy_desk)
    verified(busy_desk, chat="chat-2")
    tasks: list[Callable[[], Any]] = [
        lambda: busy_desk.withdraw(CHAT, statement(ids), "key"),
        lambda: busy_desk.withdraw("chat-2", statement(ids), "key-2"),
        lambda: busy_desk.file("chat-2", filing(ids[0])),
    ]
    results = at_once(tasks)
    assert [type(one) for one in results[:2]] == [WithdrawalView] * 2
    assert not isinstance(results[2], DeskError) or isinstance(results[2], AlreadyFiled)
    assert sorted(row["piece"] for row in rows(busy_desk, "return_request_pieces")) == [1, 2]
    opened = len(rows(busy_desk, "return_requests"))
    assert opened == (1 if isinstance(results[2], AlreadyFiled) else 2)
    assert len(rows(busy_desk, "withdrawals")) == 2


def test_the_withdrawals_of_an_order_are_told_newest_first_to_who_proved_it(desk: Desk) -> None:
    bring(desk, order(items=items(2)))
    first, second = verified(desk)
    assert desk.withdrawals(CHAT, "50010001") == []
    desk.withdraw(CHAT, statement([first]), "key-1")
    desk.withdraw(CHAT, statement([second]), "key-2")
    told = desk.withdrawals(CHAT, "50010001")
    assert [one.items[0][0] for one in told] == ["Thing 2", "Thing 1"]
    with pytest.raises(NotVerified):
        desk.withdrawals("another chat", "50010001")


def test_a_withdrawal_is_found_again_by_its_number(desk: Desk) -> None:
    bring(desk, order())
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    view = desk.withdrawal(done.number)
    assert view == done
    assert desk.withdrawal("W-NOTHING1") is None
    assert desk.document("W-NOTHING1") is None


def test_the_confirmation_waits_for_a_mail_server_that_is_down_and_arrives_whole(
    settings: Settings, make_desk: MakeDesk, hands: Hands
) -> None:
    port, mailbox = free_port(), Mailbox()
    changes = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none"}
    for name, value in Settings(_env_file=None, **changes).dict(include=set(changes)).items():
        setattr(settings, name, value)
    desk = make_desk()
    bring(desk, order(buyer={"email": ANA, "name": "Łukasz Żółć", "locale": "pl"}))
    done = desk.withdraw(CHAT, statement(verified(desk)), "key")
    assert desk.deliver_due().delivered == 0
    assert len(desk.undelivered(10)) == 2
    hands.moment += timedelta(hours=1)
    with mail_server(mailbox, port):
        assert desk.deliver_due().delivered == 2
    (mail,) = [one for one in mailbox.messages if one["To"] == ANA]
    assert mail["Message-ID"] == f"<{done.number}@example.com>"
    assert "I, Łukasz Żółć, withdraw" in mail.get_body().get_content()
    (attached,) = mail.iter_attachments()
    assert hashlib.sha256(attached.get_content()).hexdigest() == done.document_sha256


def test_the_document_is_made_while_others_can_still_write(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(desk, order())
    ids = verified(desk)
    made = []

    def render(*arguments: Any, **values: Any) -> bytes:
        made.append(verified(desk, chat=f"chat-{len(made) + 2}"))
        return b"%PDF"

    monkeypatch.setattr("bot.desk.documents.render", render)
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert len(made) == 1
    assert desk.document(done.number).content == b"%PDF"


def test_a_document_is_made_anew_when_something_changed_meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(desk, order(items=items(2)))
    ids = verified(desk)
    from bot.desk import withdrawing

    prepare = withdrawing.prepare

    def prepare_and_be_overtaken(*arguments: Any) -> Any:
        prepared = prepare(*arguments)
        desk.file(CHAT, filing(ids[0]))
        return prepared

    monkeypatch.setattr(withdrawing, "prepare", prepare_and_be_overtaken)
    done = desk.withdraw(CHAT, statement(ids), "key")
    assert done.standing
    assert f"request {done.standing[0]} already" in words_of_pdf(desk.document(done.number).content)

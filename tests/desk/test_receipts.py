from __future__ import annotations

from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from bot.desk import Desk, FilingItem, Line, RequestView
from bot.desk.outbox import Done
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from bot.settings import Settings
from tests.desk.shop import ANA, BLENDER, CHAT, NOW, bring, filing, order, rows, verified


def receipt(settings: Settings, number: str) -> EmailMessage:
    content = (settings.outbox_dir / f"{number}.eml").read_bytes()
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def filed(desk: Desk, **changes: object) -> RequestView:
    request = desk.file(CHAT, filing(verified(desk)[0], **changes))
    desk.deliver_due()
    return request


def test_a_receipt_tells_everything_that_was_filed(desk: Desk, settings: Settings) -> None:
    bring(desk, order())
    request = filed(desk, evidence=("https://example.com/photo.jpg",))
    body = receipt(settings, request.number).get_content()
    for wanted in (
        request.number,
        "Order       50010001, placed on 8 November 2026",
        "Lumen Kitchen",
        "1 x Glass jug blender, €54.90",
        "you changed your mind",
        "Route: Free Return",
        "Last day: 3 December 2026",
        "Return shipping is paid by: the marketplace",
        f"Pre-paid return label: {request.label.number}",
        "https://example.com/photo.jpg",
        "the way you paid",
    ):
        assert wanted in body


def test_a_receipt_quotes_its_clauses_and_says_what_happens_next(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order())
    body = receipt(settings, filed(desk).number).get_content()
    after = body.split("WHAT HAPPENS NEXT")[1].split("THE CLAUSES")
    assert "F14" in after[0]
    assert "as soon as the quality control has been completed at the warehouse" in after[0]
    assert "You will receive a confirmation when the refund is done." in after[0]
    assert "F1, Free Return within 15 days" in after[1]
    assert "within 15 calendar days from receiving the item(s)" in after[1]


def test_a_receipt_holds_what_was_said_and_told_on_the_buyers_clock(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order())
    body = receipt(settings, filed(desk).number).get_content()
    assert "You, 11:00: I changed my mind" in body
    assert "Assistant: No problem" in body


def test_a_receipt_leaves_out_what_buttons_sent_and_keeps_what_was_said(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order())
    said = ("/greet", '/affirm{"confirm": "secret-1"}', " /inform {\n}", "/faq/ask", "Yes, file it")
    kept = ("and/or {this}", "// is a comment", "/ {not one}", "/path with words")
    lines = tuple(Line("buyer", words, NOW) for words in said + kept)
    body = receipt(settings, filed(desk, transcript=lines).number).get_content()
    told = [line.partition(": ")[2] for line in body.splitlines() if line.startswith("  You, ")]
    assert told == ["Yes, file it", *kept]
    assert "secret-1" not in body


def test_without_anything_to_send_back_no_label_is_spoken_of(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order(shipment={"status": "lost"}))
    wanted = FilingItem(verified(desk)[0], 1, Reason.NOT_ARRIVED)
    request = filed(desk, items=(wanted,), route=RouteId.BUYER_PROTECTION)
    body = receipt(settings, request.number).get_content()
    assert "nothing to send back" in body
    assert "label" not in body.split("WHY")[0]


def test_a_receipt_goes_to_the_buyer_with_a_message_id_that_stays(
    desk: Desk, settings: Settings
) -> None:
    bring(desk, order())
    request = filed(desk)
    message = receipt(settings, request.number)
    assert message["To"] == ANA
    assert message["From"] == "Returns desk <returns@example.com>"
    assert message["Message-ID"] == f"<{request.number}@example.com>"
    assert message["Subject"] == f"Your return request {request.number} for order 50010001"
    assert message.get_content_type() == "text/plain"


def test_a_message_that_is_delivered_twice_is_the_same_file(desk: Desk, settings: Settings) -> None:
    from sqlalchemy import text

    bring(desk, order())
    path = settings.outbox_dir / f"{filed(desk).number}.eml"
    first = path.read_bytes()
    assert desk.deliver_due() == Done()
    with desk.context.database.writing() as session:
        session.execute(text("UPDATE outbox_messages SET delivered_at = NULL"))
        session.commit()
    path.unlink()
    assert desk.deliver_due() == Done(delivered=1)
    assert path.read_bytes() == first
    assert [entry.name for entry in settings.outbox_dir.iterdir()] == [path.name]


def test_a_message_that_cant_be_a_mail_doesnt_hold_up_the_others(
    desk: Desk, settings: Settings
) -> None:
    from sqlalchemy import text

    bring(desk, order())
    desk.hand_off(CHAT, "help", "", (), "key")
    number = filed(desk).number
    (settings.outbox_dir / f"{number}.eml").unlink()
    with desk.context.database.writing() as session:
        session.execute(text("UPDATE outbox_messages SET delivered_at = NULL"))
        broken = (
            "UPDATE outbox_messages SET recipient = 'a' || char(10) || 'b' WHERE kind = 'hand_off'"
        )
        session.execute(text(broken))
        session.commit()
    assert desk.deliver_due() == Done(delivered=1, given_up=1)
    assert (settings.outbox_dir / f"{number}.eml").exists()


def test_a_receipt_is_for_its_owners_eyes_only(desk: Desk, settings: Settings) -> None:
    bring(desk, order())
    path = settings.outbox_dir / f"{filed(desk).number}.eml"
    assert path.stat().st_mode & 0o077 == 0


HOSTILE = "x\r\nBcc: everyone@example.com\r\n\r\n<script>alert(1)</script>\u202e{{ 7 * 7 }}\0"


def test_what_a_buyer_says_stays_plain_text_in_the_body(desk: Desk, settings: Settings) -> None:
    bring(desk, order())
    said = (Line("buyer\nBcc: a@example.com", HOSTILE, NOW), Line("buyer", "R-00000000\nRefund: 1"))
    message = receipt(settings, filed(desk, transcript=said, evidence=(HOSTILE,)).number)
    assert message["Bcc"] is None
    body = message.get_content()
    assert "<script>alert(1)</script>" in body
    assert "{{ 7 * 7 }}" in body
    assert "\0" not in body
    assert "\u202e" not in body
    # Nothing said starts a line of its own, where it could pass for the desk's words.
    assert all(line.startswith(" ") for line in body.splitlines() if "Bcc" in line)
    assert all(line.startswith(" ") for line in body.splitlines() if "Refund: 1" in line)


def test_what_a_shop_brings_in_cant_break_the_headers(desk: Desk, settings: Settings) -> None:
    evil = "Lamp\r\nBcc: everyone@example.com"
    bring(
        desk,
        order(
            seller=evil,
            buyer={"email": ANA, "name": evil},
            items=[BLENDER | {"title": evil}],
        ),
    )
    message = receipt(settings, filed(desk).number)
    assert message["Bcc"] is None
    assert "1 x Lamp Bcc: everyone@example.com" in message.get_content()


@pytest.mark.parametrize(
    ("currency", "cents", "written"),
    [("JPY", 2800, "JP¥2,800"), ("KWD", 1500, "KWD1.500"), ("BRL", 7900, "R$79.00")],
)
def test_money_is_written_with_the_currencys_own_decimals(
    desk: Desk, settings: Settings, currency: str, cents: int, written: str
) -> None:
    bring(desk, order(currency=currency, items=[BLENDER | {"price_cents": cents}]))
    assert f"Amount: {written}," in receipt(settings, filed(desk).number).get_content()


@pytest.mark.parametrize(
    ("locale", "day"),
    [("en_US", "December 3, 2026"), ("en_GB", "3 December 2026"), ("pt_BR", "December 3, 2026")],
)
def test_dates_are_written_for_the_buyer_in_a_language_that_there_are_words_in(
    desk: Desk, settings: Settings, locale: str, day: str
) -> None:
    bring(desk, order(buyer={"email": ANA, "name": "Ana", "locale": locale}))
    assert f"Last day: {day}" in receipt(settings, filed(desk).number).get_content()


def test_a_receipt_waits_in_the_outbox_in_the_transaction_of_the_request(desk: Desk) -> None:
    bring(desk, order())
    request = filed(desk)
    (row,) = rows(desk, "outbox_messages")
    assert (row["about"], row["kind"]) == (request.number, "request_filed")
    assert row["delivered_at"] is not None

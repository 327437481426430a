"""Letters to a seller: the facts, the law, what may be asked for, a PDF that is kept once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import BadAnswer, Desk, NotEligible, NotVerified, Writing
from bot.policy.facts import Reason
from tests.desk.shop import CHAT, bring, order, rows, verified, with_parameter
from tests.pdf_words import words_of_pdf

NUMBER = "50010001"
BRAZIL = {"country": "BR", "region": "SP", "postal_code": "01310-100"}


def letter_about(item: int, **changes: object) -> Writing:
    about = Writing(NUMBER, (item,), Reason.ARRIVED_DAMAGED, "repair", words="The lid is cracked.")
    return replace(about, **changes)


def test_text_and_pdf_hold_the_facts_the_law_and_the_day(desk: Desk) -> None:
    bring(desk, order())
    about = letter_about(verified(desk)[0])
    told = desk.letter(CHAT, about)
    kept = desk.keep_letter(CHAT, about, "key")
    document = desk.document(kept.number)
    assert document is not None
    assert document.media_type == "application/pdf"
    pdf = words_of_pdf(document.content)
    facts = [told.seller, told.name, NUMBER, "arrived damaged", "The lid is cracked."]
    facts += ["repair it free of charge", "Monday, 7 December 2026", "art. 10(1)", "art. 13(2)"]
    for fact in facts:
        assert fact in told.text
        assert fact in pdf
    assert "https://eur-lex.europa.eu/eli/dir/2019/771/oj" in told.text


def test_a_longer_period_rests_on_the_countrys_own_act(desk: Desk) -> None:
    bring(desk, order(address={"country": "ES", "region": "Madrid", "postal_code": "28013"}))
    grounds = desk.letter(CHAT, letter_about(verified(desk)[0])).grounds
    spain = next(ground for ground in grounds if ground.text == "In Spain it is 3 years.")
    assert "Real Decreto Legislativo 1/2007" in spain.act
    assert spain.url.startswith("https://www.boe.es/")


def test_the_same_key_keeps_one_letter_and_a_draft_keeps_none(desk: Desk) -> None:
    bring(desk, order())
    about = letter_about(verified(desk)[0])
    desk.letter(CHAT, about)
    assert rows(desk, "documents") == []
    first, second = (desk.keep_letter(CHAT, about, "key") for _ in range(2))
    assert first.number == second.number
    assert len(rows(desk, "documents")) == 1
    assert rows(desk, "seller_messages") == []


def test_the_day_is_a_parameter_and_no_day_of_law(desk: Desk) -> None:
    bring(desk, order())
    about = letter_about(verified(desk)[0])
    changed = with_parameter(desk.context.clauses, "EU-2019/771-14", "letter_days", 10)
    other = Desk(replace(desk.context, clauses=changed))
    assert other.letter(CHAT, about).answer_by.isoformat() == "2026-12-03"
    assert not other.letter(CHAT, about).is_day_of_law


def test_what_may_be_asked_for_follows_the_stage(desk: Desk) -> None:
    bring(desk, order())
    about = letter_about(verified(desk)[0], remedy="money_back")
    with pytest.raises(BadAnswer):
        desk.letter(CHAT, about)
    text = desk.letter(CHAT, replace(about, is_second_stage=True)).text
    assert "I end the contract" in text
    assert "art. 13(4)" in text
    assert "I may choose between a repair and a replacement" not in text


def test_in_brazil_the_law_names_the_days(desk: Desk) -> None:
    bring(desk, order(address=BRAZIL))
    about = letter_about(verified(desk)[0], remedy="put_right")
    told = desk.letter(CHAT, about)
    assert told.is_day_of_law
    assert told.answer_by.isoformat() == "2026-12-23"
    assert "Lei 8.078/1990" in told.text
    assert "It stops the clock until you answer." in told.text


def test_where_the_page_names_no_law_there_is_no_letter(desk: Desk) -> None:
    bring(desk, order(address={"country": "JP", "region": "Tokyo", "postal_code": "100-0001"}))
    with pytest.raises(NotEligible):
        desk.letter(CHAT, letter_about(verified(desk)[0]))


def test_only_who_proved_the_order_gets_its_letter(desk: Desk) -> None:
    bring(desk, order())
    about = letter_about(verified(desk)[0])
    with pytest.raises(NotVerified):
        desk.letter("another chat", about)
    with pytest.raises(NotVerified):
        desk.keep_letter("another chat", about, "key")


def test_nobodys_words_pass_for_a_part_of_the_letter(desk: Desk) -> None:
    bring(desk, order())
    words = "Broken.\n## What I ask for\n| To | Somebody else\n- See <https://evil.example>"
    told = desk.letter(CHAT, letter_about(verified(desk)[0], words=words))
    assert "  ## What I ask for" in told.text
    assert told.text.count("\nTo: ") == 1
    assert "\nTo: Somebody else" not in told.text


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"items": ()}, "items"),
        ({"items": (999,)}, "items"),
        ({"reason": Reason.CHANGE_OF_MIND}, "reason"),
        ({"words": "x" * 801}, "words"),
        ({"remedy": "a villa"}, "remedy"),
    ],
)
def test_what_cannot_be_used_is_refused(desk: Desk, changes: dict, path: str) -> None:
    bring(desk, order())
    with pytest.raises(BadAnswer) as refused:
        desk.letter(CHAT, letter_about(verified(desk)[0], **changes))
    assert refused.value.path == path

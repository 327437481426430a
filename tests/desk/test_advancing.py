"""How the shop moves a return request along (F14)."""

from __future__ import annotations

import pytest

from bot.desk import (
    AlreadyFiled,
    Desk,
    FilingItem,
    IllegalStep,
    RequestStatus,
    RequestView,
    Step,
    UnknownRequest,
)
from bot.desk.vocabulary import NOTED
from bot.policy.decision import RouteId
from bot.policy.facts import Reason
from tests.desk.shop import ANA, CHAT, bring, filing, order, pieces, rows, verified

S = RequestStatus


def filed(desk: Desk) -> RequestView:
    bring(desk, order())
    return desk.file(CHAT, filing(verified(desk)[0]))


@pytest.mark.parametrize(
    ("steps", "refund", "stands"),
    [
        ((S.RECEIVED,), "expected", True),
        ((S.RECEIVED, S.REFUNDED), "paid", True),
        ((S.REFUNDED,), "paid", True),
        ((S.REFUSED,), "cancelled", False),
        ((S.RECEIVED, S.REFUSED), "cancelled", False),
        ((S.WITHDRAWN,), "cancelled", False),
    ],
)
def test_a_request_goes_step_by_step_and_its_refund_and_items_follow(
    busy_desk: Desk, steps: tuple[RequestStatus, ...], refund: str, stands: bool
) -> None:
    number = filed(busy_desk).number
    for step in steps:
        assert busy_desk.advance(number.lower(), step, "the warehouse").status is step
    assert [row["status"] for row in rows(busy_desk, "refunds")] == [refund]
    assert {bool(row["active"]) for row in rows(busy_desk, "return_request_pieces")} == {stands}
    item = busy_desk.order(CHAT, "50010001").items[0]
    assert item.pieces_left == (item.quantity - 1 if stands else item.quantity)
    again = pieces(item.id, item.quantity, "key-2")
    if stands:
        with pytest.raises(AlreadyFiled):
            busy_desk.file(CHAT, again)
    else:
        assert busy_desk.file(CHAT, again).status is S.SUBMITTED


LEGAL = {
    (S.SUBMITTED, S.RECEIVED),
    (S.SUBMITTED, S.REFUNDED),
    (S.SUBMITTED, S.REFUSED),
    (S.SUBMITTED, S.WITHDRAWN),
    (S.RECEIVED, S.REFUNDED),
    (S.RECEIVED, S.REFUSED),
}


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("wanted", S)
def test_only_legal_steps_are_taken(desk: Desk, current: S, wanted: S) -> None:
    number = filed(desk).number
    if current is not S.SUBMITTED:
        desk.advance(number, current, "tests")
    before = rows(desk, "return_requests"), rows(desk, "outbox_messages"), rows(desk, "refunds")
    if (current, wanted) in LEGAL:
        assert desk.advance(number, wanted, "tests").status is wanted
        return
    if current is wanted:
        assert desk.advance(number, wanted, "tests").status is wanted
    else:
        with pytest.raises(IllegalStep) as caught:
            desk.advance(number, wanted, "tests")
        assert (caught.value.current, caught.value.wanted) == (current, wanted)
    assert before == (
        rows(desk, "return_requests"),
        rows(desk, "outbox_messages"),
        rows(desk, "refunds"),
    )


def test_nothing_arrives_where_nothing_is_sent_back(desk: Desk) -> None:
    bring(desk, order(shipment={"status": "lost"}))
    wanted = FilingItem(verified(desk)[0], 1, Reason.NOT_ARRIVED)
    claim = filing(wanted.item_id, items=(wanted,), route=RouteId.BUYER_PROTECTION)
    number = desk.file(CHAT, claim).number
    with pytest.raises(IllegalStep):
        desk.advance(number, S.RECEIVED, "tests")
    assert desk.advance(number, S.REFUNDED, "tests").status is S.REFUNDED


NOTES = {
    (S.SUBMITTED, Step.SELLER_ANSWERED),
    (S.SUBMITTED, Step.PARCEL_SENT),
    (S.RECEIVED, Step.QUALITY_CONTROL),
}


@pytest.mark.parametrize("current", S)
@pytest.mark.parametrize("step", NOTED)
def test_what_happens_in_between_is_noted_where_it_can(desk: Desk, current: S, step: Step) -> None:
    number = filed(desk).number
    desk.advance(number, current, "tests")
    if (current, step) not in NOTES:
        with pytest.raises(IllegalStep):
            desk.advance(number, step, "tests")
        assert rows(desk, "return_request_steps") == []
        return
    noted = desk.advance(number, step, "the warehouse")
    assert (noted.status, noted.steps) == (current, (step,))
    before = rows(desk, "outbox_messages")
    assert (before[-1]["about"], before[-1]["recipient"]) == (number, ANA)
    assert before[-1]["message_id"] == f"<{number}.{step.value}@example.com>"
    entry = rows(desk, "audit_entries")[-1]
    assert (entry["actor"], entry["details"]) == ("the warehouse", f'{{"step": "{step.value}"}}')
    assert desk.advance(number, step, "tests").steps == (step,)
    assert rows(desk, "outbox_messages") == before


def test_what_a_buyer_is_told_of_a_step(desk: Desk) -> None:
    number = filed(desk).number
    for step, words in (
        (Step.SELLER_ANSWERED, "The seller has answered your return request"),
        (Step.PARCEL_SENT, "Your parcel is on its way back"),
        (S.RECEIVED, "We have what you sent back"),
        (Step.QUALITY_CONTROL, "What you sent back has passed its check"),
    ):
        desk.advance(number, step, "tests")
        told = rows(desk, "outbox_messages")[-1]
        assert told["subject"] == f"{words}: {number}"
    assert "The refund comes next" in " ".join(told["body"].split())


def test_no_parcel_is_sent_where_nothing_goes_back(desk: Desk) -> None:
    bring(desk, order(shipment={"status": "lost"}))
    wanted = FilingItem(verified(desk)[0], 1, Reason.NOT_ARRIVED)
    claim = filing(wanted.item_id, items=(wanted,), route=RouteId.BUYER_PROTECTION)
    number = desk.file(CHAT, claim).number
    with pytest.raises(IllegalStep):
        desk.advance(number, Step.PARCEL_SENT, "tests")
    assert desk.advance(number, Step.SELLER_ANSWERED, "tests").steps == (Step.SELLER_ANSWERED,)


def test_an_unknown_request_is_told_from_others(desk: Desk) -> None:
    with pytest.raises(UnknownRequest):
        desk.advance("R-00000000", S.RECEIVED, "tests")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (S.RECEIVED, "has arrived at the warehouse"),
        (S.REFUNDED, "Refund      €54.90, to the way you paid"),
        (S.REFUSED, "support@example.com and name the request"),
        (S.WITHDRAWN, "You can file a new one"),
    ],
)
def test_the_buyer_gets_a_receipt_of_each_step(desk: Desk, status: S, words: str) -> None:
    number = filed(desk).number
    desk.advance(number, status, "tests")
    _, told = rows(desk, "outbox_messages")
    assert (told["recipient"], told["about"]) == (ANA, number)
    assert told["message_id"] == f"<{number}.{status.value}@example.com>"
    assert number in told["subject"]
    assert words in told["body"]
    desk.deliver_due()
    names = {path.name for path in desk.context.routes.folder.glob("*.eml")}
    assert names == {f"{number}.eml", f"{number}.{status.value}.eml"}


def test_every_step_is_in_the_audit(desk: Desk) -> None:
    number = filed(desk).number
    desk.advance(number, S.RECEIVED, "the warehouse")
    entry = rows(desk, "audit_entries")[-1]
    assert (entry["actor"], entry["action"], entry["about"]) == (
        "the warehouse",
        "request_advanced",
        number,
    )
    assert entry["details"] == '{"from": "submitted", "to": "received"}'

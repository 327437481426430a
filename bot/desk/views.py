"""What the desk shows: plain values, free of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.desk.vocabulary import (
    Channel,
    EvidenceKind,
    RefundMethod,
    RequestStatus,
    Step,
    Verdict,
)
from bot.desk.withdrawal_terms import Saying, Terms
from bot.policy.decision import PaidBy, RouteId
from bot.policy.facts import Reason, ShipmentStatus


@dataclass(frozen=True)
class ShipmentView:
    """The parcel; dates are the buyer's calendar days."""

    status: ShipmentStatus
    shipped_on: date | None = None
    guaranteed_by: date | None = None
    delivered_on: date | None = None
    tracking_number: str | None = None


UNSHIPPED = ShipmentView(ShipmentStatus.NOT_SHIPPED)


@dataclass(frozen=True)
class ItemView:
    """One line of an order.

    Attributes:
        id: what `Desk.decide` and `FilingItem` name it by.
        title: product name, as the seller wrote it.
        category: category id of clause S11, or None.
        quantity: pieces ordered.
        price_cents: price of one piece, in the smallest unit of `currency`.
        currency: ISO 4217 code.
        free_return_label: whether it carries the "Free Return" label (F1).
        pieces_left: pieces that stand in no return request.
        request_numbers: the return requests that its other pieces stand in, oldest first.
        shipment: the parcel it comes in; the order's own unless it goes apart.
        picture: name of its file among the pictures, or None.
    """

    id: int
    title: str
    category: str | None
    quantity: int
    price_cents: int
    currency: str
    free_return_label: bool
    pieces_left: int
    request_numbers: tuple[str, ...] = ()
    shipment: ShipmentView = UNSHIPPED
    picture: str | None = None

    @property
    def request_number(self) -> str | None:
        """The newest return request that pieces of it stand in, or None."""
        return self.request_numbers[-1] if self.request_numbers else None

    @property
    def pieces_filed(self) -> int:
        """How many pieces stand in a return request."""
        return self.quantity - self.pieces_left


@dataclass(frozen=True)
class OrderView:
    """An order, for a conversation that has proved it is the buyer's.

    Attributes:
        shipment: the parcel of the items that don't go apart.
        time_zone: IANA name of the zone that the buyer's days are counted in.
        cancellation_number: set when the order was cancelled.
    """

    number: str
    placed_on: date
    paid: bool
    seller: str
    buyer_name: str
    locale: str
    currency: str
    country: str
    region: str | None
    postal_code: str | None
    time_zone: str
    protection_ends_on: date | None
    shipment: ShipmentView
    items: tuple[ItemView, ...]
    cancellation_number: str | None

    def item(self, item_id: int) -> ItemView | None:
        """The item with this id, or None."""
        return next((item for item in self.items if item.id == item_id), None)


@dataclass(frozen=True)
class SignedInView:
    """The buyer that the shop has signed in to a conversation.

    Attributes:
        conversation_id: the conversation.
        email: as the desk keeps addresses.
        name: to greet by, cleaned; None when the shop doesn't tell it.
        rejoined: whether the conversation was this buyer's before.
    """

    conversation_id: str
    email: str
    name: str | None
    rejoined: bool


@dataclass(frozen=True)
class OwnOrderView:
    """An order of the buyer who is signed in.

    Attributes:
        order: the order.
        free_returns: ids of its items for which Free Return may be open today.
    """

    order: OrderView
    free_returns: frozenset[int]


@dataclass(frozen=True)
class Verification:
    """Whether an order number and an e-mail belong together.

    Attributes:
        ok: they do, and the conversation may now speak about the order.
        locked: too many misses; no pair is accepted any more in this conversation, or none with
            this order number or e-mail for the rest of the hour.
        misses: this conversation's misses so far.
        order: the order when `ok`, else None.
    """

    ok: bool
    locked: bool
    misses: int
    order: OrderView | None = None


@dataclass(frozen=True)
class RequestItemView:
    """One item of a request."""

    item_id: int
    title: str
    quantity: int
    reason: Reason


@dataclass(frozen=True)
class EvidenceView:
    """A file of evidence, as it is kept: written anew, without what it told beside its content.

    Attributes:
        id: names it outside; it can't be guessed.
        name: its cleaned name.
        bytes: its size.
        media_type: of what is kept.
        width: of a photo or a video, in pixels; likewise `height`.
        pages: of a document.
        seconds: of a video.
        sent_at: when it came.
        request_number: the request it belongs to; None while it waits for one.
        goes_at: when it is deleted; None while its request stands.
    """

    id: str
    kind: EvidenceKind
    name: str
    bytes: int
    media_type: str
    sent_at: datetime
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    seconds: int | None = None
    request_number: str | None = None
    goes_at: datetime | None = None


@dataclass(frozen=True)
class EvidenceFileView:
    """A file of evidence with the places where it lies.

    Attributes:
        path: the file.
        thumbnail: a small JPEG of it.
    """

    evidence: EvidenceView
    path: Path
    thumbnail: Path


@dataclass(frozen=True)
class LabelView:
    """A pre-paid return label.

    Attributes:
        shared: an earlier request under the same order has it too (F11).
    """

    number: str
    month: str
    shared: bool


@dataclass(frozen=True)
class RequestView:
    """A filed return request.

    Attributes:
        amount_cents: what the refund comes to, in the smallest unit of `currency`; None when
            the remedy isn't money.
        last_day: last day of the route, in the buyer's calendar, when one is named.
        needs_review: a person looks at it first (F12).
        steps: what the shop has told of it between its states.
        files: its photos, documents and videos.
        decision: the decision as it was when filed, in the JSON form of docs/policy.md with
            the facts beside it, one entry per item; None when brought in from elsewhere.
    """

    number: str
    order_number: str
    route: RouteId
    status: RequestStatus
    refund_method: RefundMethod
    return_paid_by: PaidBy
    remedy: str
    items: tuple[RequestItemView, ...]
    evidence: tuple[str, ...]
    label: LabelView | None
    amount_cents: int | None
    currency: str
    last_day: date | None
    needs_review: bool
    filed_at: datetime
    decision: dict[str, Any] | None
    steps: tuple[Step, ...] = ()
    files: tuple[EvidenceView, ...] = ()


@dataclass(frozen=True)
class MilestoneView:
    """A step of a request's way; `at` is None while it is still to come."""

    step: Step
    at: datetime | None


@dataclass(frozen=True)
class RequestFileView:
    """Everything that a request's own page shows.

    Attributes:
        order: the order it is under.
        milestones: its way so far and, while it stands, what is still to come. A step that
            was passed on a day that the desk wasn't told is left out.
        can_withdraw: whether the buyer can still take it back.
        takes_files: whether evidence can still be added.
        label_holds: whether its pre-paid label can still be used.
    """

    request: RequestView
    order: OrderView
    milestones: tuple[MilestoneView, ...]
    can_withdraw: bool
    label_holds: bool
    takes_files: bool


@dataclass(frozen=True)
class CancellationView:
    """A cancelled order; the whole amount goes back, in the smallest unit of `currency`."""

    number: str
    order_number: str
    amount_cents: int
    currency: str
    cancelled_at: datetime


@dataclass(frozen=True)
class HandOffView:
    """A conversation handed to a person."""

    ticket: str
    created_at: datetime


@dataclass(frozen=True)
class AnswerView:
    """What a person answered to a ticket.

    Attributes:
        ticket: the ticket's number.
        name: who answers; empty for nobody in particular.
        text: the answer, plain text.
    """

    ticket: str
    name: str
    text: str
    created_at: datetime


@dataclass(frozen=True)
class TicketView:
    """A conversation handed to a person, for who answers it.

    Attributes:
        ticket: its number.
        order_number: the order, when the conversation had proved one.
        need: what the buyer wants, in a few words.
        summary: what was known.
        tried: what the assistant did before.
        transcript: what was said: "who", "text" and "at".
        answers: oldest first.
        in_chat: whether its chat can still show an answer.
        by_mail: whether an answer is mailed as well; the order's own address is the only one.
    """

    ticket: str
    created_at: datetime
    order_number: str | None
    need: str
    summary: str
    tried: tuple[str, ...]
    transcript: tuple[dict[str, Any], ...]
    answers: tuple[AnswerView, ...]
    in_chat: bool
    by_mail: bool


@dataclass(frozen=True)
class NoticeView:
    """What a chat is told without having asked; it is about a request or an answer.

    Attributes:
        place: counts the conversation's notices from 1.
        request: the request as it stood then, or None.
        reached: what the request came to, or None.
        answer: a person's answer, or None.
    """

    place: int
    created_at: datetime
    request: RequestView | None = None
    reached: RequestStatus | Step | None = None
    answer: AnswerView | None = None


@dataclass(frozen=True)
class Placed:
    """That a conversation has a notice, for who keeps an eye on all of them."""

    conversation_id: str
    place: int
    created_at: datetime


@dataclass(frozen=True)
class SellerMessageView:
    """A buyer's message that is recorded for a seller (H1).

    Attributes:
        number: the message's own number, such as "M-7F3K9Q2M".
        seller: the seller's name.
    """

    number: str
    seller: str
    sent_at: datetime


@dataclass(frozen=True)
class OutboxView:
    """A message that waits in the outbox or was given up.

    Attributes:
        id: what `Desk.retry` names it by.
        kind: what it tells, such as "request_filed".
        about: number of the request, cancellation, ticket or message it tells about.
        attempts: failed ones.
        next_attempt_at: when it is tried next at the earliest; None when it was given up.
        last_error: what went wrong last, or None; it names nobody.
        failed_at: when it was given up, or None.
    """

    id: int
    channel: Channel
    kind: str
    about: str
    created_at: datetime
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None
    failed_at: datetime | None


@dataclass(frozen=True)
class LabelsView:
    """How many of this month's pre-paid return labels a buyer has left (F10).

    Attributes:
        limit: labels per calendar month.
        used: labels the buyer has had this month, under any order.
        left: how many there still are, never below 0.
        renews_on: first day of the next month, in the buyer's calendar.
    """

    limit: int
    used: int
    left: int
    renews_on: date


@dataclass(frozen=True)
class ContractItemView:
    """One line of a contract that can be withdrawn from.

    Attributes:
        id: `ItemView.id`.
        verdict: what the law makes of a withdrawal from it today.
        pieces_left: pieces that stand in no return request.
        request_number: the newest return request that pieces of it stand in, or None.
        exception: what the law says when it may leave these goods out, else None.
        free_return: whether the program's Free Return may be open for it.
    """

    id: int
    title: str
    quantity: int
    verdict: Verdict
    pieces_left: int
    request_number: str | None
    exception: Saying | None
    free_return: bool


@dataclass(frozen=True)
class ContractView:
    """An order as a contract to withdraw from, for a conversation that has proved it.

    Attributes:
        name: the buyer's, as on the order.
        email: the order's own address.
        route: the right of the delivery country; None where none is known.
        verdict: what the law makes of a withdrawal today; of several items, the best.
        last_day: the period's last day, past or to come, in the buyer's calendar; None while
            it hasn't begun, or where no right is known.
        cancellation_number: set when the order was cancelled.
    """

    order_number: str
    placed_on: date
    delivered_on: date | None
    seller: str
    name: str
    email: str
    country: str
    time_zone: str
    route: RouteId | None
    verdict: Verdict
    last_day: date | None
    cancellation_number: str | None
    items: tuple[ContractItemView, ...]

    @property
    def is_open(self) -> bool:
        """Whether the period runs and there is something to withdraw from."""
        return self.verdict is Verdict.IN_TIME and self.cancellation_number is None


@dataclass(frozen=True)
class StatementView:
    """A statement of withdrawal before it is sent.

    Attributes:
        contract: what it is about.
        name: who withdraws.
        email: where the confirmation goes.
        items: what is withdrawn from.
        text: the statement in full.
        verdict: what the law makes of it today.
        terms: what follows.
    """

    contract: ContractView
    name: str
    email: str
    items: tuple[ContractItemView, ...]
    text: str
    verdict: Verdict
    terms: Terms


@dataclass(frozen=True)
class WithdrawalView:
    """A statement of withdrawal as it was received.

    Attributes:
        number: such as "W-7F3K9Q2M".
        items: titles with their numbers of pieces.
        statement: word for word.
        received_at: a full second, in UTC.
        route: the statutory right; None where none is known.
        verdict: what the law made of it.
        last_day: the period's last day, when known.
        request_number: the return request it opened, or None.
        standing: requests in which some of the items stood already.
        document_sha256: digest of the confirmation.
        terms: what follows.
        decision: the decisions as they were, in the JSON form of docs/policy.md.
    """

    number: str
    order_number: str
    seller: str
    name: str
    email: str
    items: tuple[tuple[str, int], ...]
    statement: str
    received_at: datetime
    time_zone: str
    route: RouteId | None
    verdict: Verdict
    last_day: date | None
    request_number: str | None
    standing: tuple[str, ...]
    document_sha256: str
    terms: Terms
    decision: dict[str, Any]


@dataclass(frozen=True)
class DocumentView:
    """A document as it was given out."""

    file_name: str
    media_type: str
    content: bytes
    sha256: str


@dataclass(frozen=True)
class Ground:
    """One sentence of law in a letter, and where it stands."""

    text: str
    act: str
    article: str
    url: str


@dataclass(frozen=True)
class LetterView:
    """A letter to a seller about a fault.

    Attributes:
        number: its public number, such as "L-0123456789AB"; empty while it isn't kept.
        subject: what it is about.
        seller: to whom.
        name: who writes.
        order_number: the order, placed on `placed_on` and received on `delivered_on`.
        items: pieces and titles.
        reason: what is wrong.
        words: the buyer's own words; may be empty.
        remedy: what is asked for.
        is_second_stage: whether the seller had its chance to put it right.
        area: whose law it rests on.
        written_on: its day in the buyer's calendar.
        answer_by: the day by which the seller shall act, `days` later.
        is_day_of_law: whether the law names that many days.
        grounds: the law behind it.
        text: the letter in full, as plain text.
    """

    number: str
    subject: str
    seller: str
    name: str
    order_number: str
    placed_on: date
    delivered_on: date
    items: tuple[str, ...]
    reason: str
    words: str
    remedy: str
    is_second_stage: bool
    area: str
    written_on: date
    answer_by: date
    days: int
    is_day_of_law: bool
    grounds: tuple[Ground, ...]
    text: str

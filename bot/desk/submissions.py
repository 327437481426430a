"""What is handed in at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.desk.vocabulary import RefundMethod
from bot.policy.decision import RouteId
from bot.policy.facts import Reason


@dataclass(frozen=True)
class Line:
    """One message of a chat.

    Attributes:
        who: "buyer" or "assistant".
        text: what was said; plain text, whatever it holds.
        at: when, with time zone; None when unknown.
    """

    who: str
    text: str
    at: datetime | None = None


@dataclass(frozen=True)
class SigningIn:
    """A shop's word, checked already, on who is chatting.

    Attributes:
        email: the buyer's, trimmed and in lower case.
        name: to greet by; None when the shop doesn't tell it.
        fresh: id of the conversation to start.
        current: id of the conversation that goes on in the same browser, or None.
        seconds: how long the chat's session lasts.
        token_id: what the shop calls the token, or None; such a token starts one conversation.
        token_seconds: until the token expires by itself.
    """

    email: str
    name: str | None
    fresh: str
    current: str | None
    seconds: float
    token_id: str | None = None
    token_seconds: float = 0


@dataclass(frozen=True)
class FilingItem:
    """One item to return or be refunded for.

    Attributes:
        item_id: `ItemView.id`.
        quantity: how many pieces.
        reason: why.
        answers: the buyer's answers by path of the fact, such as {"condition.used": False}.
    """

    item_id: int
    quantity: int
    reason: Reason
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filing:
    """A return request to file.

    Attributes:
        key: the same key in the same conversation files once.
        order_number: the order.
        items: what to return; one or more.
        route: the route to take; it must be open for every item.
        refund_method: where the money goes (H4).
        evidence: links, or a word on what comes later.
        files: `EvidenceView.id` of the conversation's files that go with it.
        transcript: what was said and told, for the receipt.
    """

    key: str
    order_number: str
    items: tuple[FilingItem, ...]
    route: RouteId
    refund_method: RefundMethod = RefundMethod.ORIGINAL_PAYMENT
    evidence: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    transcript: tuple[Line, ...] = ()


@dataclass(frozen=True)
class HandingOff:
    """A conversation to hand to a person.

    Attributes:
        key: the same key in the same conversation opens one ticket.
        need: what the buyer wants, in a few words.
        summary: what is known so far.
        transcript: what was said.
        order_number: the order it is about, when there is one.
        tried: what the assistant did before, a few words each.
    """

    key: str
    need: str
    summary: str
    transcript: tuple[Line, ...] = ()
    order_number: str | None = None
    tried: tuple[str, ...] = ()


@dataclass(frozen=True)
class Withdrawing:
    """A statement of withdrawal to hand in.

    Attributes:
        order_number: which contract.
        items: `ItemView.id` of what is withdrawn from; one or more.
        name: who withdraws; None takes the order's.
        email: where the confirmation goes; None takes the order's own address.
    """

    order_number: str
    items: tuple[int, ...]
    name: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Writing:
    """A letter to a seller about a fault.

    Attributes:
        order_number: which order.
        items: `ItemView.id` of what is faulty; one or more.
        reason: what is wrong.
        remedy: what is asked for, see letters.yml.
        is_second_stage: whether the seller had its chance to put it right.
        words: the buyer's own words, up to 800 characters; may be empty.
        answers: the buyer's answers by path of the fact.
    """

    order_number: str
    items: tuple[int, ...]
    reason: Reason
    remedy: str
    is_second_stage: bool = False
    words: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Complaint:
    """What is wrong, by a message to the seller that says so.

    Attributes:
        fault: what is wrong.
        items: `ItemView.id` of what is faulty; empty for the whole order.
    """

    fault: Reason
    items: tuple[int, ...] = ()


@dataclass(frozen=True)
class Answering:
    """A person's answer to a ticket, as it is handed in.

    Attributes:
        words: what the buyer is told; nobody has checked it yet.
        key: the same key answers once.
        name: who answers; empty for nobody in particular.
        actor: who hands it in, for the audit.
    """

    words: str
    key: str
    name: str
    actor: str

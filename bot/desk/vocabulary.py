"""The words the desk stores: states of a request, ways to refund, kinds of messages."""

from __future__ import annotations

from enum import Enum


class RequestStatus(str, Enum):
    """Where a return request stands (F14)."""

    SUBMITTED = "submitted"
    RECEIVED = "received"
    """The item is at the warehouse, waiting for quality control."""
    REFUNDED = "refunded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Step(str, Enum):
    """What happens to a return request on its way, as its page shows it (F14)."""

    FILED = "filed"
    SELLER_ANSWERED = "seller_answered"
    LABEL_ISSUED = "label_issued"
    PARCEL_SENT = "parcel_sent"
    RECEIVED = "received"
    QUALITY_CONTROL = "quality_control"
    REFUNDED = "refunded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NOTED = (Step.SELLER_ANSWERED, Step.PARCEL_SENT, Step.QUALITY_CONTROL)
"""Steps that a shop tells of and that leave the request's status as it is."""


REACHED = (*RequestStatus, *NOTED)
"""All that a request can come to: where it stands, and what happens in between."""


def destination(name: str) -> RequestStatus | Step:
    """Where a shop moves a request to: a status, or one of the steps in between.

    Args:
        name: such as "received" or "parcel_sent"; capitals and spaces around it don't matter.

    Raises:
        ValueError: there is no such status or step.
    """
    name = name.strip().lower()
    for step in NOTED:
        if name == step.value:
            return step
    return RequestStatus(name)


DESTINATIONS = tuple(one.value for one in REACHED)
"""What `destination` knows."""


class RefundMethod(str, Enum):
    """Where the money goes (H4)."""

    ORIGINAL_PAYMENT = "original_payment"
    BONUS = "bonus"
    """The marketplace's fast refund-bonus, on conditions."""


class RefundStatus(str, Enum):
    """Where the money is."""

    EXPECTED = "expected"
    PAID = "paid"
    CANCELLED = "cancelled"


class EvidenceKind(str, Enum):
    """What a file of evidence is."""

    PHOTO = "photo"
    DOCUMENT = "document"
    VIDEO = "video"


class Channel(str, Enum):
    """How an outbox message goes."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class Verdict(str, Enum):
    """What the law makes of a statement of withdrawal, by our dates."""

    IN_TIME = "in_time"
    LATE = "late"
    EXCLUDED = "excluded"
    """In time or not, the right may not hold for these goods or this country."""


class MessageKind(str, Enum):
    """What an outbox message tells; each has a mail template of the same name."""

    REQUEST_FILED = "request_filed"
    ORDER_CANCELLED = "order_cancelled"
    HAND_OFF = "hand_off"
    HAND_OFF_ANSWERED = "hand_off_answered"
    SELLER_MESSAGE = "seller_message"
    SELLER_MESSAGE_KEPT = "seller_message_kept"
    REQUEST_ADVANCED = "request_advanced"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_NOTICE = "withdrawal_notice"


def values(kind: type[Enum]) -> str:
    """The values of an enumeration as an SQL list, for a check constraint."""
    return ", ".join(f"'{member.value}'" for member in kind)

"""The returns desk: orders, return requests, labels, receipts, hand-offs. It alone talks SQL."""

from bot.desk.database import migrate
from bot.desk.desk import Desk
from bot.desk.errors import (
    AlreadyCancelled,
    AlreadyFiled,
    AlreadyShipped,
    BadAnswer,
    DeskError,
    DeskUnavailable,
    IllegalStep,
    NotEligible,
    NotVerified,
    QuotaExhausted,
    UnknownRequest,
)
from bot.desk.submissions import Filing, FilingItem, Line
from bot.desk.views import (
    CancellationView,
    HandOffView,
    ItemView,
    LabelsView,
    LabelView,
    OrderView,
    OutboxView,
    RequestItemView,
    RequestView,
    SellerMessageView,
    ShipmentView,
    Verification,
)
from bot.desk.vocabulary import Channel, RefundMethod, RequestStatus

__all__ = [
    "AlreadyCancelled",
    "AlreadyFiled",
    "AlreadyShipped",
    "BadAnswer",
    "CancellationView",
    "Channel",
    "Desk",
    "DeskError",
    "DeskUnavailable",
    "Filing",
    "FilingItem",
    "HandOffView",
    "IllegalStep",
    "ItemView",
    "LabelView",
    "LabelsView",
    "Line",
    "NotEligible",
    "NotVerified",
    "OrderView",
    "OutboxView",
    "QuotaExhausted",
    "RefundMethod",
    "RequestItemView",
    "RequestStatus",
    "RequestView",
    "SellerMessageView",
    "ShipmentView",
    "UnknownRequest",
    "Verification",
    "migrate",
]

"""The desk's tables."""

from bot.desk.models.base import Base
from bot.desk.models.conversations import (
    Conversation,
    ConversationGrant,
    ConversationNotice,
    HandOff,
    HandOffAnswer,
    Rating,
    SellerMessage,
    VerificationMiss,
)
from bot.desk.models.documents import Document
from bot.desk.models.evidence import EvidenceFile
from bot.desk.models.orders import (
    Buyer,
    ItemShipment,
    Order,
    OrderCancellation,
    OrderItem,
    Seller,
    Shipment,
)
from bot.desk.models.records import AuditEntry, OutboxMessage
from bot.desk.models.requests import (
    Evidence,
    Refund,
    ReturnLabel,
    ReturnRequest,
    ReturnRequestItem,
    ReturnRequestPiece,
    ReturnRequestStep,
)
from bot.desk.models.signing_in import BuyerToken, ConversationBuyer
from bot.desk.models.withdrawals import Withdrawal

__all__ = [
    "AuditEntry",
    "Base",
    "Buyer",
    "BuyerToken",
    "Conversation",
    "ConversationBuyer",
    "ConversationGrant",
    "ConversationNotice",
    "Document",
    "Evidence",
    "EvidenceFile",
    "HandOff",
    "HandOffAnswer",
    "ItemShipment",
    "Order",
    "OrderCancellation",
    "OrderItem",
    "OutboxMessage",
    "Rating",
    "Refund",
    "ReturnLabel",
    "ReturnRequest",
    "ReturnRequestItem",
    "ReturnRequestPiece",
    "ReturnRequestStep",
    "Seller",
    "SellerMessage",
    "Shipment",
    "VerificationMiss",
    "Withdrawal",
]

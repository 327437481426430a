"""Signed-in buyers: whose a conversation is by the shop's word, and which tokens were used."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, String

from bot.desk.models.base import Base, UtcDateTime


class ConversationBuyer(Base):
    """The buyer that the shop has signed in to a conversation.

    The e-mail finds the buyer's orders, also those that are loaded later, so it isn't a reference
    to a buyer who may have none yet. It holds no longer than the chat's session.
    """

    __tablename__ = "conversation_buyers"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    conversation_id = Column(ForeignKey("conversations.id"), primary_key=True)
    email = Column(String(254), nullable=False)
    name = Column(String(60))
    expires_at = Column(UtcDateTime, nullable=False, index=True)


class BuyerToken(Base):
    """A token with an id of its own that started a conversation, and will start no other.

    `digest` is the id's hash; the row goes once the token has expired by itself.
    """

    __tablename__ = "buyer_tokens"

    digest = Column(String(64), primary_key=True)
    conversation_id = Column(ForeignKey("conversations.id"), nullable=False)
    expires_at = Column(UtcDateTime, nullable=False, index=True)

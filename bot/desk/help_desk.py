"""What a shop's help desk is told by webhook (docs/webhook.md, docs/webhook.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from sqlalchemy.orm import Session

from bot.desk.context import Context
from bot.desk.models import HandOff, Order, SellerMessage
from bot.desk.outbox import queue
from bot.desk.submissions import Line
from bot.desk.views import EvidenceView
from bot.desk.vocabulary import Channel, MessageKind

VERSION = 1
"""Of the JSON's shape. New fields may come without a new version; none goes or changes."""


def handed_off(
    session: Session,
    context: Context,
    ticket: HandOff,
    transcript: Sequence[Line],
    files: Sequence[EvidenceView],
) -> None:
    """Put a ticket in the outbox for the help desk, when one listens.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        ticket: what was written.
        transcript: what was said, as far as it may be told.
        files: what the buyer brought.
    """
    _put(
        session,
        context,
        MessageKind.HAND_OFF,
        ticket.ticket,
        ticket.created_at,
        {
            "ticket": ticket.ticket,
            "conversation": ticket.conversation_id,
            "buyer": _buyer(ticket.order) if ticket.order else None,
            "order": _order(ticket.order) if ticket.order else None,
            "need": ticket.need,
            "tried": ticket.tried,
            "summary": ticket.summary,
            "transcript": [
                {"who": line.who, "text": line.text, "at": _moment(line.at) if line.at else None}
                for line in transcript
            ],
            "files": [
                {
                    "id": file.id,
                    "name": file.name,
                    "kind": file.kind.value,
                    "bytes": file.bytes,
                    "request": file.request_number,
                }
                for file in files
            ],
        },
    )


def seller_messaged(session: Session, context: Context, message: SellerMessage) -> None:
    """Put a message for a seller in the outbox for the help desk, when one listens."""
    _put(
        session,
        context,
        MessageKind.SELLER_MESSAGE,
        message.number,
        message.created_at,
        {
            "number": message.number,
            "conversation": message.conversation_id,
            "buyer": _buyer(message.order),
            "order": _order(message.order),
            "text": message.text,
        },
    )


def _put(
    session: Session,
    context: Context,
    kind: MessageKind,
    about: str,
    created_at: datetime,
    content: dict[str, Any],
) -> None:
    if context.routes.webhook is None:
        return
    webhook_id = f"msg_{about}"
    told = {
        "version": VERSION,
        "type": kind.value,
        "id": webhook_id,
        "created_at": _moment(created_at),
        **content,
    }
    # Kept as it will be signed and sent, so that every attempt is the same to the byte.
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    queue.put(session, context.now(), Channel.WEBHOOK, webhook_id, kind, about, body)


def _buyer(order: Order) -> dict[str, str]:
    buyer = order.buyer
    return {"name": buyer.name, "email": buyer.email, "locale": buyer.locale}


def _order(order: Order) -> dict[str, Any]:
    return {
        "number": order.number,
        "placed_on": order.placed_on.isoformat(),
        "seller": order.seller.name,
        "country": order.country,
        "currency": order.currency,
        "items": [
            {"reference": item.reference, "title": item.title, "quantity": item.quantity}
            for item in order.items
        ],
    }


def _moment(value: datetime) -> str:
    """Such as "2026-11-23T10:00:00Z"; parts of a second are left out."""
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

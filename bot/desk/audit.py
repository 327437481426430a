"""Who did what, and when."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from bot.desk.context import Context
from bot.desk.models import AuditEntry, Order


def note(
    session: Session,
    context: Context,
    actor: str,
    action: str,
    order: Order | None = None,
    about: str | None = None,
    **details: Any,
) -> None:
    """Add an audit entry to the transaction.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        actor: conversation id, or the command that acts.
        action: what was done, such as "request_filed".
        order: the order concerned.
        about: number of the request, cancellation or ticket.
        details: more, as JSON values.
    """
    session.add(
        AuditEntry(
            at=context.now(),
            actor=actor,
            action=action,
            order_id=order.id if order else None,
            about=about,
            details=details,
        )
    )

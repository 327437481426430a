"""How buyers like their conversations."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot.desk import identity, text
from bot.desk.context import Context
from bot.desk.errors import BadAnswer
from bot.desk.models import Rating

COMMENT_CHARS = 2000


def rate(
    session: Session, context: Context, conversation_id: str, stars: int, comment: str | None
) -> None:
    """Keep a rating; a conversation has one, and the latest stays.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation; it need not have proved an order.
        stars: 1 to 5.
        comment: more in words, kept up to `COMMENT_CHARS` characters.

    Raises:
        BadAnswer: stars that aren't a whole number from 1 to 5.
        IntegrityError: another request was faster; try again.
    """
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise BadAnswer("stars", "invalid")
    identity.conversation(session, context, conversation_id)
    now = context.now()
    rating = session.get(Rating, conversation_id)
    if rating is None:
        rating = Rating(conversation_id=conversation_id, created_at=now)
        session.add(rating)
    rating.stars = stars
    rating.comment = text.plain(comment, COMMENT_CHARS) or None if comment else None
    rating.updated_at = now

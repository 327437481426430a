"""Signed-in buyers: a shop's word on whose a conversation is, and what follows from it.

The word itself, a signed token, is checked by the channel. Here it is kept with the conversation,
never in a slot, and ends with the chat's session. What it opens is the buyer's own orders: by the
same grants that an order number and its e-mail give.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.desk import audit, deciding, identity, orders
from bot.desk.context import Context
from bot.desk.errors import TokenUsed
from bot.desk.models import Buyer, BuyerToken, ConversationBuyer, Order, OrderItem
from bot.desk.submissions import SigningIn
from bot.desk.views import OwnOrderView, SignedInView
from bot.policy.decision import RouteId, Status
from bot.policy.facts import Reason

# Built once: for such short queries, building a statement takes longer than the database.
_OWN = (
    select(Order)
    .join(Order.buyer)
    .join(ConversationBuyer, ConversationBuyer.email == Buyer.email)
    .where(
        ConversationBuyer.conversation_id == bindparam("conversation_id"),
        ConversationBuyer.expires_at > bindparam("now"),
    )
    .order_by(Order.placed_on.desc(), Order.id.desc())
)
_NEWEST = _OWN.with_only_columns(Order.id).limit(bindparam("limit"))
_ONE = _OWN.where(Order.number == bindparam("number")).options(*orders.WHOLE)
_WHOLE = select(Order).where(Order.id.in_(bindparam("ids", expanding=True))).options(*orders.WHOLE)


def sign_in(session: Session, context: Context, signing: SigningIn) -> SignedInView:
    """Let a conversation be the buyer's: the one going on when it is theirs, else the new one.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        signing: what the shop's token says.

    Raises:
        TokenUsed: the token has started another conversation.
    """
    _prune(session, context)
    known = buyer_of(session, context, signing.current) if signing.current else None
    rejoined = known is not None and known.email == signing.email
    conversation_id = signing.current if rejoined and signing.current else signing.fresh
    identity.conversation(session, context, conversation_id)
    if signing.token_id:
        _use(session, context, signing, conversation_id)
    if known and not rejoined and signing.current:
        # Somebody else signs in where that chat was open.
        sign_out(session, signing.current)
    row = session.get(ConversationBuyer, conversation_id)
    if row is None:
        row = ConversationBuyer(conversation_id=conversation_id, email=signing.email)
        session.add(row)
        audit.note(session, context, conversation_id, "buyer_signed_in")
    row.name = signing.name
    row.expires_at = context.now() + timedelta(seconds=signing.seconds)
    return SignedInView(conversation_id, signing.email, signing.name, rejoined)


def sign_out(session: Session, conversation_id: str) -> None:
    """Make a conversation nobody's: neither the shop's word nor anything proved stays with it."""
    session.execute(
        delete(ConversationBuyer).where(ConversationBuyer.conversation_id == conversation_id)
    )
    identity.forget(session, conversation_id)


def buyer_of(session: Session, context: Context, conversation_id: str) -> SignedInView | None:
    """The buyer that the shop has signed in to a conversation, or None."""
    row: ConversationBuyer | None = session.get(ConversationBuyer, conversation_id)
    if row is None or row.expires_at <= context.now():
        return None
    return SignedInView(conversation_id, row.email, row.name, rejoined=True)


def own_orders(
    session: Session, context: Context, conversation_id: str, limit: int
) -> list[OwnOrderView]:
    """The newest orders of the buyer who is signed in; none where nobody is.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: which conversation asks.
        limit: how many at most.
    """
    asked = {"conversation_id": conversation_id, "now": context.now(), "limit": limit}
    ids = list(session.execute(_NEWEST, asked).scalars())
    if not ids:
        return []
    found = session.execute(_WHOLE, {"ids": ids}).unique().scalars()
    ordered = sorted(found, key=lambda order: ids.index(order.id))
    return [
        OwnOrderView(orders.view(session, context, order), _free_returns(session, context, order))
        for order in ordered
    ]


def take_own(session: Session, context: Context, conversation_id: str, number: str) -> Order | None:
    """Let the conversation speak about an order of the buyer who is signed in.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation asks.
        number: the order's, as it is kept.

    Returns:
        The order; None when it isn't this buyer's, is nobody's, or nobody is signed in.
    """
    asked = {"conversation_id": conversation_id, "now": context.now(), "number": number}
    order: Order | None = session.execute(_ONE, asked).unique().scalar_one_or_none()
    if order is not None:
        identity.grant(session, context, conversation_id, order)
    return order


def _use(session: Session, context: Context, signing: SigningIn, conversation_id: str) -> None:
    """Note that a token starts this conversation; only the same one may show it again."""
    digest = hashlib.sha256(str(signing.token_id).encode()).hexdigest()
    used: BuyerToken | None = session.get(BuyerToken, digest)
    if used is None:
        session.add(
            BuyerToken(
                digest=digest,
                conversation_id=conversation_id,
                expires_at=context.now() + timedelta(seconds=signing.token_seconds),
            )
        )
    elif used.conversation_id != conversation_id:
        raise TokenUsed("the token has started another conversation")


def _prune(session: Session, context: Context) -> None:
    for table in (ConversationBuyer, BuyerToken):
        session.execute(delete(table).where(table.expires_at <= context.now()))


def _free_returns(session: Session, context: Context, order: Order) -> frozenset[int]:
    """The items that a buyer who simply doesn't want them may send back by Free Return."""
    return frozenset(
        item.id
        for item in order.items
        if item.free_return_label and _is_free(session, context, order, item)
    )


def _is_free(session: Session, context: Context, order: Order, item: OrderItem) -> bool:
    _, decision = deciding.decide(session, context, order, item, Reason.CHANGE_OF_MIND, {})
    return decision.route(RouteId.FREE_RETURN).status is not Status.CLOSED

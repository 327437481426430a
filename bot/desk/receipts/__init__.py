"""Receipts: everything a buyer said and was told, as plain text.

The words are templates in a folder per language (`en/`), filled in with Jinja. A template's
first line is the subject. A message is written to the outbox in the transaction of what it tells
about, and delivered after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from bot.desk import documents, text
from bot.desk.context import Context
from bot.desk.models import Document, HandOff, HandOffAnswer, Order, SellerMessage
from bot.desk.outbox import queue
from bot.desk.receipts.formats import Formats
from bot.desk.submissions import Line
from bot.desk.time_zones import zone_of
from bot.desk.views import (
    CancellationView,
    EvidenceView,
    RequestView,
    StatementView,
    WithdrawalView,
)
from bot.desk.vocabulary import Channel, MessageKind, RequestStatus, Step
from bot.policy.decision import Citation

if TYPE_CHECKING:
    from bot.desk.filing import Decided

FOLDER = Path(__file__).parent
LANGUAGE = "en"
_TOLD_BY: dict[RequestStatus | Step, tuple[str, ...]] = {
    RequestStatus.RECEIVED: ("F14",),
    RequestStatus.REFUNDED: ("H4",),
    Step.SELLER_ANSWERED: ("H1",),
    Step.PARCEL_SENT: ("F14",),
    Step.QUALITY_CONTROL: ("F14", "H4"),
}
"""Clauses that say what a request's new status means."""


def request_filed(
    session: Session,
    context: Context,
    order: Order,
    request: RequestView,
    decided: Sequence[Decided],
    transcript: Sequence[Line],
) -> None:
    """Put the receipt of a return request in the outbox.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        order: the order.
        request: what was filed.
        decided: its items with their decisions.
        transcript: what was said and told, fit for this buyer's eyes (`transcripts.Telling`).
    """
    book = context.clauses.in_force(order.placed_on)
    steps = ["F8", "F14", "H4"] if request.label else ["H4"] if request.amount_cents else ["H1"]
    _to_buyer(
        session,
        context,
        order,
        MessageKind.REQUEST_FILED,
        request.number,
        request=request,
        link=_link(context, request),
        decided=decided,
        clauses=_cited(one.route.clauses for one in decided),
        next_steps=[book.cite(clause) for clause in steps],
        transcript=transcript,
    )


def order_cancelled(
    session: Session, context: Context, order: Order, cancellation: CancellationView
) -> None:
    """Put the receipt of a cancelled order in the outbox."""
    book = context.clauses.in_force(order.placed_on)
    _to_buyer(
        session,
        context,
        order,
        MessageKind.ORDER_CANCELLED,
        cancellation.number,
        cancellation=cancellation,
        clauses=[book.cite(clause) for clause in ("S1", "H4")],
    )


def handed_off(
    session: Session,
    context: Context,
    ticket: HandOff,
    transcript: Sequence[Line],
    files: Sequence[EvidenceView],
) -> None:
    """Put a conversation's ticket in the outbox, for the people who answer."""
    _put(
        session,
        context,
        MessageKind.HAND_OFF,
        ticket.ticket,
        context.support_email,
        LANGUAGE,
        formats=_support_formats(context),
        ticket=ticket,
        transcript=transcript,
        files=files,
    )


def hand_off_answered(session: Session, context: Context, answer: HandOffAnswer) -> None:
    """Put a person's answer to a ticket in the outbox, where the ticket names the buyer's order."""
    ticket = answer.hand_off
    if ticket.order is None:
        return
    _to_buyer(
        session,
        context,
        ticket.order,
        MessageKind.HAND_OFF_ANSWERED,
        ticket.ticket,
        step=f"answer-{answer.id}",
        ticket=ticket,
        answer=answer,
        support_email=context.support_email,
    )


def seller_messaged(session: Session, context: Context, message: SellerMessage) -> None:
    """Put in the outbox what a buyer has to say to a seller, and the buyer's receipt of it."""
    order = message.order
    book = context.clauses.in_force(order.placed_on)
    _to_buyer(
        session,
        context,
        order,
        MessageKind.SELLER_MESSAGE_KEPT,
        message.number,
        step="receipt",
        message=message,
        clauses=[book.cite("H1")],
    )
    _put(
        session,
        context,
        MessageKind.SELLER_MESSAGE,
        message.number,
        context.support_email,
        LANGUAGE,
        formats=_support_formats(context),
        message=message,
        order=order,
    )


def request_advanced(
    session: Session,
    context: Context,
    order: Order,
    request: RequestView,
    reached: RequestStatus | Step,
) -> None:
    """Tell a buyer in the outbox what a return request has reached."""
    book = context.clauses.in_force(order.placed_on)
    _to_buyer(
        session,
        context,
        order,
        MessageKind.REQUEST_ADVANCED,
        request.number,
        step=reached.value,
        reached=reached.value,
        request=request,
        link=_link(context, request),
        clauses=[book.cite(clause) for clause in _TOLD_BY.get(reached, ())],
        now=context.now(),
        support_email=context.support_email,
    )


def _link(context: Context, request: RequestView) -> str:
    """The address of the request's page; "" where the public address isn't known."""
    return context.request_links.in_mail(request.number) if context.request_links else ""


def withdrawal_statement(context: Context, order: Order, stated: StatementView) -> str:
    """A statement of withdrawal in full, as the buyer reads it before sending it."""
    template = _environment(LANGUAGE).get_template("withdrawal_statement.txt.j2")
    return template.render(
        stated=stated, order=order, formats=_withdrawal_formats(context, order)
    ).strip()


def withdrawal_document(context: Context, order: Order, withdrawal: WithdrawalView) -> bytes:
    """The confirmation of a withdrawal, as PDF."""
    return documents.render(
        "withdrawal",
        about=withdrawal.number,
        at=withdrawal.received_at,
        withdrawal=withdrawal,
        order=order,
        formats=_withdrawal_formats(context, order),
    )


def withdrawal_received(
    session: Session, context: Context, order: Order, withdrawal: WithdrawalView, document: Document
) -> None:
    """Put the confirmation of a withdrawal in the outbox, and tell the people who answer.

    The order's own address always gets one: nobody withdraws from somebody else's contract in
    silence. The other one is where the buyer asked for it to go.
    """
    buyer = order.buyer.email
    others = [("", withdrawal.email)] + ([("copy", buyer)] if withdrawal.email != buyer else [])
    kinds = [(MessageKind.WITHDRAWAL, step, to) for step, to in others]
    kinds.append((MessageKind.WITHDRAWAL_NOTICE, "notice", context.support_email))
    for kind, step, recipient in kinds:
        _put(
            session,
            context,
            kind,
            withdrawal.number,
            recipient,
            LANGUAGE,
            step,
            document,
            withdrawal=withdrawal,
            order=order,
            formats=_withdrawal_formats(context, order),
            is_copy=step == "copy",
            support_email=context.support_email,
        )


def _withdrawal_formats(context: Context, order: Order) -> Formats:
    locale = Locale.parse(context.clauses.texts.locale)
    return Formats(locale, zone_of(order.country, order.region, context.shop_time_zone))


def _support_formats(context: Context) -> Formats:
    return Formats(Locale.parse(LANGUAGE), zone_of("", None, context.shop_time_zone))


def _cited(routes: Iterable[Sequence[Citation]]) -> list[Citation]:
    return list({citation.id: citation for clauses in routes for citation in clauses}.values())


def _to_buyer(
    session: Session,
    context: Context,
    order: Order,
    kind: MessageKind,
    about: str,
    step: str = "",
    **values: Any,
) -> None:
    locale = _locale(order.buyer.locale)
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    _put(
        session,
        context,
        kind,
        about,
        order.buyer.email,
        locale.language,
        step,
        formats=Formats(locale, zone),
        order=order,
        **values,
    )


def _put(
    session: Session,
    context: Context,
    kind: MessageKind,
    about: str,
    recipient: str,
    language: str,
    step: str = "",
    document: Document | None = None,
    **values: Any,
) -> None:
    """Put a message in the outbox; `step` tells several about one thing apart."""
    template = _environment(language).get_template(f"{kind.value}.txt.j2")
    subject, _, body = template.render(texts=context.clauses.texts, **values).partition("\n")
    name = f"{about}.{step}" if step else about
    domain = context.routes.mail_from.rpartition("@")[2].strip(" >")
    queue.put(
        session,
        context.now(),
        Channel.MAIL,
        f"<{name}@{domain}>",
        kind,
        about,
        body.strip() + "\n",
        recipient=recipient,
        subject=text.one_line(subject, 300),
        document=document,
    )


def _locale(name: str) -> Locale:
    """The buyer's locale where there are words in its language, else English."""
    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(LANGUAGE)
    return locale if (FOLDER / locale.language).is_dir() else Locale.parse(LANGUAGE)


@lru_cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / language),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Plain text: HTML entities would be wrong in it.
        autoescape=False,  # noqa: S701
    )
    environment.filters["one_line"] = lambda value: text.one_line(value, 500)
    return environment

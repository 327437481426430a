"""Receipts: everything a buyer said and was told, as plain text.

The words are templates in a folder per language (`en/`), filled in with Jinja. A template's
first line is the subject. A message is written to the outbox in the transaction of what it tells
about, and delivered after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale, UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.orm import Session

from bot.desk import text
from bot.desk.context import Context
from bot.desk.models import HandOff, Order, OutboxMessage
from bot.desk.receipts.formats import Formats
from bot.desk.submissions import Line
from bot.desk.time_zones import zone_of
from bot.desk.views import CancellationView, RequestView
from bot.desk.vocabulary import MessageKind
from bot.policy.decision import Citation

if TYPE_CHECKING:
    from bot.desk.filing import Decided

FOLDER = Path(__file__).parent
LANGUAGE = "en"
LINES_MAX = 500
LINE_CHARS = 4000
_PAYLOAD = re.compile(r"/[\w/]+(\s*\{.*\})?", re.DOTALL)


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
        transcript: what was said and told.
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
        decided=decided,
        clauses=_cited(one.route.clauses for one in decided),
        next_steps=[book.cite(clause) for clause in steps],
        transcript=clean_transcript(transcript),
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
    session: Session, context: Context, ticket: HandOff, transcript: Sequence[Line]
) -> None:
    """Put a conversation's ticket in the outbox, for the people who answer."""
    formats = Formats(Locale.parse(LANGUAGE), zone_of("", None, context.shop_time_zone))
    _put(
        session,
        context,
        MessageKind.HAND_OFF,
        ticket.ticket,
        context.support_email,
        LANGUAGE,
        formats=formats,
        ticket=ticket,
        transcript=transcript,
    )


def clean_transcript(transcript: Sequence[Line]) -> tuple[Line, ...]:
    """The last lines of a chat, as plain text of a bounded length.

    What a tapped button sent, such as ``/affirm{"confirm": "..."}``, isn't something that was said
    and is left out; what a buyer types never starts with a slash here.
    """
    said = [
        line
        for line in transcript
        if line.who == "assistant" or not _PAYLOAD.fullmatch(line.text.strip())
    ]
    return tuple(
        replace(line, who=text.one_line(line.who, 20), text=text.plain(line.text, LINE_CHARS))
        for line in said[-LINES_MAX:]
    )


def _cited(routes: Iterable[Sequence[Citation]]) -> list[Citation]:
    return list({citation.id: citation for clauses in routes for citation in clauses}.values())


def _to_buyer(
    session: Session,
    context: Context,
    order: Order,
    kind: MessageKind,
    about: str,
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
    **values: Any,
) -> None:
    template = _environment(language).get_template(f"{kind.value}.txt.j2")
    subject, _, body = template.render(texts=context.clauses.texts, **values).partition("\n")
    domain = context.mail_from.rpartition("@")[2].strip(" >")
    session.add(
        OutboxMessage(
            message_id=f"<{about}@{domain}>",
            kind=kind.value,
            about=about,
            recipient=recipient,
            subject=text.one_line(subject, 300),
            body=body.strip() + "\n",
            created_at=context.now(),
        )
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

"""The pre-paid return label with the return form, as PDF (F8, F11).

One label goes on one parcel: the form lists the items of all requests that share it. The desk knows
no street, so the sender's lines are to be filled in by hand; where the shop hasn't told the
warehouse's address, the label says so.
"""

from __future__ import annotations

import hashlib

import pycountry
from babel import Locale
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import documents, request_files, requests
from bot.desk.context import Context
from bot.desk.models import Order, ReturnRequest
from bot.desk.receipts.formats import Formats
from bot.desk.time_zones import zone_of
from bot.desk.views import DocumentView


def document(session: Session, context: Context, number: str) -> DocumentView | None:
    """The label of the request with this public number, or None when there is none to use."""
    request = request_files.find(session, number)
    if request is None or not request_files.label_holds(request):
        return None
    order, label = request.order, request.label
    content = documents.render(
        "return_label",
        about=label.number,
        at=label.created_at,
        label=label,
        order=order,
        sender=_sender(context, order),
        receiver=context.return_address,
        requests=[requests.view(session, one) for one in _in_the_parcel(session, request)],
        texts=context.clauses.texts,
        formats=_formats(context, order),
        rule=context.clauses.in_force(order.placed_on).cite("F8"),
        support_email=context.support_email,
    )
    return DocumentView(
        file_name=f"{label.number}.pdf",
        media_type=documents.MEDIA_TYPE,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _in_the_parcel(session: Session, request: ReturnRequest) -> list[ReturnRequest]:
    """All requests that go with the label and wait for the parcel, oldest first."""
    sharing = select(ReturnRequest).where(ReturnRequest.label_id == request.label_id)
    found = session.execute(sharing.order_by(ReturnRequest.id).options(*requests.WHOLE)).scalars()
    return [one for one in found if request_files.label_holds(one)]


def _sender(context: Context, order: Order) -> list[str]:
    """The last lines of the sender's address, as far as the order has them."""
    country = pycountry.countries.get(alpha_2=order.country)
    place = " ".join(filter(None, (order.postal_code, order.region)))
    names = Locale.parse(context.clauses.texts.locale).territories
    named = str(names.get(order.country) or getattr(country, "name", order.country))
    return [place, named] if place else [named]


def _formats(context: Context, order: Order) -> Formats:
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    return Formats(Locale.parse(context.clauses.texts.locale), zone)

"""The receipt of a return request as PDF: what was filed, and why, on the day of filing.

The mailed receipt also holds what was said and a link that opens the page for months; this one,
which whoever has a page's address can have, holds neither.
"""

from __future__ import annotations

import hashlib

from babel import Locale
from sqlalchemy.orm import Session

from bot.desk import documents, request_files, requests
from bot.desk.context import Context
from bot.desk.receipts.formats import Formats
from bot.desk.time_zones import zone_of
from bot.desk.views import DocumentView, RequestView


def document(session: Session, context: Context, number: str) -> DocumentView | None:
    """The receipt of the request with this public number, or None when there is no such request."""
    found = request_files.find(session, number)
    if found is None:
        return None
    request, order = requests.view(session, found), found.order
    zone = zone_of(order.country, order.region, context.shop_time_zone)
    taken = _taken(request)
    cited = {clause["id"]: clause for route in taken for clause in route["clauses"]}
    content = documents.render(
        "request_receipt",
        about=request.number,
        at=request.filed_at,
        request=request,
        order=order,
        texts=context.clauses.texts,
        formats=Formats(Locale.parse(context.clauses.texts.locale), zone),
        reasons=[finding for route in taken for finding in route["findings"]],
        clauses=list(cited.values()),
    )
    return DocumentView(
        file_name=f"{request.number}.pdf",
        media_type=documents.MEDIA_TYPE,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _taken(request: RequestView) -> list[dict]:
    """The way that was taken, as it was decided, item by item; none where it isn't kept."""
    decided = (request.decision or {"items": []})["items"]
    routes = [route for item in decided for route in item["decision"]["routes"]]
    return [route for route in routes if route["id"] == request.route.value]

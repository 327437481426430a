"""A return request as its page shows it: everything in words, in the order of the page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from bot.desk import MilestoneView, RequestFileView, RequestStatus, RequestView
from bot.desk.receipts.formats import Formats
from bot.policy import Clauses
from bot.policy.decision import RouteId
from bot.request_words import status_words, told_by, what_comes_next
from bot.words import label

_TONES = {
    RequestStatus.REFUNDED: "good",
    RequestStatus.REFUSED: "care",
    RequestStatus.WITHDRAWN: "rest",
}
_STATED = frozenset({RouteId.EU_WITHDRAWAL, RouteId.BR_REGRET})
"""Ways that begin with a statement by law, which stays when the request is taken back."""


def facts_of(file: RequestFileView, clauses: Clauses) -> dict[str, Any]:
    """What fills the page's template.

    Args:
        file: the request.
        clauses: the shop's clauses, of any day.
    """
    request, order = file.request, file.order
    formats = formats_of(file, clauses)
    book = clauses.in_force(order.placed_on)
    return {
        "request": request,
        "order": order,
        "state": _sentence(status_words(request)),
        "tone": _TONES.get(request.status, "open"),
        "next": what_comes_next(request),
        "next_clauses": [book.cite(id_) for id_ in told_by(request)],
        "milestones": [_milestone(one, formats) for one in file.milestones],
        "can_withdraw": file.can_withdraw,
        "label_holds": file.label_holds,
        "filed": f"{_day(request.filed_at, formats)}, {formats.time(request.filed_at)}",
        "placed": formats.weekday(order.placed_on),
        "last_day": formats.weekday(request.last_day) if request.last_day else "",
        "items": _items(request, clauses),
        "route": clauses.texts.routes[request.route],
        "remedy": _sentence(clauses.texts.remedies[request.remedy]),
        "amount": _amount(request, formats),
        "method": label("refund", request.refund_method.value),
        "paid_by": clauses.texts.paid_by[request.return_paid_by.value],
        "has_statement": request.route in _STATED,
        **_decided(request, clauses),
    }


def formats_of(file: RequestFileView, clauses: Clauses) -> Formats:
    """How the page writes days, on the buyer's clock."""
    return Formats(Locale.parse(clauses.texts.locale), ZoneInfo(file.order.time_zone))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _day(at: datetime, formats: Formats) -> str:
    return formats.weekday(at.astimezone(formats.zone).date())


def _milestone(milestone: MilestoneView, formats: Formats) -> dict[str, Any]:
    at = milestone.at
    return {
        "step": milestone.step.value,
        "at": at.astimezone(formats.zone).isoformat(timespec="minutes") if at else "",
        "day": _day(at, formats) if at else "",
    }


def _items(request: RequestView, clauses: Clauses) -> list[dict[str, Any]]:
    return [
        {
            "title": item.title,
            "quantity": item.quantity,
            "reason": clauses.texts.reasons[item.reason].label,
        }
        for item in request.items
    ]


def _amount(request: RequestView, formats: Formats) -> str:
    if request.amount_cents is None:
        return ""
    return formats.money(request.amount_cents, request.currency)


def _decided(request: RequestView, clauses: Clauses) -> dict[str, Any]:
    """What decided it, item by item, as it was on that day; nothing when it isn't kept."""
    found: list[dict[str, Any]] = []
    cited: dict[str, dict[str, str]] = {}
    wanted: dict[str, str] = {}
    for item in (request.decision or {"items": []})["items"]:
        for route in item["decision"]["routes"]:
            if route["id"] != request.route.value:
                continue
            found.append({"title": item["title"], "findings": route["findings"]})
            cited |= {clause["id"]: clause for clause in route["clauses"]}
            wanted |= {id_: clauses.texts.evidence[id_] for id_ in route["evidence"]}
    return {"decided": found, "clauses": list(cited.values()), "wanted": list(wanted.values())}

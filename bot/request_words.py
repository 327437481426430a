"""What the chat and the request's page both say about a return request."""

from __future__ import annotations

from bot.desk import RequestStatus, RequestView, Step
from bot.policy import load_clauses
from bot.policy.wording import long_date
from bot.words import label, say

_CLAUSES: dict[str, tuple[str, ...]] = {
    "submitted": ("H2", "H4"),
    "seller_answered": ("H1", "H4"),
    "parcel_sent": ("F14",),
    "received": ("F14",),
    "quality_control": ("F14", "H4"),
    "refunded": ("H4", "F14"),
    "refused": ("P2", "S3"),
    "withdrawn": ("H2",),
}
_SINCE: dict[RequestStatus, tuple[Step, ...]] = {
    RequestStatus.SUBMITTED: (Step.SELLER_ANSWERED, Step.PARCEL_SENT),
    RequestStatus.RECEIVED: (Step.QUALITY_CONTROL,),
}
"""What can happen while a request stands there, in its order."""
_OF_A_LABEL = ("F8", "F14")
"""What a request with a pre-paid label rests on while it waits for the parcel."""


def status_words(request: RequestView) -> str:
    """How the request stands, such as "refunded"; not a whole sentence."""
    if request.status is RequestStatus.SUBMITTED and request.needs_review:
        return label("status", "reviewed")
    if _waits_for_parcel(request):
        return label("status", "waiting_for_parcel")
    return label("status", _stands(request))


def what_comes_next(request: RequestView) -> str:
    """What comes next, and until when; where the page names no time it says so."""
    if not _waits_for_parcel(request) or request.label is None:
        method = label("refund", request.refund_method.value)
        return say(f"utter_next_{_stands(request)}", refund_method=method)
    name = "utter_next_shared_label" if request.label.shared else "utter_next_label"
    told = say(name, label=request.label.number)
    if request.last_day is None:
        return told
    last_day = long_date(request.last_day, load_clauses().texts.locale)
    return f"{told} {say('utter_next_until', last_day=last_day)}"


def told_by(request: RequestView) -> tuple[str, ...]:
    """Ids of the program's clauses that say what comes next."""
    if not _waits_for_parcel(request):
        return _CLAUSES[_stands(request)]
    is_shared = request.label is not None and request.label.shared
    return ("F11", *_OF_A_LABEL) if is_shared else _OF_A_LABEL


def _waits_for_parcel(request: RequestView) -> bool:
    is_submitted = request.status is RequestStatus.SUBMITTED
    is_sent = Step.PARCEL_SENT in request.steps
    return is_submitted and request.label is not None and not is_sent


def _stands(request: RequestView) -> str:
    """The request's status, or the last step that the shop has told of since."""
    for step in reversed(_SINCE.get(request.status, ())):
        if step in request.steps:
            return step.value
    return request.status.value

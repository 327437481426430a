"""Photos, videos and documents that the buyer adds to the chat: before, during and after a filing.

The desk keeps them by the conversation's id, whatever slots say. `files_told` only counts what the
buyer was last told of, and `filed_here` names the requests of this conversation, so that what comes
later finds its request. Source: H2 (upload information).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions import reading
from actions.resources import get_desk
from actions.talk import Talk
from bot.desk import EvidenceView, RequestEnded, RequestView, TooManyFiles, UnknownEvidence
from bot.desk.vocabulary import RequestStatus
from bot.evidence_links import evidence_links
from bot.settings import get_settings
from bot.words import say

GIVE_EVIDENCE = "give_evidence"
"""The intent of the tap that the browser sends once files have arrived; nobody types it."""
LEAVE_OUT, ALL, NEW = "leave_out", "all", "new"
FILING = "file_return_form"
_SHOWN = 6
"""Files that a card or a question shows one by one."""
_ENDED = frozenset({RequestStatus.REFUNDED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN})

_FILE = (
    r"(?:photos?|pictures?|pics?|images?|screenshots?|videos?|clips?|files?|pdfs?|attachments?)\b"
    # What a shop sells isn't evidence.
    r"(?! (?:frames?|games?|albums?|cards?|players?|cabinets?|cameras?|books?|printers?|papers?)\b)"
)
_HAVE_ADDED = (
    r"(?:.ve| have)? (?:just |already |now )?(?:attached|uploaded|added|sent|included|enclosed)"
)
_ATTACHED = re.compile(
    rf"\b(?:i|we){_HAVE_ADDED}(?: \w+){{0,4}} {_FILE}"
    rf"|\b{_FILE} (?:that )?(?:i|we){_HAVE_ADDED}\b"
    rf"|\b{_FILE}(?: \w+){{0,3}} (?:attached|uploaded|enclosed)\b"
    rf"|\bhere(?:.s| is| are)(?: \w+){{0,2}} {_FILE}"
    rf"|(?:^|[,.;:(-] ?|please )see(?: \w+){{0,2}} {_FILE}"
    r"|\b(?:see|find|am|are|is) (?:it )?(?:attached|enclosed)\b|^\W*(?:attached|uploaded)\W*$"
    r"|\b(?:can|could|may|should|do|will|would|want to|let me|like to|i.ll)(?: i| we)?(?: \w+)?"
    rf" (?:attach|upload|add|send)\b(?: (?!me\b)\w+){{0,4}} {_FILE}"
    r"|\b(?:how|where)(?: \w+){0,3} (?:attach|upload)\b"
    rf"|\b(?:did|have|do) you (?:get|got|receive|received|see|have)(?: \w+){{0,2}} {_FILE}",
    re.I,
)
"""Says that a file is there, or asks how to add one."""
_CANT = (
    r"(?:can.?t|can ?not|couldn.?t|could not|unable to|not able to|won.?t let me|doesn.?t let me|"
    r"(?:do not|don.?t) know how to|no way to)"
)
_TROUBLE = re.compile(
    rf"\b{_CANT}(?: \w+){{0,3}} (?:upload|attach)\w*"
    rf"|\b{_CANT}(?: \w+){{0,3}} (?:add|send|take|make)(?: \w+){{0,3}} {_FILE}"
    rf"|\b(?:uploads?|uploading|attaching)(?: \w+){{0,4}} "
    r"(?:does ?n.?t work|did ?n.?t work|isn.?t working|not working|fails|failed|won.?t work)"
    r"|\b(?:i|we) (?:have no|don.?t have a) camera\b",
    re.I,
)
_LEAVE_OUT = re.compile(
    rf"\b(?:leave|take|keep)(?: \w+){{0,3}} (?P<kept>{_FILE})(?: \w+){{0,2}} (?:out|off|away)\b"
    rf"|\b(?:leave|take) (?:out|off|away)(?: \w+){{0,3}} (?P<left>{_FILE})"
    rf"|\b(?:remove|delete|drop|erase)(?: \w+){{0,3}} (?P<removed>{_FILE})"
    rf"|\bwithout (?:the|my|that|those|any)(?: \w+)? (?P<without>{_FILE})",
    re.I,
)


def given(talk: Talk) -> tuple[EvidenceView, ...]:
    """The files of this conversation that belong to no request yet; asked for once a turn."""
    if GIVE_EVIDENCE not in talk.looked_up:
        talk.looked_up[GIVE_EVIDENCE] = get_desk().evidence_of(talk.conversation_id)
    files: tuple[EvidenceView, ...] = talk.looked_up[GIVE_EVIDENCE]
    return files


def told(files: Sequence[EvidenceView]) -> str:
    """Files in words: "2 photos, 1 video"."""
    parts = []
    for kind in dict.fromkeys(file.kind.value for file in files):
        count = sum(file.kind.value == kind for file in files)
        parts.append(say(f"utter_client_{kind}{'' if count == 1 else 's'}", n=count))
    return ", ".join(parts)


def cards_of(files: Sequence[EvidenceView]) -> list[dict[str, Any]]:
    """Files as a card shows them, see docs/channel.md."""
    links = evidence_links(get_settings())
    return [
        {
            "kind": file.kind.value,
            "name": file.name,
            "thumbnail": links.thumbnail(file.id).lstrip("/"),
        }
        for file in files[:_SHOWN]
    ]


def hears(talk: Talk, *, is_free_text: bool = False) -> bool:
    """Takes what a message says of files inside a dialogue, whatever its question is.

    Args:
        talk: the turn.
        is_free_text: whether any text is an answer to the question.

    Returns:
        Whether it was about files; the dialogue then asks its question again.
    """
    if talk.is_tap and talk.intent == GIVE_EVIDENCE:
        receive(talk)
    elif is_free_text or not (_leaves_out(talk) or (_is_asked(talk) and _tells_of_trouble(talk))):
        return False
    # A slot event keeps the form in charge.
    talk.set("misses", talk.get("misses") or 0)
    return True


def receive(talk: Talk) -> None:
    """Says what has arrived and what becomes of it."""
    if _is_asked(talk):
        _count(talk, silent=bool(given(talk)))
        return
    if _is_for_a_filing(talk) or not given(talk):
        _count(talk)
        return
    requests = open_requests(talk)
    chosen = reading.choice(talk, *(request.number for request in requests), NEW)
    if chosen and chosen != NEW:
        attach(talk, chosen)
    elif len(requests) == 1 and not chosen:
        attach(talk, requests[0].number)
    elif requests and not chosen:
        _ask_which(talk, requests)
    else:
        _count(talk)


def open_requests(talk: Talk) -> list[RequestView]:
    """Requests that files can still go to: this conversation's own, else those of its orders."""
    desk = get_desk()
    found = [
        request
        for order in desk.verified_orders(talk.conversation_id)
        for request in desk.requests(talk.conversation_id, order.number)
        if request.status not in _ENDED
    ]
    own = talk.get("filed_here") or ()
    return [request for request in found if request.number in own] or found


def attach(talk: Talk, number: str) -> None:
    """Adds the files to a request that was filed before, and tells the buyer."""
    files = given(talk)
    try:
        get_desk().add_evidence(talk.conversation_id, number, [file.id for file in files])
    except RequestEnded:
        talk.say("utter_files_request_ended", request_number=number)
    except TooManyFiles as error:
        talk.say("utter_files_too_many", limit=error.limit)
    else:
        talk.clear("files_told")
        talk.say("utter_files_attached", files=told(files), request_number=number)


def note_filed(talk: Talk, number: str) -> None:
    """Remembers a request that was filed here, with all files that were there."""
    talk.set("filed_here", [*(talk.get("filed_here") or ()), number])
    talk.clear("files_told")


def says_attached(talk: Talk) -> bool:
    """Whether a message says that a file is attached, or asks how that is done."""
    return not talk.is_tap and bool(_ATTACHED.search(talk.text)) and not reading.links(talk)


def explains(talk: Talk) -> bool:
    """Tells how to add files to who speaks of one that isn't there, or can't add it.

    Returns:
        Whether the message was about that.
    """
    if _tells_of_trouble(talk):
        return True
    if not says_attached(talk):
        return False
    if given(talk):
        talk.say("utter_files_are_here", files=told(given(talk)))
        return True
    having = [request for request in open_requests(talk) if request.files]
    if having:
        files, number = told(having[-1].files), having[-1].number
        talk.say("utter_files_of_request", files=files, request_number=number)
    else:
        talk.say("utter_how_to_attach")
    return True


def ask_what_to_leave_out(talk: Talk) -> None:
    """Offers each file to be left out; where there are many, only all of them."""
    files = given(talk)
    several = files[:_SHOWN] if 1 < len(files) <= _SHOWN else ()
    titles = [(say("utter_label_leave_out", file=file.name), file.id) for file in several]
    titles.append((say("utter_label_leave_out_all"), ALL))
    buttons = [
        {"title": title, "payload": f'/correct_answer{{"choice": "{LEAVE_OUT}:{key}"}}'}
        for title, key in titles
    ]
    buttons.append({"title": say("utter_label_keep_files"), "payload": f"/{GIVE_EVIDENCE}"})
    custom = {"card": {"type": "attach", "files": cards_of(files)}}
    talk.say("utter_ask_leave_out", buttons=buttons, custom=custom, files=told(files))
    if talk.get("requested_slot") == "confirm":
        # The summary isn't repeated right below.
        talk.set("is_changing", True)


def just_said(talk: Talk, name: str) -> bool:
    """Whether a response was said since the buyer's latest message."""
    for event in reversed(talk.tracker.events):
        if event.get("event") == "user":
            return False
        if (event.get("metadata") or {}).get("utter_action") == name:
            return True
    return False


def _is_asked(talk: Talk) -> bool:
    """Whether files are what the dialogue's question is about."""
    return talk.form == FILING and talk.get("requested_slot") == "evidence"


def _is_for_a_filing(talk: Talk) -> bool:
    """Whether a request is being put together, here or in a dialogue that was left."""
    return talk.form == FILING or any(e["form"] == FILING for e in talk.get("left") or ())


def _count(talk: Talk, *, silent: bool = False) -> None:
    """Says how many files there are now, unless the next question does."""
    files, before = given(talk), talk.get("files_told") or 0
    talk.set("files_told", len(files))
    if silent:
        return
    if not files:
        talk.say("utter_files_none")
    elif len(files) < before:
        talk.say("utter_files_fewer", files=told(files))
    else:
        talk.say("utter_files_kept" if talk.form else "utter_files_kept_idle", files=told(files))


def _ask_which(talk: Talk, requests: Sequence[RequestView]) -> None:
    buttons = [
        {
            "title": say("utter_label_request_of", request_number=r.number, items=_items(r)),
            "payload": f'/{GIVE_EVIDENCE}{{"choice": "{r.number}"}}',
        }
        for r in requests
    ]
    buttons.append(
        {
            "title": say("utter_label_new_request"),
            "payload": f'/{GIVE_EVIDENCE}{{"choice": "{NEW}"}}',
        }
    )
    talk.say("utter_ask_which_request", buttons=buttons, files=told(given(talk)))


def _items(request: RequestView) -> str:
    return ", ".join(item.title.split(",")[0] for item in request.items)


def _tells_of_trouble(talk: Talk) -> bool:
    if talk.is_tap or not _TROUBLE.search(talk.text):
        return False
    talk.say("utter_upload_trouble" if _is_asked(talk) else "utter_upload_trouble_beside")
    return True


def _leaves_out(talk: Talk) -> bool:
    """Takes files out that the buyer doesn't want to send after all; the desk deletes them."""
    if talk.is_tap:
        tapped = talk.entity("choice") or ""
        if talk.intent == "correct_answer" and tapped == "evidence" and given(talk):
            ask_what_to_leave_out(talk)
            return True
        if not tapped.startswith(f"{LEAVE_OUT}:"):
            return False
        key = tapped.partition(":")[2]
    else:
        found = None if "?" in talk.text else _LEAVE_OUT.search(talk.text)
        if not found or not given(talk):
            return False
        word = next(word for word in found.groupdict().values() if word)
        if not word.lower().endswith("s") and len(given(talk)) > 1:
            ask_what_to_leave_out(talk)
            return True
        key = ALL
    for file in given(talk):
        if key in (ALL, file.id):
            _delete(talk, file)
    del talk.looked_up[GIVE_EVIDENCE]
    _count(talk)
    return True


def _delete(talk: Talk, file: EvidenceView) -> None:
    try:
        get_desk().remove_evidence(talk.conversation_id, file.id)
    except UnknownEvidence:
        # It went meanwhile, in another tab.
        return

"""Giving files to requests: with the filing, or later."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bot.desk import audit, identity, orders
from bot.desk.context import Context
from bot.desk.errors import BadAnswer, NotVerified, RequestEnded, TooManyFiles, UnknownRequest
from bot.desk.evidence import finding
from bot.desk.models import ConversationGrant, EvidenceFile, ReturnRequest
from bot.desk.views import EvidenceView
from bot.desk.vocabulary import RequestStatus

ENDED = {RequestStatus.REFUNDED, RequestStatus.REFUSED, RequestStatus.WITHDRAWN}
_NUMBER = re.compile("[0-9A-Z-]{1,20}")


def open_request(session: Session, conversation_id: str | None, number: str) -> ReturnRequest:
    """A request that files can be added to, while nobody else adds any or moves it.

    Args:
        session: session of a transaction.
        conversation_id: who adds; None on the request's own page, whose key was checked.
        number: the request's public number.

    Raises:
        NotVerified: the conversation hasn't proved its order, or there is no such request.
        UnknownRequest: there is no such request, for its own page.
        RequestEnded: it was refunded, refused or taken back.
    """
    request = find_request(session, conversation_id, number)
    orders.lock(session, request.order)
    session.refresh(request)
    require_open(request)
    return request


def require_open(request: ReturnRequest) -> None:
    """Refuse a request that nothing is added to any more.

    Raises:
        RequestEnded: it was refunded, refused or taken back.
    """
    status = RequestStatus(request.status)
    if status in ENDED:
        raise RequestEnded(request.number, status)


def find_request(session: Session, conversation_id: str | None, number: str) -> ReturnRequest:
    """A request with its order, open or ended; arguments and errors as for `open_request`."""
    wanted = number.strip().upper()
    # What can't be a number finds nothing, like one that isn't there.
    named = select(ReturnRequest).where(
        ReturnRequest.number == (wanted if _NUMBER.fullmatch(wanted) else "")
    )
    if conversation_id is not None:
        named = named.join(
            ConversationGrant, ConversationGrant.order_id == ReturnRequest.order_id
        ).where(ConversationGrant.conversation_id == conversation_id)
    whole = joinedload(ReturnRequest.order).options(*orders.WHOLE)
    request = session.execute(named.options(whole)).unique().scalar_one_or_none()
    if request is None:
        if conversation_id is None:
            raise UnknownRequest(number)
        raise NotVerified("this conversation hasn't proved the request's order")
    found: ReturnRequest = request
    return found


def add(
    session: Session,
    context: Context,
    conversation_id: str,
    request_number: str,
    ids: Sequence[str],
) -> tuple[EvidenceView, ...]:
    """Give files of a conversation to a request that was filed before.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: whose files.
        request_number: the request's public number.
        ids: `EvidenceView.id` of each.

    Raises:
        NotVerified: the conversation hasn't proved the request's order.
        RequestEnded: nothing is added to the request any more.
        TooManyFiles: there is no room for them.
        BadAnswer: an id that is none of this conversation's ("files", "unknown").
    """
    identity.conversation(session, context, conversation_id)
    request = open_request(session, conversation_id, request_number)
    given = attach(session, context, conversation_id, request, ids)
    audit.note(
        session,
        context,
        conversation_id,
        "evidence_added",
        request.order,
        request.number,
        files=[file.public_id for file in given],
    )
    return finding.views(given, request.number)


def attach(
    session: Session,
    context: Context,
    conversation_id: str,
    request: ReturnRequest,
    ids: Sequence[str],
) -> list[EvidenceFile]:
    """Give files of a conversation to a request; a file can be given to several.

    Args:
        session: session of a transaction that holds the request's order.
        context: the desk's tools.
        conversation_id: whose files.
        request: the request.
        ids: `EvidenceView.id` of each; one that stands twice counts once.

    Returns:
        The request's files that the ids name.

    Raises:
        TooManyFiles: there is no room for them.
        BadAnswer: an id that is none of this conversation's ("files", "unknown").
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    mine = _mine(session, conversation_id, wanted)
    has = select(EvidenceFile).where(EvidenceFile.request_id == request.id)
    given = {file.sha256: file for file in session.execute(has).scalars()}
    for id_ in wanted:
        file = mine[id_]
        if file.sha256 in given:
            if file.request_id is None:
                # The request has the very same file, sent once more.
                session.delete(file)
            continue
        given[file.sha256] = _given(session, context, file, request)
    session.flush()
    count = select(func.count()).where(EvidenceFile.request_id == request.id)
    if session.execute(count).scalar_one() > context.evidence.per_request:
        raise TooManyFiles(context.evidence.per_request)
    return [given[mine[id_].sha256] for id_ in wanted]


def _mine(session: Session, conversation_id: str, ids: Sequence[str]) -> dict[str, EvidenceFile]:
    if not all(finding.is_id(id_) for id_ in ids):
        raise BadAnswer("files", "unknown")
    # Locked, so that none is deleted while another row is made of it.
    statement = (
        select(EvidenceFile)
        .where(EvidenceFile.conversation_id == conversation_id, EvidenceFile.public_id.in_(ids))
        .with_for_update()
    )
    found = {file.public_id: file for file in session.execute(statement).scalars()}
    if len(found) < len(ids):
        raise BadAnswer("files", "unknown")
    return found


def _given(
    session: Session, context: Context, file: EvidenceFile, request: ReturnRequest
) -> EvidenceFile:
    if file.request_id is None:
        file.request_id, file.delete_after = request.id, None
        return file
    # It stays with the request that it belongs to; this one gets it too.
    columns = {
        column.name: getattr(file, column.name)
        for column in EvidenceFile.__table__.columns
        if column.name not in ("id", "public_id", "request_id", "delete_after")
    }
    again = EvidenceFile(**columns, public_id=secrets.token_hex(16), request_id=request.id)
    session.add(again)
    return again


def end_with_request(session: Session, context: Context, request: ReturnRequest) -> None:
    """A request has ended: its files go after the days that the settings name.

    Args:
        session: session of the transaction.
        context: the desk's tools.
        request: the request.
    """
    delete_after = context.now() + context.evidence.keep
    for file in request.evidence_files:
        file.delete_after = delete_after

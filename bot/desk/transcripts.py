"""What was said in a conversation, as far as one buyer may be told it again.

One conversation can prove orders of several buyers, such as two people at one computer. What is
written for one of them then leaves out what may be about another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.desk import text
from bot.desk.models import AuditEntry, Buyer, Order
from bot.desk.submissions import Line

LINES_MAX = 500
LINE_CHARS = 4000
LEFT_OUT = "…"
"""Stands for another buyer's order number or e-mail."""

_PAYLOAD = re.compile(r"/[\w/]+(\s*\{.*\})?", re.DOTALL)
# The audit, since a proof that was taken back was still given.
_PROOFS = (
    select(AuditEntry.at, Order.number, Order.buyer_id, Buyer.email)
    .join(Order, Order.id == AuditEntry.order_id)
    .join(Buyer, Buyer.id == Order.buyer_id)
    .where(AuditEntry.actor == bindparam("conversation_id"), AuditEntry.action == "order_verified")
    .order_by(AuditEntry.id)
)


@dataclass(frozen=True)
class _Proof:
    at: datetime
    number: str
    buyer_id: int
    email: str


def clean(transcript: Sequence[Line]) -> tuple[Line, ...]:
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


class Telling:
    """What one buyer may be told of a conversation.

    Where the conversation proved orders of one buyer only, that is all of it. Else it is what was
    said while the last order proved was this buyer's, and other buyers' order numbers and e-mails
    are struck out of it.

    Args:
        session: open session.
        conversation_id: which conversation.
        buyer_id: who it is about; None for nobody who is known.
    """

    def __init__(self, session: Session, conversation_id: str, buyer_id: int | None) -> None:
        found = session.execute(_PROOFS, {"conversation_id": conversation_id})
        self._proofs = [_Proof(*row) for row in found]
        if buyer_id is None and self._proofs:
            # Nobody can tell whose words these are: only the last one's are left.
            buyer_id = self._proofs[-1].buyer_id
        self._buyer_id = buyer_id
        self._others = [proof for proof in self._proofs if proof.buyer_id != buyer_id]

    def lines(self, transcript: Sequence[Line]) -> tuple[Line, ...]:
        """A `clean` transcript, as far as it may be told."""
        lines = clean(transcript)
        if not self._others:
            return lines
        kept = [line for line in lines if self._is_of_buyer(line)]
        return tuple(replace(line, text=self.words(line.text)) for line in kept)

    def words(self, told: str) -> str:
        """A text with other buyers' order numbers and e-mails struck out."""
        return _pattern(self._others).sub(LEFT_OUT, told) if self._others else told

    def _is_of_buyer(self, line: Line) -> bool:
        """Whether the last order proved when this was said is the buyer's."""
        if line.at is None:
            return False
        before = [proof for proof in self._proofs if proof.at <= line.at]
        return bool(before) and before[-1].buyer_id == self._buyer_id


def _pattern(others: Sequence[_Proof]) -> re.Pattern[str]:
    """Other buyers' order numbers, however spaced, and e-mails."""
    numbers = {r"[\s#-]*".join(map(re.escape, proof.number)) for proof in others}
    return re.compile("|".join(sorted(numbers | {re.escape(p.email) for p in others})), re.I)

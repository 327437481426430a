"""Wrong pairs of order number and e-mail, counted by what they named.

A conversation's own count isn't enough, since a new conversation costs nothing. Whether an order
number or an e-mail exists makes no difference here. What was named is kept as a hash only, and no
longer than the hour it counts for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.desk.context import Context
from bot.desk.models import VerificationMiss

WINDOW = timedelta(hours=1)
"""Counts begin with a subject's first miss and end this much later."""
PRUNED_AT_ONCE = 100

_LOCKED = (
    select(VerificationMiss)
    .where(VerificationMiss.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(VerificationMiss.subject)
    .with_for_update()
)
_OLD = (
    select(VerificationMiss.subject)
    .where(VerificationMiss.since <= bindparam("before"))
    .limit(PRUNED_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_PRUNE = delete(VerificationMiss).where(VerificationMiss.subject.in_(_OLD))


@dataclass(frozen=True)
class Try:
    """One attempt at a pair, counted as a miss until it turns out right.

    Attributes:
        by_number: misses at the order number, this one included.
        by_email: misses with the e-mail, this one included.
        by_pair: this conversation's misses at the order number, this one included.
        by_network: misses from the network address, this one included; None where it isn't known.
    """

    by_number: VerificationMiss
    by_email: VerificationMiss
    by_pair: VerificationMiss
    by_network: VerificationMiss | None = None

    def most(self) -> int:
        """Misses by order number or by e-mail, whichever are more, this one included."""
        return int(max(self.by_number.misses, self.by_email.misses))

    def by_address(self) -> int:
        """Misses from the network address, this one included; 0 where it isn't known."""
        return int(self.by_network.misses) if self.by_network else 0

    def take_back(self, session: Session) -> None:
        """Count this attempt no more, and leave no trace where it was the only one."""
        for row in filter(None, (self.by_number, self.by_email, self.by_pair, self.by_network)):
            row.misses -= 1
            if row.misses == 0:
                session.delete(row)

    def forgive(self, session: Session) -> int:
        """Count no miss of this conversation at this order number; how many there were."""
        forgiven = int(self.by_pair.misses)
        if forgiven:
            session.delete(self.by_pair)
        return forgiven


def count(
    session: Session,
    context: Context,
    conversation_id: str,
    number: str,
    email: str,
    network: str = "",
) -> Try:
    """Count an attempt before it is looked at, so that many at once can't outrun the count.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation tries.
        number: order number as it is kept; "" for what can't be one, which counts against
            nobody but this conversation.
        email: e-mail as it is kept; "" likewise.
        network: what stands for the network address; "" where it isn't known.

    Raises:
        IntegrityError: another request counted the same for the first time; try again.
    """
    subjects = [
        _hash("number", number or conversation_id),
        _hash("email", email or conversation_id),
        _hash("pair", f"{conversation_id} {number}"),
    ]
    if network:
        subjects.append(_hash("network", network))
    found = session.execute(_LOCKED, {"subjects": subjects}).scalars()
    rows = {row.subject: row for row in found}
    now = context.now()
    for subject in sorted(set(subjects) - set(rows)):
        rows[subject] = VerificationMiss(subject=subject, misses=0, since=now)
        session.add(rows[subject])
    for row in rows.values():
        if row.since <= now - WINDOW:
            row.misses, row.since = 0, now
        row.misses += 1
    session.flush()
    return Try(*(rows[subject] for subject in subjects))


def prune(session: Session, context: Context) -> None:
    """Drop counts whose hour is over, but not those that another request works on."""
    before = context.now() - WINDOW
    session.execute(_PRUNE, {"before": before}, execution_options={"synchronize_session": False})


def _hash(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind} {value}".encode()).hexdigest()

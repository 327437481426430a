"""Collects what the clauses say about one route, and makes the route of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.policy.decision import Citation, Finding, PaidBy, Route, RouteId, Status, Told
from bot.policy.facts import Facts
from bot.policy.rulebook import Rulebook

Value = date | str | int | float

_ABOUT_SENDING = frozenset({"cost", "send_back"})


class RouteBuilder:
    """One route while it is being decided.

    A clause that isn't in force says nothing: `close`, `support` and `note` pass over it.

    Attributes:
        id: which route.
        facts: what it is decided from.
        rules: the clauses in force.
        asked_on: day of the question.
        last_day: last day to take it; None when no day is named.
        opens_on: first day on which a closed route opens by itself.
        paid_by: who pays for sending the item back.
        evidence: ids of what to bring.
        remedy: id of what the buyer gets.
    """

    def __init__(self, id_: RouteId, facts: Facts, rules: Rulebook, asked_on: date) -> None:
        """Starts with an open route.

        Args:
            id_: which route.
            facts: what it is decided from.
            rules: the clauses in force.
            asked_on: day of the question.
        """
        self.id = id_
        self.facts = facts
        self.rules = rules
        self.asked_on = asked_on
        self.last_day: date | None = None
        self.opens_on: date | None = None
        self.paid_by = PaidBy.NOT_STATED
        self.evidence: tuple[str, ...] = ()
        self.remedy = rules.texts.routes[id_].remedy
        self._closed: list[Finding] = []
        self._support: list[Finding] = []
        self._notes: list[Finding] = []
        self._changes: list[Finding] = []
        self._missing: dict[str, None] = {}
        self._cited: dict[str, None] = {}
        self._skipped: set[str] = set()

    @property
    def is_closed(self) -> bool:
        """Whether a clause has closed it."""
        return bool(self._closed)

    def close(self, clause: str, code: str, **values: Value) -> None:
        """A clause says no."""
        if self.rules.has(clause):
            self._closed.append(self.rules.say(clause, code, **values))

    def close_not_in_force(self, clause: str, on: date) -> None:
        """A clause that the route rests on doesn't hold for the order's day."""
        finding = self.rules.not_in_force(clause, on)
        self._closed.append(finding)
        self._changes.append(finding)

    def change(self, clause: str, code: str, **values: Value) -> None:
        """What would have changed a no."""
        if self.rules.has(clause):
            finding = self.rules.say(clause, code, **values)
            if finding not in self._changes:
                self._changes.append(finding)

    def support(self, clause: str, code: str, **values: Value) -> None:
        """A clause leaves it to a person."""
        if self.rules.has(clause):
            self._support.append(self.rules.say(clause, code, **values))

    def note(self, clause: str, code: str, **values: Value) -> None:
        """What a clause says about an open route."""
        if self.rules.has(clause):
            self._notes.append(self.rules.say(clause, code, **values))

    def cite(self, *clauses: str) -> None:
        """Clauses that the route as such stands on, cited unless it is closed."""
        self._cited.update(dict.fromkeys(clauses))

    def need(self, path: str) -> None:
        """A fact that it lacks."""
        self._missing[path] = None

    def build(self) -> Route:
        """The route, with the status that follows from what was collected."""
        status, missing = self._status()
        closed = status is Status.CLOSED
        findings = self._closed if closed else self._support + self._notes
        changes = self._changes if closed else []
        return Route(
            id=self.id,
            status=status,
            last_day=None if closed else self.last_day,
            opens_on=self.opens_on if closed else None,
            return_paid_by=self.paid_by,
            remedy=self.remedy,
            evidence=self.evidence,
            findings=tuple(findings),
            would_change=tuple(changes),
            missing=missing,
            clauses=self._citations(findings, changes, closed),
            tells=() if closed else tuple(self._tells()),
        )

    def skip(self, *told: str) -> None:
        """Sentences, as "clause.code", that don't fit these facts and so aren't told."""
        self._skipped.update(told)

    def _tells(self) -> Iterator[Told]:
        nothing_to_send = self.paid_by is PaidBy.NOTHING_TO_RETURN
        for aspect, clause, code in self.rules.told(self.id):
            if nothing_to_send and aspect in _ABOUT_SENDING:
                continue
            if f"{clause}.{code}" not in self._skipped:
                yield Told(aspect, self.rules.say(clause, code), self.rules.cite(clause))

    def _status(self) -> tuple[Status, tuple[str, ...]]:
        if self._closed:
            return Status.CLOSED, ()
        missing = self._missing
        if self._support:
            # A person will ask about the condition; the buyer isn't asked twice.
            missing = {p: None for p in missing if not p.startswith("condition.")}
        if missing:
            order = self.rules.texts.facts
            return Status.NEEDS_INFORMATION, tuple(p for p in order if p in missing)
        return (Status.ASK_SUPPORT if self._support else Status.OPEN), ()

    def _citations(
        self, findings: list[Finding], changes: list[Finding], closed: bool
    ) -> tuple[Citation, ...]:
        ids = dict.fromkeys(f.clause for f in findings)
        ids.update(dict.fromkeys(f.clause for f in changes))
        if not closed:
            ids.update(self._cited)
        return tuple(self.rules.cite(id_) for id_ in ids if self.rules.has(id_) or closed)

"""What a decision says: every route a buyer could take, best first, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum


class RouteId(str, Enum):
    """The ways a buyer can get money back, or a remedy."""

    BUYER_PROTECTION = "buyer_protection"
    FREE_RETURN = "free_return"
    EU_WITHDRAWAL = "eu_withdrawal"
    EU_CONFORMITY = "eu_conformity"
    BR_REGRET = "br_regret"
    BR_WARRANTY = "br_warranty"
    CANCELLATION = "cancellation"
    SELLER_RETURN = "seller_return"


class Status(str, Enum):
    """Whether a route can be taken on the day it is asked."""

    OPEN = "open"
    NEEDS_INFORMATION = "needs_information"
    ASK_SUPPORT = "ask_support"
    """The page leaves it to the seller, the platform or a person: never a "no"."""
    CLOSED = "closed"


class PaidBy(str, Enum):
    """Who pays for sending the item back."""

    NOTHING_TO_RETURN = "nothing_to_return"
    PLATFORM = "platform"
    SELLER = "seller"
    NOT_STATED = "not_stated"
    """The page doesn't say."""
    BUYER = "buyer"


@dataclass(frozen=True)
class Citation:
    """A clause as it stood when it was applied.

    Attributes:
        id: clause id, such as "F1" or "EU-2011/83-9(1)".
        title: what it is about, in a few plain words.
        section: section of the program's page, or act and article.
        quote: the exact words; empty for a law that is only told in our own words.
        plain: what it holds, in our own words.
        act: name of the act; empty for a clause of the program's page.
        article: article and paragraph in the act; likewise.
        url: the official text; likewise.
    """

    id: str
    title: str
    section: str
    quote: str
    plain: str = ""
    act: str = ""
    article: str = ""
    url: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing a clause says about these facts.

    Attributes:
        clause: clause id.
        code: name of the sentence in the clause's data, such as "too_late".
        text: that sentence, filled in, in plain words. Dates stand in it as
            ISO dates in braces-free form in `values`; the chat formats its own.
        values: what was filled in (dates as ISO strings, numbers as they are).
    """

    clause: str
    code: str
    text: str
    values: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One thing to tell about a route, with its source.

    Attributes:
        aspect: what it answers: "cost", "to_do", "send_back", "you_get" or "by_when".
        finding: the sentence.
        citation: the clause that says it.
    """

    aspect: str
    finding: Finding
    citation: Citation


@dataclass(frozen=True)
class Route:
    """One route and its state.

    Attributes:
        id: which route.
        status: open, closed, needs_information or ask_support.
        last_day: last day to take it, in the buyer's calendar; None when no day is named.
        opens_on: first day on which a closed route opens by itself (a late parcel); else None.
        return_paid_by: who pays for sending the item back.
        remedy: id of what the buyer gets ("refund", "repair_or_replacement", ...).
        evidence: ids of what to bring ("photo_of_damage", ...).
        findings: why, most decisive first.
        would_change: what would have changed a "no".
        missing: paths of the facts it lacks, such as "condition.used", in asking order.
        clauses: citations of all clauses that decided it, in order of first use.
        tells: what it costs, what to do, what the buyer gets and by when, in the order of
            telling; empty for a closed route.
    """

    id: RouteId
    status: Status
    last_day: date | None
    opens_on: date | None
    return_paid_by: PaidBy
    remedy: str
    evidence: tuple[str, ...]
    findings: tuple[Finding, ...]
    would_change: tuple[Finding, ...]
    missing: tuple[str, ...]
    clauses: tuple[Citation, ...]
    tells: tuple[Told, ...] = ()


@dataclass(frozen=True)
class Decision:
    """All routes, best first for the buyer.

    Attributes:
        asked_on: the day of the question, in the buyer's calendar.
        routes: every `RouteId` once, best first.
        notes: findings that hold whatever the route (P2, S5, F12, F13).
        flags: clause ids that ask for a person's look, such as "F12"; never a refusal.
        missing: facts that would settle a route, in asking order, each once. Empty when
            nothing more needs asking.
    """

    asked_on: date
    routes: tuple[Route, ...]
    notes: tuple[Finding, ...]
    flags: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def best(self) -> Route | None:
        """The first open route, or None."""
        return next((r for r in self.routes if r.status is Status.OPEN), None)

    def route(self, route_id: RouteId) -> Route:
        """The route with this id."""
        return next(r for r in self.routes if r.id is route_id)

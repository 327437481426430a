"""Words for the ids in a decision, and what the shop's categories are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.policy.decision import RouteId
from bot.policy.facts import Reason, Trait


@dataclass(frozen=True)
class Category:
    """A shop category of S11 and what its items are unless an item says otherwise.

    Attributes:
        name: as the page writes it.
        traits: default traits.
        durable: durable goods (S8); None where the category doesn't tell.
    """

    name: str
    traits: frozenset[Trait]
    durable: bool | None


@dataclass(frozen=True)
class EarlierPeriod:
    """How long an older law of a country made the seller answer for faults.

    Attributes:
        years: years from delivery; None where the law set no fixed end.
        act: name of the country's act.
        article: where in it.
    """

    years: int | None
    act: str
    article: str


@dataclass(frozen=True)
class NationalPeriod:
    """How long one country's law makes the seller answer for faults.

    Attributes:
        years: years from delivery; None where the law sets no fixed end.
        presumed_years: years in which a fault is presumed to have been there at delivery.
        act: name of the country's act.
        article: where in it.
        since: day from which it says so.
        url: its text; may be empty.
        reading: how it is applied; may be empty.
        before: what held before `since`, where that was longer than two years.
        also: another right of the country that may go further, as a sentence; may be empty.
        checked: what the row was compared with; empty when it wasn't.
    """

    years: int | None
    presumed_years: int
    act: str
    article: str
    since: date
    url: str
    reading: str
    before: EarlierPeriod | None
    also: str
    checked: str


@dataclass(frozen=True)
class RouteText:
    """What the chat and the routes' order need to know of a route.

    Attributes:
        name: short name.
        what: what it is, in one line.
        remedy: id of what the buyer gets.
        rests_on: clauses without which there is no such route.
        statutory: whether it is a right by law, beside the program.
        tells: by aspect ("cost", "to_do", ...), the sentences to tell, as "clause.code".
    """

    name: str
    what: str
    remedy: str
    rests_on: tuple[str, ...]
    statutory: bool
    tells: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReasonText:
    """A reason in plain words, and the evidence that goes with it.

    Attributes:
        label: in the buyer's words.
        evidence: ids of what to bring.
    """

    label: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Texts:
    """Words for ids, all from clauses/routes.yml.

    Attributes:
        locale: how dates are written in the sentences, such as "en_GB".
        not_in_force: sentence for a clause that doesn't hold for the order's day.
        routes: by id, in order of preference when all else is equal.
        reasons: by id.
        facts: label by path; their order is the order of asking.
        statuses: label by id.
        paid_by: label by id.
        remedies: label by id.
        evidence: label by id.
        headings: words of the printed decision, by id.
    """

    locale: str
    not_in_force: str
    routes: Mapping[RouteId, RouteText]
    reasons: Mapping[Reason, ReasonText]
    facts: Mapping[str, str]
    statuses: Mapping[str, str]
    paid_by: Mapping[str, str]
    remedies: Mapping[str, str]
    evidence: Mapping[str, str]
    headings: Mapping[str, str]

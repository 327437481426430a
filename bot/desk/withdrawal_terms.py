"""What follows a withdrawal by law: what to send back, what it costs, when the money comes.

The sentences are data (withdrawal_terms.yml); the days and sources are the law's clauses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.desk.vocabulary import Verdict
from bot.policy.decision import Citation, RouteId
from bot.policy.rulebook import Rulebook
from bot.policy.wording import long_date

_FILE = Path(__file__).with_suffix(".yml")
_NO_LAW = "none"
_DAYS = "days"


@dataclass(frozen=True)
class Saying:
    """A sentence, filled in, and the clauses that say so."""

    text: str
    sources: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Terms:
    """What follows one withdrawal.

    Attributes:
        right: the right's name, such as "right of regret".
        basis: the law it rests on.
        sayings: what happens next, in the order of telling.
        send_back_by: last day to send the goods back, where the law names one.
        refund_by: last day of the refund, where the law names one.
    """

    right: str
    basis: tuple[Citation, ...]
    sayings: tuple[Saying, ...]
    send_back_by: date | None
    refund_by: date | None


def terms(
    rules: Rulebook,
    route: RouteId | None,
    verdict: Verdict,
    *,
    stated_on: date,
    last_day: date | None,
    delivered: bool,
    exceptions: Sequence[Saying] = (),
) -> Terms:
    """What follows a withdrawal.

    Args:
        rules: the clauses in force for the contract.
        route: the statutory right; None where none is known.
        verdict: what our dates make of the statement.
        stated_on: its day in the buyer's calendar.
        last_day: the period's last day, when known.
        delivered: whether the buyer has the goods.
        exceptions: what the law says of goods that it may leave out.
    """
    data = _data()
    right = data["routes"][route.value if route else _NO_LAW]
    in_time = verdict is Verdict.IN_TIME
    days = {
        "send_back_by": _after(rules, stated_on, right["send_back_days"]) if delivered else None,
        "refund_by": _after(rules, stated_on, right["refund_days"]),
        "last_day": last_day,
    }
    written = {name: long_date(day, data["locale"]) for name, day in days.items() if day}
    other = "undelivered" if delivered else "delivered"
    sayings = [
        Saying(entry["text"].format(**written), _sources(rules, entry["sources"]))
        for entry in right[verdict.value]
        if entry.get("when") != other
    ]
    # Beside goods in time, exceptions come last; alone, right after what was recorded.
    place = len(sayings) if in_time else 1
    return Terms(
        right=right["name"],
        basis=_sources(rules, right["basis"]),
        sayings=(*sayings[:place], *exceptions, *sayings[place:]),
        send_back_by=days["send_back_by"] if in_time else None,
        refund_by=days["refund_by"] if in_time else None,
    )


def kept(terms: Terms) -> dict[str, Any]:
    """Terms as JSON, so that they stay as they were told."""
    written: dict[str, Any] = json.loads(json.dumps(asdict(terms), default=date.isoformat))
    return written


def told(kept: dict[str, Any]) -> Terms:
    """Terms back from JSON."""
    return Terms(
        right=kept["right"],
        basis=_citations(kept["basis"]),
        sayings=tuple(Saying(one["text"], _citations(one["sources"])) for one in kept["sayings"]),
        send_back_by=_day(kept["send_back_by"]),
        refund_by=_day(kept["refund_by"]),
    )


def _citations(kept: Iterable[dict[str, str]]) -> tuple[Citation, ...]:
    return tuple(Citation(**one) for one in kept)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _after(rules: Rulebook, day: date, clause: str | None) -> date | None:
    if clause is None or not rules.has(clause):
        return None
    return day + timedelta(days=rules.param(clause, _DAYS))


def _sources(rules: Rulebook, ids: list[str]) -> tuple[Citation, ...]:
    return tuple(rules.cite(id_) for id_ in ids if rules.has(id_))


@lru_cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return found

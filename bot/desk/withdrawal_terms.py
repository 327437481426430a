"""What follows a withdrawal by law: what to send back, what it costs, when the money comes.

The sentences and their sources are data (withdrawal_terms.yml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.desk.vocabulary import Verdict
from bot.policy.decision import RouteId
from bot.policy.wording import long_date

_FILE = Path(__file__).with_suffix(".yml")
_NO_LAW = "none"


@dataclass(frozen=True)
class Source:
    """Where a sentence of law stands.

    Attributes:
        id: short name of it here, such as "eu-13".
        act: such as "Directive 2011/83/EU".
        article: such as "art. 13(1)".
        title: what it is about, in a few words.
        url: the official text.
    """

    id: str
    act: str
    article: str
    title: str
    url: str


@dataclass(frozen=True)
class Saying:
    """A sentence, filled in, and where it stands."""

    text: str
    sources: tuple[Source, ...] = ()


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
    basis: tuple[Source, ...]
    sayings: tuple[Saying, ...]
    send_back_by: date | None
    refund_by: date | None


def terms(
    route: RouteId | None,
    verdict: Verdict,
    *,
    stated_on: date,
    last_day: date | None,
    delivered: bool,
) -> Terms:
    """What follows a withdrawal.

    Args:
        route: the statutory right; None where none is known.
        verdict: what our dates make of the statement.
        stated_on: its day in the buyer's calendar.
        last_day: the period's last day, when known.
        delivered: whether the buyer has the goods.
    """
    data = _data()
    right = data["routes"][route.value if route else _NO_LAW]
    in_time = verdict is Verdict.IN_TIME
    send_back_by = _after(stated_on, right["send_back_days"]) if in_time and delivered else None
    refund_by = _after(stated_on, right["refund_days"]) if in_time else None
    days = {"send_back_by": send_back_by, "refund_by": refund_by, "last_day": last_day}
    written = {name: long_date(day, data["locale"]) for name, day in days.items() if day}
    other = "undelivered" if delivered else "delivered"
    return Terms(
        right=right["name"],
        basis=_sources(right["basis"], stated_on),
        sayings=tuple(
            Saying(entry["text"].format(**written), _sources(entry["sources"], stated_on))
            for entry in right[verdict.value]
            if entry.get("when") != other
        ),
        send_back_by=send_back_by,
        refund_by=refund_by,
    )


def _after(day: date, days: int | None) -> date | None:
    return None if days is None else day + timedelta(days=days)


def _sources(ids: list[str], on: date) -> tuple[Source, ...]:
    known: Mapping[str, Any] = _data()["sources"]
    return tuple(
        Source(
            id_, known[id_]["act"], known[id_]["article"], known[id_]["title"], known[id_]["url"]
        )
        for id_ in ids
        if known[id_]["valid_from"] <= on
    )


@lru_cache
def _data() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return found

"""The clauses as this shop has them: what it tells its buyers, beside what the law says."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from bot.policy.clauses_by_day import Clauses
from bot.policy.loader import load_clauses
from bot.settings import Settings

_INFORMED = ("EU-2011/83-10", "informed")


def shop_clauses(settings: Settings) -> Clauses:
    """The program's clauses for one shop; made once for the same settings.

    Args:
        settings: whether and since when the shop tells buyers of the right to withdraw (art. 10 of
            Directive 2011/83/EU). Where they say nothing special, the clause's own value holds.

    Raises:
        BadClauses: with file and line of each problem.
    """
    return _clauses(settings.withdrawal_informed, settings.withdrawal_informed_since)


@lru_cache(maxsize=4)
def _clauses(informed: bool, since: date | None) -> Clauses:
    if not informed:
        return load_clauses().with_values(*_INFORMED, {date.min: False})
    if since is None:
        return load_clauses()
    return load_clauses().with_values(*_INFORMED, {date.min: False, since: True})

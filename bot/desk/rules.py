"""The clauses' parameters that the desk itself acts on."""

from __future__ import annotations

from datetime import date, timedelta

from bot.policy import Clauses


def labels_per_month(clauses: Clauses, on: date) -> int:
    """Pre-paid return labels per buyer and calendar month (F10).

    Args:
        clauses: every version of every clause.
        on: day of the contract.
    """
    return int(clauses.in_force(on).param("F10", "labels_per_month"))


def labels_per_order(clauses: Clauses, on: date) -> int:
    """Labels that one order can get; further requests under it share the last (F11).

    Args:
        clauses: every version of every clause.
        on: day of the contract.
    """
    return int(clauses.in_force(on).param("F11", "labels_per_order"))


def recent(clauses: Clauses, on: date) -> timedelta:
    """How far back return requests count as recent (F12).

    Args:
        clauses: every version of every clause.
        on: day of the contract.
    """
    return timedelta(days=clauses.in_force(on).param("F12", "window_days"))

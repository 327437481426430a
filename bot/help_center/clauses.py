"""The clauses as the help center shows them."""

from __future__ import annotations

from dataclasses import asdict

from bot.policy.loader import load_clauses
from bot.settings import get_settings


def cite(clause_id: str) -> dict[str, str]:
    """A clause's citation as it stands today.

    Args:
        clause_id: such as "F1".

    Returns:
        Its id, title, section of the program's page, and quote.
    """
    today = get_settings().clock().date()
    return asdict(load_clauses().in_force(today).cite(clause_id))

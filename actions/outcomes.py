"""How a dialogue can end without its last action having to say anything, or in a way of its own."""

from __future__ import annotations

FAILED = "failed"
"""The desk couldn't be reached, or something broke."""
LOCKED = "locked"
"""Too many wrong numbers and e-mail addresses."""
ALREADY_DONE = "already_done"
"""An item was filed before, or the order was cancelled."""
DECLINED = "declined"
NO_ROUTE = "no_route"
NOT_HERE = "not_here"
"""The carrier says delivered, and the buyer has nothing."""
NOTHING_CHOSEN = "nothing_chosen"
WITHDRAW = "withdraw"
"""The way that was chosen is a right by law: the withdrawing dialogue goes on."""

SAID_ALREADY = frozenset({FAILED, LOCKED, ALREADY_DONE})
"""Outcomes that the dialogue itself has told."""

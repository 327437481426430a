"""Finds withdrawals that were made before, and gives their confirmation again."""

from __future__ import annotations

from dataclasses import asdict

from actions.resources import get_desk
from actions.talk import Talk
from actions.wording import words_list
from bot.desk import WithdrawalView
from bot.document_links import document_links
from bot.withdrawal_words import received

NEWEST = 3
"""As many are told; more than one of an order is rare."""


def tell_earlier(talk: Talk) -> bool:
    """Says each recorded withdrawal from the proved order, newest first, with its document.

    Returns:
        Whether there is one.
    """
    number = talk.get("order_number")
    found = get_desk().withdrawals(talk.conversation_id, number)
    for withdrawal in found[:NEWEST]:
        _tell(talk, withdrawal)
    return bool(found)


def _tell(talk: Talk, withdrawal: WithdrawalView) -> None:
    goods = (f"{quantity} × {title}" for title, quantity in withdrawal.items)
    talk.say(
        "utter_withdrawal_found",
        custom={
            "card": {"type": "receipt", "request_number": withdrawal.number},
            "citations": [asdict(one) for one in withdrawal.terms.basis],
        },
        attachment=document_links().address(withdrawal.number),
        number=withdrawal.number,
        order_number=withdrawal.order_number,
        received=received(withdrawal),
        email=withdrawal.email,
        items=words_list(goods),
    )

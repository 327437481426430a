"""Ends the withdrawing dialogue: hands in the statement and confirms it at once."""

from __future__ import annotations

from dataclasses import asdict

from rasa_sdk.events import EventType

from actions.file_return import SAID_ALREADY
from actions.forms.filing import DECLINED
from actions.forms.withdrawing import OWN, contract_of, submission
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from bot.desk import AlreadyCancelled, Saying, TooManyWithdrawals, WithdrawalView
from bot.document_links import document_links
from bot.withdrawal_words import last_day, received, reference, what_follows


class ActionWithdraw(SafeAction):
    """Withdraws, once, and says what was received and what follows."""

    action_name = "action_withdraw"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_withdrawn`, or how it stands instead."""
        outcome, confirmed = talk.get("outcome"), talk.get("withdraw_confirm")
        talk.clear("outcome", "misses")
        if outcome in SAID_ALREADY:
            return []
        if outcome == DECLINED:
            _tell_declined(talk)
        elif not confirmed:
            talk.say("utter_nothing_to_confirm")
        else:
            _withdraw(talk)
        talk.clear(*OWN)
        return []


def _withdraw(talk: Talk) -> None:
    key = talk.get("withdraw_key")
    try:
        withdrawal = get_desk().withdraw(talk.conversation_id, submission(talk), key)
    except AlreadyCancelled:
        talk.say("utter_already_cancelled", order_number=talk.get("order_number"))
        return
    except TooManyWithdrawals as error:
        talk.say("utter_withdrawn_too_often", number=error.withdrawal_number)
        return
    talk.set("last_filed", {"key": key, "withdrawal_number": withdrawal.number})
    tell_withdrawal(talk, withdrawal)


def tell_withdrawal(talk: Talk, withdrawal: WithdrawalView) -> None:
    """Confirms a withdrawal: its moment, its number, what follows, and the document."""
    talk.say(
        "utter_withdrawn",
        custom={
            "card": {"type": "receipt", "request_number": withdrawal.number},
            "citations": [asdict(one) for one in withdrawal.terms.basis],
        },
        attachment=document_links().address(withdrawal.number),
        number=withdrawal.number,
        received=received(withdrawal),
        email=withdrawal.email,
        what_follows="\n".join(f"• {_line(one)}" for one in what_follows(withdrawal)),
    )


def _line(saying: Saying) -> str:
    sources = "; ".join(reference(source) for source in saying.sources)
    return f"{saying.text} ({sources})" if sources else str(saying.text)


def _tell_declined(talk: Talk) -> None:
    contract = contract_of(talk)
    if contract.is_open and contract.last_day:
        talk.say("utter_withdraw_declined_until", last_day=last_day(contract))
    else:
        talk.say("utter_withdraw_declined")

"""Ends the withdrawing dialogue: hands in the statement and confirms it at once."""

from __future__ import annotations

from dataclasses import asdict

from rasa_sdk.events import EventType

from actions import identify, threads
from actions.case import current_case
from actions.earlier_withdrawals import tell_earlier
from actions.file_return import go_on_without
from actions.forms.withdrawing import LOOKED_UP, OWN, contract_of, submission
from actions.outcomes import DECLINED, SAID_ALREADY
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
        handed, goods = talk.get("withdraw_handed"), talk.get("withdraw_items") or []
        talk.clear("outcome", "misses", "withdraw_handed")
        if outcome in SAID_ALREADY:
            return []
        events: list[EventType] = []
        if outcome == LOOKED_UP:
            _tell_earlier(talk)
        elif outcome == DECLINED:
            _tell_declined(talk)
            events = _after_a_no(talk, handed)
        elif not confirmed:
            talk.say("utter_nothing_to_confirm")
        elif _withdraw(talk):
            events = _after_a_yes(talk, goods, handed)
        talk.clear(*OWN)
        return events


def _tell_earlier(talk: Talk) -> None:
    if tell_earlier(talk):
        talk.say("utter_withdrawal_found_next")
    else:
        talk.say("utter_withdrawal_none", order_number=talk.get("order_number"))


def _after_a_no(talk: Talk, handed: list[str] | None) -> list[EventType]:
    """Goes on with the filing's other items; alone, what was handed over is kept for later."""
    if handed and set(talk.get("items") or ()) - set(handed):
        return _go_on(talk, handed)
    if handed:
        identify.forget_filing(talk)
    return []


def _after_a_yes(talk: Talk, goods: list[str], handed: list[str] | None) -> list[EventType]:
    """What is withdrawn from isn't filed as well; the filing that handed over goes on."""
    chosen = set(talk.get("items") or ())
    if handed and chosen - set(goods):
        return _go_on(talk, goods)
    if chosen and chosen <= set(goods):
        go_on_without(talk, goods)
        threads.drop_left(talk, "file_return_form", "check_form")
    return []


def _go_on(talk: Talk, without: list[str]) -> list[EventType]:
    events = go_on_without(talk, without)
    case = current_case(talk)
    if case:
        talk.say("utter_about_item", item=case.names)
    return events


def _withdraw(talk: Talk) -> bool:
    """Hands the statement in; says how it went.

    Returns:
        Whether it stands.
    """
    key = talk.get("withdraw_key")
    try:
        withdrawal = get_desk().withdraw(talk.conversation_id, submission(talk), key)
    except AlreadyCancelled:
        talk.say("utter_already_cancelled", order_number=talk.get("order_number"))
        return False
    except TooManyWithdrawals as error:
        talk.say("utter_withdrawn_too_often", number=error.withdrawal_number)
        return True
    talk.set("last_filed", {"key": key, "withdrawal_number": withdrawal.number})
    tell_withdrawal(talk, withdrawal)
    return True


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

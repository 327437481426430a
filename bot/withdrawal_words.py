"""What the chat and the help page both say about a withdrawal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel import Locale

from bot.desk import ContractView, Saying, StatementView, Verdict, WithdrawalView
from bot.desk.receipts.formats import Formats
from bot.policy import load_clauses
from bot.policy.decision import Citation, RouteId
from bot.policy.wording import long_date
from bot.words import say


def period_note(stated: StatementView) -> str:
    """Until when, or what our dates say instead; and a free way back where there is one."""
    contract = stated.contract
    if stated.verdict is Verdict.LATE:
        return say("utter_withdraw_note_late", last_day=last_day(contract))
    if stated.verdict is Verdict.EXCLUDED:
        known = contract.route is not None
        return say("utter_withdraw_note_excluded" if known else "utter_withdraw_note_no_law")
    notes = [in_time_note(contract)]
    if any(item.verdict is Verdict.EXCLUDED for item in stated.items):
        notes.append(say("utter_withdraw_note_mixed"))
    if has_free_return(stated):
        notes.append(say("utter_withdraw_note_free_return"))
    return " ".join(notes)


def in_time_note(contract: ContractView) -> str:
    """Until when a contract in its period can be withdrawn from."""
    if contract.last_day is None:
        return say("utter_withdraw_note_not_begun")
    return say("utter_withdraw_note_in_time", last_day=last_day(contract))


def has_free_return(stated: StatementView) -> bool:
    """Whether the program takes something back at no cost that the law makes the buyer pay for."""
    in_time = stated.verdict is Verdict.IN_TIME
    buyer_pays = stated.contract.route is RouteId.EU_WITHDRAWAL
    return in_time and buyer_pays and any(item.free_return for item in stated.items)


def last_day(contract: ContractView) -> str:
    """The period's last day with its weekday; empty when it isn't known."""
    locale = load_clauses().texts.locale
    return long_date(contract.last_day, locale) if contract.last_day else ""


def received(withdrawal: WithdrawalView) -> str:
    """When a withdrawal was received, to the second, on the buyer's clock."""
    locale = Locale.parse(load_clauses().texts.locale)
    return Formats(locale, ZoneInfo(withdrawal.time_zone)).second(withdrawal.received_at)


def what_follows(withdrawal: WithdrawalView) -> list[Saying]:
    """What happens next, sentence by sentence, with the sources of each."""
    told = list(withdrawal.terms.sayings)
    told += [Saying(say("utter_withdrawn_standing", number=n)) for n in withdrawal.standing]
    if withdrawal.request_number:
        told.append(Saying(say("utter_withdrawn_request", number=withdrawal.request_number)))
    return told


def reference(source: Citation) -> str:
    """Where a sentence stands, such as "Directive 2011/83/EU, art. 13", or the program's clause."""
    return f"{source.act}, {source.article}" if source.act else source.id

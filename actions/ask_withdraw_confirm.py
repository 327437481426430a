"""Shows a statement of withdrawal in full and asks for an explicit confirmation."""

from __future__ import annotations

import json
from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.forms.withdrawing import submission
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date
from bot.desk import Source, StatementView, Verdict
from bot.policy.decision import RouteId
from bot.words import say


class ActionAskWithdrawConfirm(SafeAction):
    """Tells the period, shows the statement; the button carries this statement's own key."""

    action_name = "action_ask_withdraw_confirm"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_withdraw_statement`."""
        stated = get_desk().statement(talk.conversation_id, submission(talk))
        confirm = json.dumps({"confirm": talk.get("withdraw_key")})
        buttons = [{"title": say("utter_withdraw_confirm_button"), "payload": f"/affirm{confirm}"}]
        if len(stated.contract.items) > 1:
            buttons.append(_change("utter_withdraw_items_button", "withdraw_items"))
        buttons += [
            _change("utter_withdraw_name_button", "withdraw_name"),
            _change("utter_withdraw_email_button", "withdraw_email"),
        ]
        if _has_free_return(stated):
            title = say("utter_withdraw_free_return_button")
            buttons.append({"title": title, "payload": "/change_of_mind"})
        no = json.dumps({"choice": "no"})
        buttons.append({"title": say("utter_withdraw_not_now_button"), "payload": f"/deny{no}"})
        talk.say(
            "utter_withdraw_statement",
            buttons=buttons,
            custom={"card": {"type": "summary"}, "citations": basis(stated.terms.basis)},
            note=period_note(stated),
            statement=stated.text,
        )
        return []


def period_note(stated: StatementView) -> str:
    """Until when, or what our dates say instead; and a free way back where there is one."""
    last_day = long_date(stated.contract.last_day) if stated.contract.last_day else ""
    if stated.verdict is Verdict.LATE:
        return say("utter_withdraw_note_late", last_day=last_day)
    if stated.verdict is Verdict.EXCLUDED:
        known = stated.contract.route is not None
        return say("utter_withdraw_note_excluded" if known else "utter_withdraw_note_no_law")
    note = say("utter_withdraw_note_in_time", last_day=last_day)
    if not last_day:
        note = say("utter_withdraw_note_not_begun")
    if any(item.verdict is Verdict.EXCLUDED for item in stated.items):
        note += " " + say("utter_withdraw_note_mixed")
    if _has_free_return(stated):
        note += " " + say("utter_withdraw_note_free_return")
    return note


def basis(sources: Iterable[Source]) -> list[dict[str, str]]:
    """Sources of law as the chat shows citations.

    Args:
        sources: such as a right's `Terms.basis`.
    """
    return [
        {
            "id": f"{source.act}, {source.article}",
            "title": source.title,
            "section": source.act,
            "quote": source.title,
            "url": source.url,
        }
        for source in sources
    ]


def _has_free_return(stated: StatementView) -> bool:
    """Whether the program takes something back at no cost that the law makes the buyer pay for."""
    by_law = stated.verdict is Verdict.IN_TIME
    eu = stated.contract.route is RouteId.EU_WITHDRAWAL
    return eu and by_law and any(item.free_return for item in stated.items)


def _change(title: str, slot: str) -> dict[str, str]:
    return {"title": say(title), "payload": f"/correct_answer{json.dumps({'choice': slot})}"}

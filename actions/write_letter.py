"""Ends the dialogue of the letter: sends it after the explicit yes, or keeps it as a PDF."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.case import decide_item
from actions.forms.letter import NO_CLAIM, OWN, PDF, SEND, claim_of, writing
from actions.identify import known_order
from actions.law import FAULTS, area_of_order, has_arrived
from actions.outcomes import DECLINED, SAID_ALREADY
from actions.resources import get_desk
from actions.rights_answer import answer
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date
from bot.desk import Complaint, OrderView
from bot.document_links import document_links
from bot.policy.decision import RouteId
from bot.policy.facts import Reason


class ActionWriteLetter(SafeAction):
    """Sends once, with the PDF to keep; or says why there is no letter."""

    action_name = "action_write_letter"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the letter's number, or how it stands instead."""
        outcome, choice = talk.get("outcome"), talk.get("letter_choice")
        order = known_order(talk)
        talk.clear("outcome", "misses")
        if outcome not in SAID_ALREADY and order is not None:
            if outcome == NO_CLAIM:
                _tell_no_claim(talk, order)
            elif outcome == DECLINED or choice not in (SEND, PDF):
                talk.say("utter_letter_not_sent")
            else:
                _write(talk, order, choice)
        talk.clear(*OWN)
        return []


def _write(talk: Talk, order: OrderView, choice: str) -> None:
    desk, key = get_desk(), talk.get("letter_key")
    letter = desk.keep_letter(talk.conversation_id, writing(talk), key)
    link = document_links().address(letter.number)
    if choice == PDF:
        talk.say("utter_letter_kept", attachment=link, seller=letter.seller)
        return
    complaint = Complaint(writing(talk).reason, writing(talk).items)
    sent = desk.message_seller(talk.conversation_id, order.number, letter.text, key, complaint)
    talk.set("last_sent", {"key": key, "number": sent.number})
    talk.say(
        "utter_letter_sent",
        attachment=link,
        custom={"card": {"type": "receipt", "request_number": sent.number}},
        seller=sent.seller,
        number=sent.number,
        sent_on=long_date(letter.written_on),
        answer_by=long_date(letter.answer_by),
    )
    route = claim_of(talk, order)
    if route is not None and route.id is RouteId.BR_WARRANTY:
        talk.say("utter_letter_clock")


def _has_come(talk: Talk, order: OrderView) -> bool:
    """Whether the item that the letter is about has come; any item while none is chosen."""
    ids = talk.get("letter_items") or ()
    return any(has_arrived(item) for item in order.items if not ids or str(item.id) in ids)


def _tell_no_claim(talk: Talk, order: OrderView) -> None:
    reason = talk.get("letter_reason")
    if area_of_order(order) is None:
        talk.say("utter_letter_no_law", custom={"citations": ["S5"]})
    elif not _has_come(talk, order) or reason not in {fault.value for fault in FAULTS}:
        talk.say("utter_letter_not_arrived")
    else:
        item = order.item(int(talk.get("letter_items")[0])) or order.items[0]
        told = answer(decide_item(talk, order, item, Reason(reason)), Reason(reason))
        talk.say("utter_letter_no_claim", why=told.text, custom={"citations": told.sources})

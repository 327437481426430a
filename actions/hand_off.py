"""Hands the conversation to a person, with a summary, so that nothing need be repeated."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import threads
from actions.identify import known_order, order_at_hand
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_phone import asks_phone, tell_no_phone
from actions.wording import words_list
from bot.desk import HandOffView, OrderView
from bot.settings import get_settings
from bot.understanding.feelings import is_danger, is_despair
from bot.words import label, say

_IDLE = [ActiveLoop(None), SlotSet("requested_slot", None)]


class ActionHandOff(SafeAction):
    """Opens one ticket per order and need, asks for nothing first, and leaves any dialogue."""

    action_name = "action_hand_off"
    when_desk_is_down = "utter_hand_off_failed"

    def act(self, talk: Talk) -> list[EventType]:
        """Says the ticket's number and what can go on meanwhile."""
        if talk.intent == "ask_human" and asks_phone(talk):
            # No ticket unasked; a dialogue goes on with its question.
            tell_no_phone(talk)
            return []
        order = order_at_hand(talk) if _say_care(talk) else known_order(talk)
        number = order.number if order else None
        need = _need(talk)
        key = f"{number or 'no order'}:{need}"
        ticket = _hand_off(talk, order, need, key)
        tickets = talk.get("tickets") or {}
        again = ticket.ticket in tickets.values()
        talk.set("tickets", {**tickets, key: ticket.ticket})
        name = "utter_handed_off_again" if again else "utter_handed_off"
        talk.say(name, ticket=ticket.ticket, support_url=get_settings().support_url)
        talk.set("served", True)
        talk.clear("misses", "offered")
        if talk.form:
            threads.remember_left(talk, talk.form)
        if not threads.pick_up(talk):
            threads.anything_else(talk)
        return list(_IDLE)

    def values_on_failure(self) -> dict[str, str]:
        """The support page, which needs no desk."""
        return {"support_url": get_settings().support_url}

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Leaves the dialogue; what it knows is kept."""
        return list(_IDLE)


def _say_care(talk: Talk) -> bool:
    """Says what comes before any ticket where somebody is hurt or in despair."""
    despair = not talk.is_tap and is_despair(talk.text)
    danger = not talk.is_tap and is_danger(talk.text)
    if despair or danger:
        talk.say("utter_despair" if despair else "utter_danger")
    return despair or danger


def _need(talk: Talk) -> str:
    """What the ticket is about; every reason to return is one need."""
    need = talk.get("need") or ""
    return "file_return" if threads.is_return(need) else need


def _hand_off(talk: Talk, order: OrderView | None, need: str, key: str) -> HandOffView:
    return get_desk().hand_off(
        talk.conversation_id,
        need=label("intent", need) or say("utter_label_need_unknown"),
        summary=_summary(talk, order),
        transcript=talk.transcript(),
        key=key,
        order_number=order.number if order else None,
        tried=_tried(talk),
    )


def _summary(talk: Talk, order: OrderView | None) -> str:
    """Who, which order and items, and why, one line each."""
    lines = []
    if order:
        chosen = talk.get("items") or ()
        titles = [item.title for item in order.items if str(item.id) in chosen]
        lines.append(say("utter_ticket_buyer", buyer=order.buyer_name, order_number=order.number))
        if titles:
            lines.append(say("utter_ticket_items", items=words_list(titles)))
    else:
        named = talk.get("order_number")
        lines.append(say("utter_ticket_unproved"))
        if named:
            lines.append(say("utter_ticket_order_named", order_number=named))
    if talk.get("reason"):
        lines.append(say("utter_ticket_reason", reason=label("reason", talk.get("reason"))))
    return "\n".join(lines)


def _tried(talk: Talk) -> tuple[str, ...]:
    """What the chat already did about it."""
    tried = []
    decision, filed = talk.get("last_decision"), talk.get("last_filed") or {}
    if decision:
        tried.append(say("utter_ticket_decided", item=decision["item"]))
        tried += decision["reasons"].splitlines()
    if filed.get("request_number"):
        tried.append(say("utter_ticket_filed", request_number=filed["request_number"]))
    if talk.get("pleas"):
        tried.append(say("utter_ticket_pleaded"))
    if (talk.get("misses") or 0) > 1:
        tried.append(say("utter_ticket_not_understood"))
    return tuple(tried)

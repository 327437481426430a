"""Says that there is no phone, and offers a person in writing."""

from __future__ import annotations

from actions.offers import offer
from actions.talk import Talk
from bot.settings import get_settings
from bot.understanding.answers import says


def asks_phone(talk: Talk) -> bool:
    """Whether the buyer wants to phone, or a chat with a person."""
    return not talk.is_tap and says(talk.text, "asks_phone")


def tell_no_phone(talk: Talk) -> None:
    """Says how a person is reached, and offers to hand over; a ticket that is there is named."""
    tickets = list((talk.get("tickets") or {}).values())
    support_url = get_settings().support_url
    if tickets:
        talk.say("utter_no_phone_ticket", ticket=tickets[-1], support_url=support_url)
    else:
        talk.say("utter_no_phone", support_url=support_url)
        offer(talk, "utter_shall_hand_over", "action_hand_off")

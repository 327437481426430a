"""Asks which order it is about: who is signed in chooses one, everybody else gives its number."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk.events import EventType

from actions import identify
from actions.ask_items import choice_button, money, picture
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import long_date, route_name
from bot.desk import OrderView, OwnOrderView
from bot.policy.decision import RouteId
from bot.words import say

_TITLE_CHARS = 44


class ActionAskOrderNumber(SafeAction):
    """Lists the own orders of a buyer who is signed in as cards, with a button each."""

    action_name = "action_ask_order_number"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_own_order`, or `utter_ask_order_number` where there is none to list."""
        owns = [] if identify.types_number(talk) else identify.own_orders(talk)
        if not owns:
            talk.say("utter_ask_order_number")
            return []
        rows = [_row(own) for own in owns]
        talk.say(
            "utter_ask_own_order",
            orders="\n".join(row["line"] for row in rows),
            buttons=[*map(_button, owns), _other_order()],
            custom={"card": {"type": "orders", "items": rows}},
        )
        return []


def _row(own: OwnOrderView) -> dict[str, Any]:
    """An order in the card, and the line of the text that tells the same."""
    order = own.order
    badge = route_name(RouteId.FREE_RETURN) if own.free_returns else None
    placed_on = long_date(order.placed_on)
    detail = say(
        "utter_label_own_order", price=_price(order), placed_on=placed_on, number=order.number
    )
    title = names_of(order)
    return {
        "title": title,
        "detail": detail,
        "badge": badge,
        "image": next(filter(None, map(picture, order.items)), None),
        "line": f"• {title}: {detail}." + (f" {badge}." if badge else ""),
    }


def names_of(order: OrderView) -> str:
    """The names of an order's items in short: "Glass jug blender and 2 more"."""
    first, more = order.items[0].title, len(order.items) - 1
    return say("utter_label_and_more", item=first, count=more) if more else first


def _price(order: OrderView) -> str:
    cents = sum(item.price_cents * item.quantity for item in order.items)
    return money(cents, order.currency)


def _button(own: OwnOrderView) -> dict[str, str]:
    """A button that answers with the order's number, as if it had been typed."""
    order = own.order
    name = order.items[0].title
    short = name if len(name) <= _TITLE_CHARS else f"{name[:_TITLE_CHARS].rstrip(' ,')}…"
    payload = f"/inform{json.dumps({'order_number': order.number})}"
    return {"title": f"{short} ({order.number})", "payload": payload}


def _other_order() -> dict[str, str]:
    return choice_button(say("utter_label_other_order"), identify.OTHER_ORDER)

"""Asks which item it is about, one button per item."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from babel import Locale
from rasa_sdk.events import EventType

from actions.identify import known_order
from actions.resources import get_clauses
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.wording import route_name
from bot.desk import ItemView
from bot.desk.receipts.formats import money as formatted
from bot.policy.decision import RouteId
from bot.words import say

PICTURES = "pictures"
"""The path of items' pictures, from the server's root on."""


class ActionAskItems(SafeAction):
    """Offers the order's items as buttons, and all of them where there are several."""

    action_name = "action_ask_items"

    def act(self, talk: Talk) -> list[EventType]:
        """Says `utter_ask_items`; items all filed already aren't offered."""
        order = known_order(talk)
        if order is None:
            return []
        offered = [item for item in order.items if item.pieces_left] or order.items
        buttons = item_buttons(offered)
        if len(buttons) > 1:
            buttons.append(choice_button(say("utter_label_all_items"), "all"))
        if len(offered) < len(order.items):
            buttons.append(choice_button(say("utter_label_no_more_items"), "no", "deny"))
        card = items_card(offered)
        lines = "\n".join(row["line"] for row in card["card"]["items"])
        talk.say("utter_ask_items", items=lines, buttons=buttons, custom=card)
        return []


def items_card(items: Sequence[ItemView]) -> dict[str, Any]:
    """The card that shows items with their picture, price and Free Return badge."""
    return {"card": {"type": "items", "items": [_row(item) for item in items]}}


def _row(item: ItemView) -> dict[str, Any]:
    """An item in the card, and the line of the text that tells the same."""
    badge = route_name(RouteId.FREE_RETURN) if item.free_return_label else None
    price = money(item.price_cents, item.currency)
    detail = f"{item.quantity} × {price}" if item.quantity > 1 else price
    return {
        "title": item.title,
        "detail": detail,
        "badge": badge,
        "image": picture(item),
        "line": f"• {item.title}: {detail}." + (f" {badge}." if badge else ""),
    }


def picture(item: ItemView) -> str | None:
    """The address of an item's picture, from the server's root on; None where there is none."""
    return f"{PICTURES}/{item.picture}" if item.picture else None


def money(cents: int, currency: str) -> str:
    """An amount in the smallest unit of a currency, as the data's language writes it."""
    return formatted(cents, currency, Locale.parse(get_clauses().texts.locale))


def item_buttons(items: Sequence[ItemView]) -> list[dict[str, str]]:
    """One button per item."""
    return [choice_button(item.title, str(item.id)) for item in items]


def choice_button(title: str, choice: str, intent: str = "inform") -> dict[str, str]:
    """A button that answers a question.

    Args:
        title: what it shows.
        choice: the answer it carries.
        intent: the intent it stands for.
    """
    return {"title": title, "payload": f"/{intent}{json.dumps({'choice': choice})}"}

"""Finds the order and proves that it is the buyer's: its number and the e-mail on it.

A buyer whom the shop has signed in chooses among their own orders, and types no e-mail for them.

Whether a conversation may see an order is the desk's to know. The slots here only say which
order is meant.
"""

from __future__ import annotations

import re

from actions import reading
from actions.facts import OF_THE_ITEM, OF_THE_ORDER
from actions.outcomes import LOCKED
from actions.resources import get_desk
from actions.talk import Talk
from actions.wording import long_date
from bot.desk import DeskUnavailable, NotVerified, OrderView, OwnOrderView
from bot.understanding.answers import load_answers, says
from bot.understanding.order_numbers import canonical_order_number

_NO_NUMBER = re.compile(
    r"\b(?:(?:don.?t|do not|didn.?t|can.?t|cannot|couldn.?t|never|not|no longer) "
    r"(?:\w+ ){0,2}?(?:have|find|know|see|got|get|remember)"
    r"(?: (?:it|one|that|any|my|the|an?|order|number|no))*\W*$"
    r"|n.?t (?:\w+ ){0,2}?(?:have|find|know|see|got|remember) (?:\w+ )?order number"
    r"|not (?:\w+ ){0,2}?(?:have|find|know|see|got|remember) (?:\w+ )?order number"
    r"|(?:no|without|lost|forgot)(?: the| my| an| any)? (?:order )?number"
    r"|no (?:idea|clue)|i lost it|i.ve lost it)"
    r"|^\W*(?:what|huh|what number|which number|where|where do i find (?:it|that))\W*$",
    re.I,
)
"""Says that there is no order number, or asks for help with it."""
OTHER_ORDER = "other_order"
"""The choice of a button: an order that isn't among those listed."""
SHOWN_ORDERS = 5
"""So many of a signed-in buyer's orders are listed, the newest first."""
OF_THE_FILING = (
    "route",
    "evidence",
    "refund_method",
    "confirm",
    "filing_key",
    "summed_up",
    "more_items",
    "is_paused",
    "told",
)


def take_entities(talk: Talk) -> None:
    """Takes an order number and an e-mail out of the message; another order resets the rest."""
    if names_other_order(talk):
        if talk.get("order_number"):
            forget_order(talk)
        talk.set("order_number", canonical_order_number(talk.entity("order_number") or ""))
        talk.clear("wants_other_order")
    email = talk.entity("email")
    if email:
        talk.set("email", email)


def names_other_order(talk: Talk) -> bool:
    """Whether the message has an order number, and not the one that is meant so far."""
    number = canonical_order_number(talk.entity("order_number") or "")
    request = reading.request_number(talk)
    is_request = request is not None and number == canonical_order_number(request)
    return bool(number) and not is_request and number != talk.get("order_number")


def forget_order(talk: Talk) -> None:
    """Empties what belongs to the order; the reason stays."""
    talk.clear("order_number", "email", "confirm_cancel", *OF_THE_ORDER)
    forget_items(talk)


def take_other_order(talk: Talk) -> None:
    """Forgets the order and takes another one, if the message names it."""
    forget_order(talk)
    talk.set("wants_other_order", True)
    take_entities(talk)


def forget_items(talk: Talk) -> None:
    """Empties what belongs to the chosen items; the reason stays."""
    talk.clear("items", "item_in_work", "cases", "quantity", "same_answers", *OF_THE_ITEM)
    forget_filing(talk)


def forget_filing(talk: Talk) -> None:
    """Empties what was decided from the facts, so that it is decided anew."""
    talk.clear(*OF_THE_FILING)


def known_order(talk: Talk) -> OrderView | None:
    """The order that is meant, if this conversation was verified for it, or its buyer is in."""
    number = talk.get("order_number")
    if not number:
        return None
    if ("order", number) not in talk.looked_up:
        order: OrderView | None
        try:
            order = get_desk().order(talk.conversation_id, number)
        except NotVerified:
            order = get_desk().take_own(talk.conversation_id, number)
        talk.looked_up["order", number] = order
    found: OrderView | None = talk.looked_up["order", number]
    return found


def verified_order(talk: Talk) -> OrderView:
    """The order, once `next_identity_step` has nothing more to ask."""
    order = known_order(talk)
    if order is None:
        raise RuntimeError("asked for before the order was verified")
    return order


def take_only_known_order(talk: Talk) -> None:
    """Takes the verified order when the conversation has exactly one and none is named."""
    if talk.get("order_number") or talk.get("wants_other_order"):
        return
    known = get_desk().verified_orders(talk.conversation_id)
    if len(known) == 1:
        talk.set("order_number", known[0].number)


def own_orders(talk: Talk) -> list[OwnOrderView]:
    """The newest orders of the buyer whom the shop has signed in; none where nobody is.

    Nor while the desk is down: a number can be asked for all the same.
    """
    if "own" not in talk.looked_up:
        try:
            owns = get_desk().own_orders(talk.conversation_id, SHOWN_ORDERS)
        except DeskUnavailable:
            owns = []
        talk.looked_up["own"] = owns
    found: list[OwnOrderView] = talk.looked_up["own"]
    return found


def types_number(talk: Talk) -> bool:
    """Whether the buyer has said that the order isn't among those listed."""
    return bool(talk.get("wants_other_order") == OTHER_ORDER)


def list_orders_again(talk: Talk) -> None:
    """Takes back that the order isn't among those listed."""
    if types_number(talk):
        talk.clear("wants_other_order")


def order_at_hand(talk: Talk) -> OrderView | None:
    """The order that is meant, proved by this very message if it has the number and the e-mail.

    For answers that need no order; what isn't proved isn't asked for.
    """
    if not talk.form:
        take_entities(talk)
        take_only_known_order(talk)
        if talk.get("order_number") and talk.get("email") and not known_order(talk):
            next_identity_step(talk)
            talk.clear("outcome")
    return known_order(talk)


def next_identity_step(talk: Talk) -> str | None:
    """Asks for the order's number, then its e-mail, then lets the desk verify both.

    Returns:
        The slot to ask for, or None when the order is verified or the tries are used up
        (then `outcome` says so).
    """
    take_only_known_order(talk)
    if not talk.get("order_number"):
        return "order_number"
    if known_order(talk):
        talk.clear("email", "tried_email", "tried_number")
        return None
    if not talk.get("email") and talk.get("tried_email"):
        # After a miss a new number alone is tried with the e-mail that was given already.
        is_new = talk.get("order_number") != talk.get("tried_number")
        talk.set("email", talk.get("tried_email") if is_new else None)
    if not talk.get("email"):
        return "email"
    result = get_desk().verify(
        talk.conversation_id, talk.get("order_number"), talk.get("email"), talk.network
    )
    tried_email = talk.get("email")
    talk.set("email", None)
    if result.ok and result.order:
        talk.clear("tried_email", "tried_number")
        placed_on = long_date(result.order.placed_on)
        talk.set("order_number", result.order.number)
        talk.looked_up["order", result.order.number] = result.order
        talk.say("utter_order_found", order_number=result.order.number, placed_on=placed_on)
        return None
    talk.set("tried_number", talk.get("order_number"))
    talk.set("tried_email", tried_email)
    talk.set("order_number", None)
    if result.locked:
        talk.set("outcome", LOCKED)
        talk.say("utter_too_many_misses")
        return None
    talk.say("utter_order_not_matched")
    return "order_number"


def read_order_number(talk: Talk) -> None:
    """Reads the answer to the question for the order number."""
    take_entities(talk)
    if talk.get("email") and not talk.get("order_number") and talk.get("tried_number"):
        # After a miss the e-mail alone may be the correction; the same again is none.
        if talk.get("email").lower() == (talk.get("tried_email") or "").lower():
            talk.say("utter_email_kept")
            talk.set("email", None)
        else:
            talk.set("order_number", talk.get("tried_number"))
    if reading.choice(talk, OTHER_ORDER):
        talk.set("wants_other_order", OTHER_ORDER)
    elif not talk.has_changed:
        takes_own_order(talk)
    if not talk.has_changed and lacks_number(talk):
        # Said as often as it is asked: it holds the way on without a number.
        talk.set("misses", 0)
        list_orders_again(talk)
        talk.say("utter_order_number_help")


def takes_own_order(talk: Talk) -> bool:
    """Takes the one of the listed orders that the answer names, by an item or its place."""
    if talk.is_tap or talk.intent in reading.QUESTIONS or "?" in talk.text:
        return False
    owns = [own.order for own in own_orders(talk)]
    named = reading.items_named(talk.text, [i for o in owns for i in o.items], whole=False) or ()
    having = [order for order in owns if any(str(item.id) in named for item in order.items)]
    places = [key for key in load_answers()["places"] if says(talk.text, "places", key)]
    if not having and len(places) == 1:
        having = owns[int(places[0]) - 1 : int(places[0])]
    if len(having) != 1:
        return False
    order = having[0]
    talk.set("order_number", order.number)
    talk.clear("wants_other_order")
    placed_on = long_date(order.placed_on)
    talk.say("utter_order_found", order_number=order.number, placed_on=placed_on)
    return True


def lacks_number(talk: Talk) -> bool:
    """Whether the buyer says that there is no order number at hand, or asks what that is."""
    return not talk.is_tap and (talk.intent == "defer" or bool(_NO_NUMBER.search(talk.text)))


def says_no_number(talk: Talk) -> bool:
    """Whether a message by itself says that there is no order number."""
    named = talk.is_tap or talk.entity("order_number") or talk.get("order_number")
    return not named and bool(_NO_NUMBER.search(talk.text)) and "number" in talk.text.lower()


def read_email(talk: Talk) -> None:
    """Reads the answer to the question for the e-mail address."""
    take_entities(talk)

"""Tells Free Return: how it works, or one clear answer for each item of an order."""

from __future__ import annotations

from datetime import date

from rasa_sdk.events import EventType, FollowupAction

from actions.case import decide_as_told
from actions.forms.free_return import GENERAL, free_return_route, items_to_check
from actions.identify import known_order
from actions.offers import may_ask, offer
from actions.outcomes import SAID_ALREADY
from actions.resources import get_desk
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_clause import asks_for_countries, tell_countries
from actions.ways import way_lines, ways
from actions.wording import citations, long_date, words_list
from bot.desk import ItemView, OrderView
from bot.policy.decision import Route, RouteId, Status
from bot.policy.facts import Reason
from bot.words import say

_RULES = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F9.1", "F10", "F13")
_PLACE = ("F4", "F5", "F6", "F7")
_CONDITION = "condition."


class ActionAnswerFreeReturn(SafeAction):
    """Starts the check, or answers inside another dialogue, which then goes on."""

    action_name = "action_answer_free_return"

    def act(self, talk: Talk) -> list[EventType]:
        """Says what is known of the order at hand, else how it works."""
        if asks_for_countries(talk):
            tell_countries(talk)
            return []
        if not talk.form:
            return [FollowupAction("free_return_form")]
        order = known_order(talk)
        if order is None:
            talk.say("utter_free_return_in_between", custom={"citations": list(_RULES)})
        else:
            tell_free_return(talk, order)
        return []


class ActionTellFreeReturn(SafeAction):
    """Ends the check."""

    action_name = "action_tell_free_return"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says the answer for each item, and offers to file."""
        outcome = talk.get("outcome")
        talk.clear("outcome", "misses")
        if outcome == GENERAL:
            talk.say("utter_free_return")
            offer(talk, "utter_shall_check", "free_return_form")
            return []
        order = known_order(talk)
        if outcome in SAID_ALREADY or order is None:
            return []
        any_way = tell_free_return(talk, order)
        if any_way:
            reason = Reason.CHANGE_OF_MIND.value
            offer(talk, "utter_free_return_file", "file_return_form", reason=reason)
        elif may_ask(talk):
            talk.say("utter_free_return_else")
        return []


def tell_free_return(talk: Talk, order: OrderView) -> bool:
    """Says one answer per item, the condition they share, and the labels left.

    Returns:
        Whether some item can go back with Free Return.
    """
    if order.cancellation_number:
        talk.say("utter_already_cancelled", order_number=order.number)
        return False
    routes = {item: free_return_route(talk, order, item) for item in items_to_check(talk, order)}
    today = get_desk().today(order)
    good = [item for item, route in routes.items() if _can_go_back(route)]
    lines = [say("utter_free_return_order", order_number=order.number)]
    lines += [_line(item, route, today) for item, route in routes.items()]
    lines += [_filed_line(item) for item in order.items if item.pieces_filed]
    if good:
        lines += [say("utter_free_return_condition"), say("utter_free_return_place")]
        labels = get_desk().labels_left(talk.conversation_id, order.number)
        lines.append(say("utter_free_return_labels", left=labels.left, limit=labels.limit))
    cited = [citation["id"] for citation in citations(routes.values())]
    custom = {"citations": [*cited, *(_PLACE if good else ())]}
    talk.say("utter_free_return_checked", custom=custom, answer="\n".join(lines))
    if routes and not good:
        _tell_other_ways(talk, order, next(iter(routes)))
    return bool(good)


def _can_go_back(route: Route) -> bool:
    """Whether nothing but the state of the item stands between the buyer and Free Return."""
    undecided = route.status is Status.NEEDS_INFORMATION
    if undecided and all(path.startswith(_CONDITION) for path in route.missing):
        return route.last_day is not None
    return route.status is Status.OPEN


def _line(item: ItemView, route: Route, today: date) -> str:
    if _can_go_back(route) and route.last_day:
        days = (route.last_day - today).days
        name = "utter_free_return_item_last_day" if days == 0 else "utter_free_return_item_yes"
        return say(name, item=item.title, last_day=long_date(route.last_day), days=days)
    if route.status is Status.NEEDS_INFORMATION:
        return say("utter_free_return_item_unknown", item=item.title)
    why = " ".join(f"{finding.text} ({finding.clause})" for finding in route.findings[:2])
    if route.status is Status.ASK_SUPPORT:
        why = " ".join(f"{finding.text} ({finding.clause})" for finding in route.findings[:1])
        return say("utter_free_return_item_person", item=item.title, why=why)
    if all(finding.code == "not_received" for finding in route.findings):
        return say("utter_free_return_item_later", item=item.title, why=why)
    changes = [f.text for f in route.would_change[:1] if f.code != "sooner"]
    return say("utter_free_return_item_no", item=item.title, why=" ".join([why, *changes]))


def _filed_line(item: ItemView) -> str:
    numbers = words_list(item.request_numbers)
    if not item.pieces_left:
        return say("utter_free_return_item_filed", item=item.title, request_number=numbers)
    return say(
        "utter_free_return_pieces_filed",
        item=item.title,
        filed=item.pieces_filed,
        quantity=item.quantity,
        requests=numbers,
    )


def _tell_other_ways(talk: Talk, order: OrderView, item: ItemView) -> None:
    """After a "no" of the program: what else is open (P2)."""
    decision = decide_as_told(talk, order, item, Reason.CHANGE_OF_MIND)
    routes = ways(decision, without=[RouteId.FREE_RETURN])
    if routes:
        custom = {"citations": citations(routes)}
        talk.say("utter_other_ways", custom=custom, ways=way_lines(routes), item=item.title)

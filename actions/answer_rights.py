"""Answers "what are my rights?": the law first, then the program's ways beside it (P2)."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import EventType, FollowupAction

from actions.case import decide_item
from actions.facts import UNKNOWN
from actions.forms.rights import OWN, order_meant
from actions.law import (
    FAULTS,
    GENERAL,
    area_of_order,
    decide_without_order,
    has_arrived,
    is_received,
    law_routes,
    meant_items,
    today_in,
)
from actions.outcomes import SAID_ALREADY
from actions.rights_answer import Answer, answer, both_periods, program, program_ways
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_rights import law_of, say_elsewhere, tell_no_advice, tell_rights
from actions.ways import way_lines
from actions.what_if import CHECK_AGAIN
from actions.wording import citations, told_key
from bot.desk import ItemView, OrderView
from bot.policy.decision import Decision, Finding, Route, RouteId
from bot.policy.facts import Reason
from bot.words import label, say

_FACTS = ("rights_country", "rights_reason", "rights_received")


class ActionTellRights(SafeAction):
    """Says the answer with its citations, then the program's ways with the better one named."""

    action_name = "action_tell_rights"
    ends_need = True

    def act(self, talk: Talk) -> list[EventType]:
        """Says as much as is known: of an order, of a case, or of a country."""
        country, outcome = talk.get("rights_country"), talk.get("outcome")
        reason, received = talk.get("rights_reason"), talk.get("rights_received")
        facts = (country, reason, received)
        order = order_meant(talk)
        talk.clear("outcome", "misses", *OWN)
        talk.set("told_reason", reason)
        is_case = reason and order is None
        talk.set("last_rights", dict(zip(_FACTS, facts, strict=True)) if is_case else None)
        if outcome == CHECK_AGAIN:
            return [FollowupAction("check_form")]
        if outcome in SAID_ALREADY or not country:
            return []
        if order is not None:
            _tell_of_order(talk, order, reason)
        elif GENERAL in (country, reason) or not reason or _is_elsewhere(country):
            tell_rights(talk, country)
            _say_next(talk, country)
        else:
            _tell_of_case(talk, country, Reason(reason), received)
        return []


def _tell_of_order(talk: Talk, order: OrderView, reason: str | None) -> None:
    if area_of_order(order) is None:
        _tell_order_elsewhere(talk, order, reason)
        return
    if not is_received(order):
        reason = Reason.NOT_ARRIVED.value
    elif reason in (None, GENERAL):
        tell_rights(talk, order.country, order)
        _say_next(talk, order.country)
        return
    why = Reason(reason)
    groups: dict[str, tuple[Decision, list[ItemView]]] = {}
    meant = meant_items(talk, order)
    came = [item for item in meant if has_arrived(item)] if why in FAULTS else meant
    for item in came or meant:
        decision = decide_item(talk, order, item, why)
        groups.setdefault(told_key(decision), (decision, []))[1].append(item)
    answers = []
    for decision, items in groups.values():
        told = answer(decision, why)
        answers.append(told)
        names = "\n".join(item.title for item in items) if len(groups) > 1 else ""
        _say_answer(talk, told, names)
    beside = dict.fromkeys(program(decision, why) for decision, _ in groups.values())
    _say_beside(talk, "\n\n".join(beside), answers, why)


def _tell_of_case(talk: Talk, country: str, reason: Reason, received: str | None) -> None:
    decision = decide_without_order(country, reason, received)
    routes = law_routes(decision, reason)
    told = answer(decision, reason)
    if routes and routes[0].id is RouteId.BR_WARRANTY and _depends_on_kind(routes[0]):
        told = both_periods(
            (
                label("kind", "durable" if durable else "used_up"),
                decide_without_order(country, reason, received, durable=durable),
            )
            for durable in (True, False)
        )
    elif received == UNKNOWN and reason in FAULTS:
        told = answer(_with_longest(decision, country, reason), reason)
    _say_answer(talk, told, "")
    _say_beside(talk, program(decision, reason), [told], reason)


def _with_longest(decision: Decision, country: str, reason: Reason) -> Decision:
    """The decision with what the country's law adds to the period, which no day changes."""
    today_iso = today_in(country).isoformat()
    dated = decide_without_order(country, reason, today_iso)
    longer = tuple(
        f
        for route in dated.routes
        if route.id is RouteId.EU_CONFORMITY
        for f in route.findings
        if f.code == "longer"
    )
    routes = tuple(
        _plus(route, longer) if route.id is RouteId.EU_CONFORMITY else route
        for route in decision.routes
    )
    return replace(decision, routes=routes)


def _plus(route: Route, findings: tuple[Finding, ...]) -> Route:
    return replace(route, findings=(*route.findings, *findings))


def _depends_on_kind(route: Route) -> bool:
    return bool({"item.category", "item.durable"} & set(route.missing))


def _tell_order_elsewhere(talk: Talk, order: OrderView, reason: str | None) -> None:
    say_elsewhere(talk, order.country, order.postal_code)
    if reason and reason != GENERAL:
        items = meant_items(talk, order)
        ways = program_ways(decide_item(talk, order, items[0], Reason(reason)))
        if ways:
            talk.say(
                "utter_rights_ways", ways=way_lines(ways), custom={"citations": citations(ways)}
            )
    _say_next(talk, order.country)


def _say_answer(talk: Talk, told: Answer, names: str) -> None:
    text = f"{names}\n{told.text}" if names else told.text
    talk.say("utter_rights_told", rights=text, custom={"citations": told.sources})


def _say_beside(talk: Talk, text: str, answers: list[Answer], reason: Reason) -> None:
    tell_no_advice(talk)
    buttons = []
    if any(told.withdraws for told in answers):
        buttons.append(_button("withdraw_contract"))
    if reason in FAULTS and any(told.claims for told in answers):
        buttons.append(_button("write_letter"))
    talk.say("utter_rights_beside", beside=text, buttons=[*buttons, *_always()])


def _say_next(talk: Talk, country: str) -> None:
    """What can be done next, after a short account."""
    has_law = country == GENERAL or law_of(country) is not None
    withdraws = [_button("withdraw_contract")] if has_law else []
    check = [_button("check_eligibility", say("utter_rights_check_button"))]
    talk.say("utter_rights_next", buttons=[*withdraws, *check, *_always()])


def _always() -> list[dict[str, str]]:
    return [_button("file_return", say("utter_rights_file_button")), _button("ask_human")]


def _button(intent: str, title: str = "") -> dict[str, str]:
    return {"title": title or label("intent", intent), "payload": f"/{intent}"}


def _is_elsewhere(country: str) -> bool:
    return law_of(country) is None

"""The chat without an order and "Can I return it?" say the same, word for word."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from tests.help_center.chat import Chat
from tests.help_center.check_page import plain, shown
from tests.running import RunningAssistant

pytestmark = pytest.mark.model

TURNS = 20
KEPT = {
    "shipment": "Delivered",
    "free_return_label": "Yes",
    "oversize": "No",
    "damaged_by_buyer": "No, it's as it came",
    "packaging_kept": "Yes",
    "seals_removed": "No, all are still on",
    "used": "No",
    "complete": "Yes",
    "protection_ends_on": "I don't know",
}
CASES = {
    "a change of mind in the EU": {
        **KEPT,
        "reason": "I changed my mind",
        "country": "Portugal",
        "category": "Electronics",
        "delivered_on": "18 November 2026",
    },
    "too late for everything but the law": {
        **KEPT,
        "reason": "It arrived damaged",
        "country": "Germany",
        "category": "Electronics",
        "delivered_on": "2 February 2026",
        "protection_ends_on": "2 March 2026",
    },
    "worn, and nothing is left": {
        **KEPT,
        "reason": "I changed my mind",
        "country": "Chile",
        "category": "Clothing or accessories",
        "delivered_on": "2 October 2026",
        "free_return_label": "No",
        "used": "Yes",
        "protection_ends_on": "20 November 2026",
    },
}
SENT = {
    "Delivered": "delivered",
    "I changed my mind": "change_of_mind",
    "It arrived damaged": "arrived_damaged",
    "Portugal": "PT",
    "Germany": "DE",
    "Chile": "CL",
    "Electronics": "electronics_gadgets",
    "Clothing or accessories": "fashion_accessories",
    "I don't know": "unknown",
}


@pytest.mark.parametrize("answers", list(CASES.values()), ids=list(CASES))
def test_chat_and_page_say_the_same(assistant: RunningAssistant, answers: dict[str, str]) -> None:
    decision, asked = asked_in_the_chat(Chat(assistant.url), answers)
    sent = {name: as_sent(answers[name]) for name in asked}
    page = requests.get(f"{assistant.url}/check", params=sent, timeout=10).text
    told, routes = plain(page), shown(page)
    assert routes, told
    assert decision["text"].split("\n\n")[0] in told
    assert list(routes) == [route["id"] for route in in_the_pages_order(decision["card"]["routes"])]
    for route in decision["card"]["routes"]:
        on_page = routes[route["id"]]
        assert on_page.status == route["status"]
        assert on_page.why == route["why"]
        if route["status"] != "closed":
            assert (on_page.last_day, on_page.paid_by) == (route["last_day"], route["paid_by"])
    for citation in decision["citations"]:
        assert citation["quote"] in told
    notes = [part for part in decision["text"].split("\n\n")[1:] if part[0] not in "✓✗?"]
    assert all(note in told for note in notes)


def asked_in_the_chat(chat: Chat, answers: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Asks without an order.

    Returns:
        The message with the decision, and the names of what was asked for.
    """
    messages = chat.send(chat.start).json()["messages"]
    messages = tap(chat, messages, "Can I return it?")
    asked: list[str] = []
    for _ in range(TURNS):
        decided = [m for m in messages if m.get("card", {}).get("type") == "decision"]
        if decided:
            return decided[0], asked
        name = str(messages[-1].get("response", "")).removeprefix("utter_ask_")
        if name == "order_known":
            messages = tap(chat, messages, "No, just asking")
            continue
        asked.append(name)
        assert name in answers, messages
        messages = tap(chat, messages, answers[name])
    raise AssertionError(f"no decision after {asked}")


def tap(chat: Chat, messages: list[dict[str, Any]], title: str) -> list[dict[str, Any]]:
    """Taps the button of the last message that says this; types it where there is none."""
    offered = {b["title"]: b["payload"] for m in messages for b in m.get("buttons", ())}
    said = offered.get(title, title)
    return list(chat.send(said, **({"title": title} if said != title else {})).json()["messages"])


def as_sent(answer: str) -> str:
    """An answer as the page's form sends it."""
    if answer in SENT:
        return SENT[answer]
    return {"Y": "yes", "N": "no"}.get(answer[0], answer)


def in_the_pages_order(routes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Closed ways come last, folded away."""
    return sorted(routes, key=lambda route: route["status"] == "closed")

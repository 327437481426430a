"""Fills the form of "Can I return it?" from the facts of a case, and reads its result."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.asked_facts import PATHS
from bot.desk.time_zones import zone_of
from bot.help_center.answers import SPECIAL_KINDS
from bot.help_center.assets import Assets
from bot.help_center.checking import CheckPages
from bot.help_center.pages import Pages
from bot.help_center.words import get_words
from bot.settings import get_settings
from tests.help_center.fake_assistant import settings_for_tests

_NOT_ASKED = {
    "order": {"last_delivered_on", "more_to_come", "withdrawal_informed", "withdrawal_informed_on"},
    "condition": {"hidden_defect"},
}
_WORDS_OF = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True)
class ShownRoute:
    """A way as the page shows it: its state, and its last day and payer in words."""

    status: str
    last_day: str | None
    paid_by: str | None
    why: str


def check_pages(folder: Path, today: date, country: str = "") -> CheckPages:
    """The pages at noon of a day in a country."""
    noon = datetime.combine(today, time(12), zone_of(country, None, "UTC"))
    settings = settings_for_tests(folder, fixed_now=noon.astimezone(timezone.utc))
    return CheckPages(settings, _pages())


@lru_cache
def _pages() -> Pages:
    return Pages(get_settings(), get_words(), Assets())


def answers_for(facts: dict[str, Any], rules: Any) -> dict[str, str] | None:
    """What a buyer with these facts would answer, "I don't know" where the facts have nothing.

    Returns:
        None for facts that the form doesn't ask for.
    """
    order, item = facts.get("order") or {}, facts.get("item") or {}
    condition = facts.get("condition") or {}
    parts = {"order": order, "item": item, "condition": condition}
    if any(parts[part].get(n) is not None for part, names in _NOT_ASKED.items() for n in names):
        return None
    others = (facts.get("complaint") or {}, facts.get("labels_used_this_month"))
    if any(others) or facts.get("recent_requests") or order.get("paid") is False:
        return None
    if not facts.get("reason") or not order.get("country"):
        return None
    if order.get("delivered_on") and order.get("shipment") != "delivered":
        return None
    if (order.get("region") or "x").isspace() or order.get("postal_code") == "unknown":
        return None
    kind = _kind(item, rules)
    if kind is None:
        return None
    if _is_large(item, rules) is not None:
        parts["item"] = {**item, "oversize": _is_large(item, rules)}
    known = {name: parts[p.split(".")[0]].get(p.split(".")[1]) for name, p in PATHS.items()}
    if known["durable"] is None and item.get("category"):
        known["durable"] = rules.categories[item["category"]].durable
    told = {n: v if isinstance(v, str) else _WORDS_OF[v] for n, v in known.items()}
    if told["placed_on"] == "unknown":
        del told["placed_on"]
    return {**told, "category": kind, "reason": facts["reason"]}


def _is_large(item: dict[str, Any], rules: Any) -> bool | None:
    """What a buyer says of the parcel's measures, where all are known (F4)."""
    sides = [item.get(f"{side}_cm") for side in ("length", "width", "height")]
    weight = item.get("weight_kg")
    longest, total, heaviest = (rules.param("F4", n) for n in ("longest_side", "total", "weight"))
    if any((side or 0) > longest for side in sides) or (weight or 0) > heaviest:
        return True
    if None in (*sides, weight):
        return item.get("oversize")
    return round(sum(sides), 2) > total


def _kind(item: dict[str, Any], rules: Any) -> str | None:
    traits, category = item.get("traits"), item.get("category")
    if traits is None:
        return category or "unknown"
    if len(traits) == 1 and traits[0] in SPECIAL_KINDS:
        return str(traits[0])
    fits = category and sorted(t.value for t in rules.categories[category].traits) == sorted(traits)
    return category if fits else None


def without_stale_days(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts without last days from before the order, which the tables' defaults may leave."""
    order = dict(facts.get("order") or {})
    for name in ("guaranteed_by", "protection_ends_on"):
        placed_on = date.fromisoformat(order.get("placed_on") or "2026-01-01")
        day = date.fromisoformat(order.get(name) or placed_on.isoformat())
        if not placed_on <= day <= placed_on.replace(year=placed_on.year + 5, day=1):
            order[name] = None
    return {**facts, "order": order}


def shown(page: str) -> dict[str, ShownRoute]:
    """The ways on a result page, by id."""
    found = {}
    for row in re.findall(r'<li class="route".*?</li>', page, re.S):
        told = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", row)
        terms = {name: plain(value) for name, value in told}
        found[_first(r'data-route="(\w+)"', row)] = ShownRoute(
            status=_first(r'data-status="(\w+)"', row),
            last_day=terms.get("Last day"),
            paid_by=terms.get("Return paid by"),
            why=plain(_first(r"</h3>\n<p>(.*?)</p>", row)),
        )
    return found


def plain(markup: str) -> str:
    """The text of HTML, with clause numbers as the chat writes them, "(F1)"."""
    numbered = re.sub(r'<a class="number"[^>]*>(.*?)</a>', r"(\1)", markup)
    return html.unescape(re.sub(r"<[^>]+>", "", numbered)).strip()


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.S)
    assert found, f"{pattern} isn't in {text[:400]}"
    return found.group(1)

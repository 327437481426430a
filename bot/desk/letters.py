"""Letters to a seller about a fault, resting on the law where the buyer lives.

Source: Directive (EU) 2019/771 art. 10 to 16, Lei 8.078/1990 art. 18 and 26. What a letter says of
the law is data (letters.yml); the day it asks for is a parameter of a clause. Making a letter
writes nothing. Keeping one writes its PDF, once for each key, and sends it to nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from ruamel.yaml import YAML
from sqlalchemy.orm import Session

from bot.desk import audit, deciding, documents, orders, text
from bot.desk.context import Context
from bot.desk.errors import BadAnswer, NotEligible
from bot.desk.models import Order
from bot.desk.receipts.formats import Formats
from bot.desk.submissions import Writing
from bot.desk.time_zones import zone_of
from bot.desk.views import Ground, LetterView
from bot.policy.decision import Decision, Route, RouteId, Status
from bot.policy.facts import Reason
from bot.policy.routes.eu_conformity import NATIONAL
from bot.policy.rulebook import Rulebook
from bot.policy.wording import fill

WORDS_CHARS = 800
CLAIMS = {RouteId.EU_CONFORMITY: "eu", RouteId.BR_WARRANTY: "br"}
"""The rights that a letter rests on, and their part of letters.yml."""
_FILE = Path(__file__).with_suffix(".yml")
_SUBJECTS = {
    Reason.ARRIVED_DAMAGED: "Damaged item: what I ask for by law",
    Reason.NOT_AS_DESCRIBED: "Item not as described: what I ask for by law",
    Reason.SHORTAGE: "Incomplete delivery: what I ask for by law",
    Reason.STOPPED_WORKING: "Faulty item: what I ask for by law",
}


def claim(decision: Decision) -> Route | None:
    """The right by law that a letter can rest on; None where the law here has none open.

    Args:
        decision: what was decided on a faulty item.
    """
    routes = (decision.route(route) for route in CLAIMS)
    return next((route for route in routes if route.status is not Status.CLOSED), None)


def remedies(route: RouteId, *, second: bool) -> tuple[str, ...]:
    """What a buyer may ask for.

    Args:
        route: the right by law.
        second: whether the seller had its chance to put it right.
    """
    return tuple(_data()[CLAIMS[route]]["second" if second else "first"])


def draft(session: Session, context: Context, conversation_id: str, writing: Writing) -> LetterView:
    """A letter in full, before it goes anywhere; nothing is written.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: which conversation.
        writing: what the letter is about.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        NotEligible: the law gives no claim for it here and today.
        BadAnswer: "items", "reason", "words" or "remedy" can't be used.
    """
    order = orders.granted_order(session, conversation_id, writing.order_number)
    return _letter(session, context, order, writing)


def prepare(
    session: Session, context: Context, conversation_id: str, writing: Writing, key: str
) -> tuple[LetterView, bytes]:
    """A letter with its number, and its PDF; nothing is written.

    Args:
        session: open session.
        context: the desk's tools.
        conversation_id: which conversation.
        writing: what the letter is about.
        key: the same key in the same conversation is one letter.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
        NotEligible: the law gives no claim for it here and today.
        BadAnswer: as for `draft`, or the key can't be used.
    """
    order = orders.granted_order(session, conversation_id, writing.order_number)
    number = _number(conversation_id, key)
    letter = replace(_letter(session, context, order, writing), number=number)
    formats = _formats(context, order)
    content = documents.render(
        "letter", about=number, at=context.now(), letter=letter, formats=formats
    )
    return letter, content


def keep(
    session: Session, context: Context, conversation_id: str, letter: LetterView, content: bytes
) -> None:
    """Keep a letter's PDF, once for its number.

    Args:
        session: session of a transaction.
        context: the desk's tools.
        conversation_id: which conversation.
        letter: what `prepare` made.
        content: its PDF.

    Raises:
        NotVerified: the conversation hasn't proved that the order is the buyer's.
    """
    order = orders.granted_order(session, conversation_id, letter.order_number)
    orders.lock(session, order)
    if documents.about(session, letter.number) is not None:
        return
    kept = documents.keep(session, letter.number, content, context.now())
    audit.note(
        session,
        context,
        conversation_id,
        "letter_kept",
        order,
        letter.number,
        remedy=letter.remedy,
        sha256=kept.sha256,
    )


def _number(conversation_id: str, key: str) -> str:
    if not 0 < len(key) <= 200:
        raise BadAnswer("key", "invalid")
    return f"L-{hashlib.sha256(f'{conversation_id} {key}'.encode()).hexdigest()[:12].upper()}"


def _letter(session: Session, context: Context, order: Order, writing: Writing) -> LetterView:
    if not writing.items:
        raise BadAnswer("items", "empty")
    if writing.reason not in _SUBJECTS:
        raise BadAnswer("reason", "invalid")
    items = [deciding.item_of(order, item) for item in writing.items]
    decision = deciding.decide(
        session, context, order, items[0], writing.reason, dict(writing.answers)
    )[1]
    route = claim(decision)
    delivered_on = items[0].parcel.delivered_on if items[0].parcel else None
    if route is None or delivered_on is None:
        raise NotEligible(decision)
    area = CLAIMS[route.id]
    if writing.remedy not in remedies(route.id, second=writing.is_second_stage):
        raise BadAnswer("remedy", "invalid")
    rules = context.clauses.in_force(order.placed_on)
    days, by_law = _days(rules, area, writing)
    today = context.today(order)
    letter = LetterView(
        number="",
        subject=_SUBJECTS[writing.reason],
        seller=order.seller.name,
        name=order.buyer.name,
        order_number=order.number,
        placed_on=order.placed_on,
        delivered_on=delivered_on,
        items=tuple(f"{item.quantity} × {item.title}" for item in items),
        reason=writing.reason.value,
        words=_words(writing.words),
        remedy=writing.remedy,
        is_second_stage=writing.is_second_stage,
        area=area,
        written_on=today,
        answer_by=today + timedelta(days=days),
        days=days,
        is_day_of_law=by_law,
        grounds=tuple(_grounds(rules, route, order.country, writing.remedy)),
        text="",
    )
    parts = documents.written("letter", letter=letter, formats=_formats(context, order))
    return replace(letter, text=documents.as_text(parts))


def _words(given: str) -> str:
    if len(given) > WORDS_CHARS:
        raise BadAnswer("words", "too_long")
    return text.plain(given, WORDS_CHARS)


def _days(rules: Rulebook, area: str, writing: Writing) -> tuple[int, bool]:
    """The days the seller gets, and whether the law itself names them."""
    data = _data()[area]
    named = data.get("second_days", data["days"]) if writing.is_second_stage else data["days"]
    return int(rules.param(named["clause"], named["name"])), bool(named["by_law"])


def _grounds(rules: Rulebook, route: Route, country: str, remedy: str) -> Iterator[Ground]:
    """The law behind the letter, as far as it was in force for the contract."""
    for ground in _data()[CLAIMS[route.id]]["grounds"]:
        clause, code = ground["clause"], ground.get("found")
        found = next((f for f in route.findings if (f.clause, f.code) == (clause, code)), None)
        is_left_out = remedy not in ground.get("when", [remedy]) or (code and found is None)
        if is_left_out or not rules.has(clause):
            continue
        values = {**rules.parameters(clause), **(found.values if found else {})}
        said = fill(ground["text"], values, rules.texts.locale)
        yield Ground(said, *_source(rules, clause, country))


def _source(rules: Rulebook, clause: str, country: str) -> tuple[str, str, str]:
    """Act, article and address; a member state's own period rests on its own act."""
    if clause == NATIONAL:
        row = rules.param(NATIONAL, "periods")[rules.law_of(country)]
        return row.act, row.article, row.url
    citation = rules.cite(clause)
    return citation.act, citation.article, citation.url


def _formats(context: Context, order: Order) -> Formats:
    locale = Locale.parse(context.clauses.texts.locale)
    return Formats(locale, zone_of(order.country, order.region, context.shop_time_zone))


@lru_cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(_FILE.read_text(encoding="utf-8"))
    return loaded

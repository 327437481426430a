"""Runs simulated buyers against the real assistant and checks how each conversation ends."""

from __future__ import annotations

import json
import re
import sqlite3
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from bot.clock import fixed_clock
from bot.desk.desk import Desk as ReturnsDesk
from bot.settings import Settings
from bot.words import say
from tests.conversations.conftest import Desk, picture
from tests.running import NOW, RunningAssistant
from tests.simulator import expected
from tests.simulator.buyer import Buyer, Move, Reply
from tests.simulator.persona import PERSON, Persona, draw
from tests.simulator.shop import stranger

MAX_MESSAGES = 60
MAX_SAME_QUESTION = 4
FORBIDDEN = frozenset(
    {
        "utter_technical_problem",
        "utter_desk_down",
        "utter_too_many_messages",
        "utter_session_expired",
        "utter_button_expired",
        "utter_message_empty",
        "utter_message_not_understood_format",
    }
)
"""What must never be said to these buyers."""
WAYS_ON = frozenset(
    {
        "utter_filed",
        "utter_cancelled",
        "utter_handed_off",
        "utter_stopped",
        "utter_goodbye",
        "utter_goodbye_unfinished",
        "utter_thanks",
        "utter_not_cancelled",
        "utter_already_cancelled",
        "utter_tracking_request",
        "utter_tracking_later",
    }
)
"""Endings without a button or a question that leave no buyer stranded."""
_PUBLIC_NUMBER = re.compile(r"\b([A-Z])-[A-Z0-9-]{4,}\b")
_ORDER_NUMBER = re.compile(r"\b[45]\d{7}\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_COUNTED = (
    *("return_requests", "order_cancellations", "hand_offs", "seller_messages"),
    "withdrawals",
)


@dataclass
class Conversation:
    """What happened in one conversation.

    Attributes:
        persona: the buyer.
        lines: who said what, with numbers that are drawn at random masked.
        end: what the database has for the order afterwards.
        problem: what was wrong; None when all was right.
        repairs: what the buyer had to put right.
        seconds: how long it took.
        messages: how many the buyer sent.
    """

    persona: Persona
    lines: list[str] = field(default_factory=list)
    end: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    repairs: list[str] = field(default_factory=list)
    seconds: float = 0.0
    messages: int = 0

    def __str__(self) -> str:
        """The whole transcript, with how to run it again."""
        persona = self.persona
        return "\n".join(
            [
                f"Seed {persona.seed}: {persona.need}, order {persona.parcel.number} "
                f"({persona.item['title']}), {persona.reason}",
                f"Habits: {', '.join(sorted(persona.habits)) or 'none'}",
                f"Truth: { {k: v for k, v in persona.truth.items() if v is not None} }",
                *self.lines,
                f"In the database: {self.end}",
                f"Problem: {self.problem or 'none'}",
                f"Again: python -m tests.simulator --seed {persona.seed}",
            ]
        )


class Session:
    """A chat over HTTP."""

    def __init__(self, url: str, http: requests.Session) -> None:
        self._url = url
        self._http = http
        answer = http.post(f"{url}/session", timeout=20)
        self._token = answer.json()["session"]
        self._payloads: dict[str, str] = {}
        self.last = ""

    def send(self, move: Move) -> Reply:
        """Types, taps, or adds a photo and says so as the browser does."""
        if move.is_photo:
            return self._post(self._upload(move.text))
        return self._post(self._payloads[move.text] if move.is_tap else move.text)

    def _upload(self, name: str) -> str:
        answer = self._http.post(
            f"{self._url}/evidence",
            files={"file": (name, picture(f"{self._token}{name}"))},
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=60,
        )
        assert answer.status_code == 201, f"HTTP {answer.status_code}: {answer.text[:300]}"
        return str(answer.json()["say"])

    def again(self) -> Reply:
        """Sends the last message a second time, as a double tap does."""
        return self._post(self.last)

    def _post(self, message: str) -> Reply:
        self.last = message
        answer = self._http.post(
            f"{self._url}/messages",
            json={"message": message},
            headers={"Authorization": f"Bearer {self._token}"},
            timeout=60,
        )
        assert answer.status_code == 200, f"HTTP {answer.status_code}: {answer.text[:300]}"
        reply = Reply(answer.json()["messages"])
        for shown in reply.messages:
            for button in shown.get("buttons", []):
                self._payloads[button["title"]] = button["payload"]
        return reply


class Records:
    """The desk's database, read beside the desk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def counts(self) -> dict[str, int]:
        """Rows by table."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            return {t: db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in _COUNTED}

    def of_order(self, number: str) -> dict[str, Any]:
        """The new requests and the cancellation of an order."""
        with closing(sqlite3.connect(self._path, timeout=10)) as db:
            db.row_factory = sqlite3.Row
            rows = db.execute(
                "SELECT r.route, i.reason, t.title AS item, i.quantity, r.refund_method,"
                " (SELECT count(*) FROM return_request_pieces p"
                " WHERE p.request_item_id = i.id AND p.active) AS standing"
                " FROM return_requests r"
                " JOIN orders o ON o.id = r.order_id"
                " JOIN return_request_items i ON i.request_id = r.id"
                " JOIN order_items t ON t.id = i.order_item_id"
                " WHERE o.number = ? AND r.conversation_id IS NOT NULL ORDER BY r.id, t.position",
                (number,),
            ).fetchall()
            cancelled = db.execute(
                "SELECT count(*) FROM order_cancellations c JOIN orders o ON o.id = c.order_id"
                " WHERE o.number = ?",
                (number,),
            ).fetchone()[0]
        return {"requests": [dict(row) for row in rows], "cancelled": bool(cancelled)}


def import_orders(assistant: RunningAssistant, seeds: Iterable[int]) -> None:
    """Gives each buyer an order of their own, and a stranger one."""
    clock = fixed_clock(datetime.fromisoformat(NOW))
    desk = ReturnsDesk.from_settings(Settings(var_dir=assistant.folder), clock=clock)
    lines: list[str] = []
    for seed in seeds:
        lines += [*draw(seed).parcel.lines(), json.dumps(stranger(seed))]
    desk.import_orders(lines, "simulator")
    desk.close()


def runs(
    assistant: RunningAssistant, seeds: Sequence[int], count: int
) -> Iterator[list[Conversation]]:
    """The same conversations several times, each time at the same fresh desk.

    Args:
        assistant: with nothing but the demo orders so far.
        seeds: the buyers.
        count: how many times.
    """
    import_orders(assistant, seeds)
    assistant.keep_fresh()
    desk = Desk(assistant.database)
    for _ in range(count):
        desk.refresh()
        yield list(simulate(assistant, seeds))


def unlike(runs_of_all: Sequence[Sequence[Conversation]]) -> list[int]:
    """Seeds whose conversation or end differs between runs."""
    return [
        talks[0].persona.seed
        for talks in zip(*runs_of_all, strict=True)
        if any((talk.lines, talk.end) != (talks[0].lines, talks[0].end) for talk in talks)
    ]


def simulate(assistant: RunningAssistant, seeds: Iterable[int]) -> Iterator[Conversation]:
    """One conversation per seed, one after another."""
    records = Records(assistant.database)
    with requests.Session() as http:
        for seed in seeds:
            yield converse(assistant, http, records, draw(seed))


def converse(
    assistant: RunningAssistant, http: requests.Session, records: Records, persona: Persona
) -> Conversation:
    """One conversation from the first message to the checks of the database."""
    talk = Conversation(persona)
    buyer = Buyer(persona)
    before, log_start = records.counts(), assistant.log_size()
    started = time.perf_counter()
    try:
        _talk(buyer, Session(assistant.url, http), talk)
    except AssertionError as error:
        talk.problem = str(error) or repr(error)
    except Exception:  # the transcript is needed most when the simulator itself is wrong
        talk.problem = traceback.format_exc()
    talk.seconds = time.perf_counter() - started
    talk.repairs = buyer.repairs
    talk.end = records.of_order(persona.parcel.number)
    after = records.counts()
    talk.end |= {table: after[table] - before[table] for table in _COUNTED}
    if talk.problem is None:
        talk.problem = _wrong_at_the_end(buyer, talk)
    logged = assistant.log_since(log_start)
    if "Traceback" in logged or " ERROR " in logged:
        talk.problem = f"{talk.problem or ''}\nin the servers' logs:\n{logged[-3000:]}"
    return talk


def _talk(buyer: Buyer, session: Session, talk: Conversation) -> None:
    move: Move | None = buyer.opening()
    same: list[str | None] = []
    reply = Reply()
    while move is not None:
        talk.messages += 1
        assert talk.messages <= MAX_MESSAGES, "the conversation never ends"
        is_text = not (move.is_tap or move.is_photo)
        talk.lines.append(f"  buyer: {move.text if is_text else f'[{move.text}]'}")
        reply = session.send(move)
        _note(talk, reply)
        _check_reply(buyer.persona, reply)
        confirms = move.text.startswith(("Yes, ", "Confirm withdrawal"))
        doubles = move.is_tap and confirms and buyer.persona.has("double_taps")
        if doubles:
            talk.lines.append("  buyer: (the same tap again)")
            second = session.again()
            _note(talk, second)
            _check_reply(buyer.persona, second)
        same = [*same, reply.asks] if same[-1:] == [reply.asks] else [reply.asks]
        asked = reply.asks
        assert asked is None or len(same) <= MAX_SAME_QUESTION, f"{asked} asked {len(same)} times"
        move = buyer.next(reply)
    assert buyer.is_done, "the buyer left without an answer"
    leads_on = bool(reply.titles) or "?" in reply.text or WAYS_ON & set(reply.said)
    assert leads_on, f"the conversation ends without a way on: {reply.said}"


def _note(talk: Conversation, reply: Reply) -> None:
    for message in reply.messages:
        titles = [b["title"] for b in message.get("buttons", [])]
        text = _masked(message.get("text") or "").replace("\n", "\n         ")
        name = message.get("response") or ""
        talk.lines.append(f"  bot:   {text} {titles or ''} ({name})")


def _masked(text: str) -> str:
    """The text without numbers that are drawn at random."""
    return _PUBLIC_NUMBER.sub(r"\1-****", text)


def _check_reply(persona: Persona, reply: Reply) -> None:
    assert reply.messages, "no reply"
    for message in reply.messages:
        assert (message.get("text") or "").strip(), f"an empty message: {message}"
        assert "{" not in message["text"], f"a placeholder is left over: {message['text']}"
    bad = FORBIDDEN & set(reply.said)
    # What the channel itself says has no response's name.
    bad |= {name for name in FORBIDDEN if say(name) in reply.text}
    assert not bad, f"said {sorted(bad)}"
    own = {order["number"] for order in (persona.parcel.record, *persona.parcel.others)}
    numbers = set(_ORDER_NUMBER.findall(reply.text)) - own
    assert not numbers, f"tells order numbers of others: {sorted(numbers)}"
    addresses = set(_ADDRESS.findall(reply.text)) - {persona.parcel.email}
    assert not addresses, f"tells e-mail addresses of others: {sorted(addresses)}"


def _wrong_at_the_end(buyer: Buyer, talk: Conversation) -> str | None:
    persona = buyer.persona
    people = buyer.asked_person + (persona.need == PERSON)
    wanted = expected.outcome(persona, people)
    should = {
        "requests": list(wanted.requests),
        "cancelled": wanted.cancelled,
        "return_requests": len(wanted.requests),
        "order_cancellations": int(wanted.cancelled),
        "hand_offs": wanted.hand_offs,
        "seller_messages": wanted.seller_messages,
        "withdrawals": wanted.withdrawals,
    }
    if talk.end != should:
        return f"the policy says it should be {should}"
    return buyer.unlike_policy or buyer.told_wrong

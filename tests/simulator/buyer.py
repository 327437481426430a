"""A buyer who reads what the assistant says and answers from what is true of the case."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pycountry

from bot.policy import RouteId
from bot.words import label
from tests.simulator import expected
from tests.simulator.persona import (
    CANCEL,
    CHECK,
    CHECK_GENERAL,
    FILE,
    FREE_RETURN,
    IN_HAND,
    PERSON,
    RIGHTS,
    SELLER,
    TRACK_ORDER,
    TRACK_REQUEST,
    Persona,
)
from tests.simulator.phrases import bank, phrases, with_typo
from tests.simulator.shop import TODAY, order_number
from tests.simulator.told import told_wrong

FACTS = (
    "country",
    "category",
    "region",
    "postal_code",
    "placed_on",
    "shipment",
    "delivered_on",
    "discovered_on",
    "guaranteed_by",
    "protection_ends_on",
    "free_return_label",
    "oversize",
    "durable",
    "used",
    "damaged_by_buyer",
    "seals_removed",
    "packaging_kept",
    "complete",
    "media_unwrapped",
)
PAST_DAYS = ("placed_on", "delivered_on", "discovered_on")
DAYS = (*PAST_DAYS, "guaranteed_by", "protection_ends_on")
QUESTIONS = {
    "utter_ask_order_number": "order_number",
    "utter_ask_email": "email",
    "utter_ask_items": "items",
    "utter_ask_order_known": "order_known",
    "utter_ask_reason": "reason",
    "utter_ask_route": "route",
    "utter_ask_route_choice": "route",
    "utter_ask_route_of_some": "route",
    "utter_ask_route_choice_of_some": "route",
    "utter_ask_more_items": "more_items",
    "utter_ask_quantity": "quantity",
    "utter_ask_quantity_left": "quantity",
    "utter_ask_same_answers": "same_answers",
    "utter_ask_evidence": "evidence",
    "utter_ask_evidence_more": "more_evidence",
    "utter_ask_refund_method": "refund_method",
    "utter_summary": "confirm",
    "utter_summary_cancellation": "confirm_cancel",
    "utter_withdraw_statement": "statement",
    "utter_ask_withdraw_which": "withdraw_items",
    "utter_ask_change": "change",
    "utter_ask_rating": "rating",
    "utter_ask_rating_comment": "rating_comment",
    "utter_ask_seller_message": "seller_message",
    "utter_seller_preview": "confirm_seller",
    "utter_rights_which_country": "rights_country",
    "utter_ask_rights_reason": "rights_reason",
    "utter_ask_rights_received": "rights_received",
    **{f"utter_ask_{fact}": fact for fact in FACTS},
}
"""The response that asks, and what it asks for."""

GOALS = {
    FILE: {
        "utter_filed",
        "utter_cancelled",
        "utter_no_route_next",
        "utter_item_already_filed",
        "utter_not_cancelled_unpaid",
        "utter_already_cancelled",
        "utter_stopped",
        "utter_withdrawn",
        "utter_withdraw_declined",
        "utter_withdraw_declined_until",
    },
    CHECK: {"utter_decision", "utter_item_already_filed", "utter_not_cancelled_unpaid"},
    CHECK_GENERAL: {"utter_decision"},
    TRACK_ORDER: {
        f"utter_shipment_{state}"
        for state in (
            "unpaid",
            "not_shipped",
            "not_shipped_undated",
            "not_shipped_late",
            "in_transit",
            "in_transit_undated",
            "in_transit_late",
            "delivered",
            "delivered_undated",
            "lost",
        )
    },
    TRACK_REQUEST: {"utter_tracking_none", "utter_tracking_request", "utter_tracking_ended"},
    CANCEL: {
        "utter_cancelled",
        "utter_already_shipped",
        "utter_not_cancelled_unpaid",
        "utter_not_cancelled",
        "utter_not_cancelled_filed",
        "utter_stopped",
    },
    RIGHTS: {"utter_rights_eu", "utter_rights_br", "utter_rights_other", "utter_rights_told"},
    FREE_RETURN: {
        "utter_free_return",
        "utter_free_return_in_between",
        "utter_free_return_checked",
    },
    SELLER: {"utter_seller_messaged", "utter_seller_not_messaged", "utter_stopped"},
    PERSON: {"utter_handed_off"},
}
"""The responses after which a buyer with this need has got an answer."""

NOT_HERE_GOALS = {"utter_item_already_filed", "utter_not_cancelled_unpaid"}
"""Those of a buyer whose parcel counts as delivered and isn't there, beside a person."""

WANTED_BUTTONS = {
    "not_arrived": ("It never arrived", "Get a refund", "It's not here"),
    "arrived_damaged": ("It arrived damaged",),
    "not_as_described": ("It's not as described", "It's not what was described"),
    "shortage": ("Something is missing",),
    "stopped_working": ("It stopped working",),
    "change_of_mind": ("I changed my mind",),
    FILE: ("Return or refund", "File a return", "File a refund", "Get a refund"),
    CHECK: ("Can I return it?", "Check my item"),
    CHECK_GENERAL: ("Can I return it?", "Check my item"),
    TRACK_ORDER: ("Where is my order", "Where is it?"),
    TRACK_REQUEST: ("Track my request",),
    CANCEL: ("Cancel an order", "Cancel the order"),
    RIGHTS: ("My rights",),
    FREE_RETURN: ("Free Return",),
    SELLER: ("Contact the seller", "Ask the seller"),
    PERSON: ("Talk to a person",),
}
"""Buttons that lead to a need, outside any question."""

TALKS_OF_LATER = frozenset({"items", "reason", *FACTS})
"""Questions at which a buyer may notice that an earlier answer was wrong."""
BESIDE_THE_WAYS = ("Not now", "Talk to a person", "Withdraw from contract here")
"""Buttons below the question for the way that are none of the policy's ways."""
MAX_OPENINGS = 4
MAX_CORRECTIONS = 3


class Stuck(AssertionError):
    """The buyer doesn't know what to say: a question nobody taught, or no way to the need."""


@dataclass
class Move:
    """What the buyer does next: types a text, taps the button with this title, or adds a photo."""

    text: str
    is_tap: bool = False
    is_photo: bool = False


@dataclass
class Reply:
    """What the assistant said to one message.

    Attributes:
        messages: as the channel gave them.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def said(self) -> list[str]:
        """Names of the responses."""
        return [m["response"] for m in self.messages if m.get("response")]

    @property
    def text(self) -> str:
        """All text."""
        return "\n".join(m.get("text") or "" for m in self.messages)

    @property
    def titles(self) -> list[str]:
        """Titles of all buttons."""
        return [b["title"] for m in self.messages for b in m.get("buttons", [])]

    @property
    def question_titles(self) -> list[str]:
        """Titles of the buttons below the question."""
        asking = [m for m in self.messages if m.get("response") in QUESTIONS]
        return [b["title"] for m in asking[-1:] for b in m.get("buttons", [])]

    @property
    def asks(self) -> str | None:
        """What is asked for; None when nothing is."""
        asked = [QUESTIONS[name] for name in self.said if name in QUESTIONS]
        unknown = [n for n in self.said if n.startswith("utter_ask_") and n not in QUESTIONS]
        if unknown:
            raise Stuck(f"the simulator doesn't know the question {unknown[0]}")
        return asked[-1] if asked else None


class Buyer:
    """Plays a persona.

    Attributes:
        persona: who it is.
        repairs: what the assistant had got wrong and the buyer put right.
        asked_person: how often the buyer asked for a person.
        is_done: whether the need is met.
        told_wrong: how the answer to the need differs from what the facts say; None when not.
        unlike_policy: how the ways that were offered last differ from the policy's; "" when not.
    """

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self.repairs: list[str] = []
        self.asked_person = 0
        self.is_done = False
        self.unlike_policy = ""
        self.told_wrong: str | None = None
        self._rng = random.Random(f"buyer {persona.seed}")
        self._pending: set[str] = set(persona.habits)
        self._openings = 0
        self._asked: dict[str, int] = {}
        self._wrong: set[str] = set()
        self._digress_at = self._rng.randrange(1, 7)
        self._hesitate_at = self._rng.randrange(1, 7)
        self._questions = 0
        self._corrections = 0
        self._letter = ""
        self._photos = 0
        self._is_leaving = False
        self._returns_to: str | None = None
        self._after_change: str | None = None
        self._is_at_rest = False
        self._knows_rest = False

    # --- what comes next ------------------------------------------------------------------------

    def opening(self) -> Move:
        """The first message."""
        if self._takes("greets"):
            return Move(self._pick("greetings"))
        return self._state_need()

    def next(self, reply: Reply) -> Move | None:
        """What the buyer does after a reply.

        Returns:
            None when the buyer leaves.

        Raises:
            Stuck: when nobody would know how to go on.
        """
        asks = reply.asks
        self._check_return(asks, reply)
        self._knows_rest |= "utter_pieces_already_filed" in reply.said
        if self._is_answered(reply):
            return self._finish(reply)
        if "utter_paused" in reply.said:
            return self._tap_or_type("Continue", reply, "resume")
        if "utter_not_here" in reply.said:
            return self._ask_for_person(reply)
        if self.persona.need == CHECK_GENERAL and "Tell me the rules" in reply.titles:
            return Move("Tell me the rules", is_tap=True)
        if asks:
            return self._at_question(asks, reply)
        return self._without_question(reply)

    def _at_question(self, asks: str, reply: Reply) -> Move:
        self._asked[asks] = self._asked.get(asks, 0) + 1
        self._questions += 1
        interruption = self._interrupts(asks, reply)
        if interruption:
            return interruption
        return self._answer(asks, reply)

    def _ask_for_person(self, reply: Reply) -> Move:
        """Lets a person look for a parcel that counts as delivered and isn't there."""
        assert expected.needs_person(self.persona), "taken for a parcel that isn't here"
        self.asked_person += 1
        return self._tap_or_type("Talk to a person", reply, "bring_person")

    def _without_question(self, reply: Reply) -> Move:
        """Goes for the need again: a button that leads there, or other words."""
        wanted = [title for key in self._wanted_keys() for title in WANTED_BUTTONS[key]]
        offered = [t for w in wanted for t in reply.titles if t.startswith(w)]
        greeted = reply.said == ["utter_greet"]
        if offered and (not greeted or self._rng.random() < 0.3):
            self._openings += 1
            return Move(offered[0], is_tap=True)
        return self._state_need()

    def _state_need(self) -> Move:
        if self._openings:
            self.repairs.append("said the need again")
        self._openings += 1
        if self._openings > MAX_OPENINGS:
            raise Stuck("said the need again and again, and never got to it")
        persona = self.persona
        key = persona.need
        if key == FILE and persona.states_reason:
            key = self._stated_reason()
        elif key == CHECK_GENERAL:
            key = CHECK
        text = self._pick("openings", key, item=persona.item_name)
        values = {"opening": text, "number": self._first_number(), "email": self._first_email()}
        if self._takes("everything_at_once"):
            text = self._pick("with_all", **values)
        elif self._takes("order_early"):
            text = self._pick("with_order", **values)
        if self._takes("typos"):
            text = with_typo(text, self._rng, f"{persona.item_name} {persona.parcel.email}")
        return Move(text[0].upper() + text[1:] if self._rng.random() < 0.4 else text)

    # --- habits ---------------------------------------------------------------------------------

    def _interrupts(self, asks: str, reply: Reply) -> Move | None:
        if asks in ("change", "order_known", "seller_message") or asks.startswith("rights_"):
            return None
        if "answer" in self._wrong and asks in (*FACTS, "route"):
            self._wrong.discard("answer")
            return Move(self._pick("corrections", "answer"))
        if "utter_reason_changed" in reply.said:
            self._wrong.discard("reason")
        if "reason" in self._wrong and asks in (*FACTS, "route"):
            self._corrections += 1
            if self._corrections == 1:
                return Move(self._pick("corrections", "reason", self.persona.reason))
            self.repairs.append("said the right reason again")
            if self._corrections <= MAX_CORRECTIONS:
                return Move(f"actually, {self._pick('openings', self.persona.reason)}")
            # The summary shows it, and has it changed.
            self._wrong.discard("reason")
        if "item" in self._wrong and asks in (*FACTS, "route"):
            self._wrong.discard("item")
            return Move(self._pick("corrections", "item"))
        if asks == "email" and "order" in self._wrong:
            self._wrong.discard("order")
            return Move(self._pick("corrections", "order"))
        if self._questions >= self._digress_at and self._takes("digresses"):
            self._returns_to = asks
            topic = self._rng.choice(sorted(phrases_of_digressions()))
            return Move(self._pick("digressions", topic))
        if self._questions >= self._hesitate_at and self._takes("hesitates"):
            self._returns_to = asks
            return Move(self._pick("hesitations"))
        return None

    def _check_return(self, asks: str | None, reply: Reply) -> None:
        """After a question in between the assistant must come back to its own."""
        if self._returns_to is None:
            return
        expected_question, self._returns_to = self._returns_to, None
        waits = "utter_paused" in reply.said
        assert asks == expected_question or waits, (
            f"asked in between, and {expected_question} isn't asked again"
        )
        self._questions -= 1

    # --- answers --------------------------------------------------------------------------------

    def _answer(self, asks: str, reply: Reply) -> Move:
        if asks in FACTS:
            return self._answer_fact(asks, reply)
        answer: Move = getattr(self, f"_answer_{asks}")(reply)
        return answer

    def _answer_order_number(self, reply: Reply) -> Move:
        if self.persona.need == CHECK_GENERAL:
            return self._typed("no_order")
        self._wrong.discard("order")
        if self._types_both and not self._asked.get("email"):
            return self._typed("both", number=self._first_number(), email=self._first_email())
        return self._typed("order_number", number=self._first_number())

    @property
    def _types_both(self) -> bool:
        return self.persona.seed % 5 == 0

    def _answer_email(self, reply: Reply) -> Move:
        return self._typed("email", email=self._first_email())

    def _answer_order_known(self, reply: Reply) -> Move:
        value = "no" if self.persona.need == CHECK_GENERAL else "yes"
        return self._tap_or_type(value.capitalize(), reply, "order_known", value)

    def _answer_items(self, reply: Reply) -> Move:
        title = self.persona.item["title"]
        if self._takes("corrects_item"):
            title = self._rng.choice(
                [i["title"] for i in self.persona.parcel.items if i["title"] != title]
            )
            self._wrong.add("item")
        name = self.persona.item_name if title == self.persona.item["title"] else None
        if title not in reply.titles:
            # It isn't offered since it was returned already; this buyer doesn't know.
            return self._typed("item")
        if name is None:
            return Move(self._button(reply, title), is_tap=True)
        return self._tap_or_type(title, reply, "item", item=name)

    def _answer_more_items(self, reply: Reply) -> Move:
        return self._tap_or_type("No, that's all", reply, "no_more_items")

    def _answer_quantity(self, reply: Reply) -> Move:
        wanted, offered = self.persona.quantity, self.persona.item["quantity"]
        if self._is_at_rest:
            wanted = offered = expected.pieces_left(self.persona)
        title = f"All {offered}" if wanted == offered else str(wanted)
        key = "quantity_left" if self._is_at_rest else "quantity"
        return self._tap_or_type(title, reply, key, quantity=wanted)

    def _answer_same_answers(self, reply: Reply) -> Move:
        return self._tap_or_type("No, that differs", reply, "keep_apart")

    def _answer_reason(self, reply: Reply) -> Move:
        reason = self._stated_reason()
        title = next(t for w in WANTED_BUTTONS[reason] for t in reply.titles if t.startswith(w))
        return self._tap_or_type(title, reply, "openings", reason, item=self.persona.item_name)

    def _answer_fact(self, fact: str, reply: Reply) -> Move:
        value = self.persona.truth[fact]
        if fact == "delivered_on" and value is None:
            raise Stuck("asked when it came, and it never came")
        if fact in DAYS:
            return self._answer_date(fact, value, reply)
        if fact == "country":
            return self._typed("country", country=_country_name(str(value)))
        if fact in ("region", "postal_code"):
            return self._typed(fact, **{fact: value})
        if fact == "category":
            return self._typed("category", category=self._category_name(str(value)))
        if fact == "shipment":
            title = {"not_shipped": "Not shipped", "in_transit": "On its way"}.get(value)
            return self._tap_or_type(
                title or str(value).capitalize().replace("Lost", "Reported lost"),
                reply,
                "shipment",
                str(value),
            )
        return self._answer_yes_no(fact, value, reply)

    def _answer_yes_no(self, fact: str, value: bool | None, reply: Reply) -> Move:
        if value is not None and fact in self._conditions and self._takes("corrects_answer"):
            value = not value
            self._wrong.add("answer")
        if value is None:
            return self._tap_or_type("I don't know", reply, "facts", fact, "unknown")
        key = "yes" if value else "no"
        title = key.capitalize()
        if fact == "durable":
            title = "Made to last" if value else "Used up quickly"
        return self._tap_or_type(title, reply, "facts", fact, key)

    _conditions = (
        "used",
        "damaged_by_buyer",
        "seals_removed",
        "packaging_kept",
        "complete",
        "media_unwrapped",
    )

    def _answer_date(self, fact: str, value: str | None, reply: Reply) -> Move:
        if value is None:
            return self._tap_or_type("I don't know", reply, "date_unknown")
        when = date.fromisoformat(value)
        values = {
            "days_ago": (TODAY - when).days,
            "day": when.day,
            "month": when.strftime("%B"),
            "year": when.year,
            "iso": value,
        }
        past = when < TODAY and fact in PAST_DAYS
        near = (TODAY - when).days < 300
        return self._typed("date" if past and near else "date_to_come", **values)

    def _answer_route(self, reply: Reply) -> Move:
        persona = self.persona
        if persona.need != FILE:
            return self._decline_way(reply)
        routes = expected.open_routes(persona)
        names = [_route_name(route) for route in routes]
        offered = [t.removeprefix("Yes: ") for t in reply.question_titles]
        offered = [t for t in offered if t not in BESIDE_THE_WAYS]
        differs = sorted(offered) != sorted(names)
        self.unlike_policy = f"ways offered: {offered}; the policy says: {names}" * differs
        if persona.has("declines_way"):
            return self._decline_way(reply)
        name = _route_name(routes[min(persona.prefers, len(routes) - 1)]) if routes else ""
        if name not in offered:
            # Something was misunderstood: the summary will show what.
            name = offered[0]
        if len(offered) == 1 and self._types():
            return self._typed("route_only")
        title = next(t for t in reply.question_titles if t.removeprefix("Yes: ") == name)
        return self._tap_or_type(title, reply, "route", route=name)

    def _decline_way(self, reply: Reply) -> Move:
        return self._tap_or_type("Not now", reply, "route_decline")

    def _answer_evidence(self, reply: Reply) -> Move:
        if self.persona.has("attaches_photo"):
            self._photos += 1
            return Move(f"crack-{self._photos}.jpg", is_photo=True)
        if self.persona.has_photo:
            return self._typed("photo", number=self.persona.parcel.number)
        return self._tap_or_type("I'll add it later", reply, "no_photo")

    def _answer_more_evidence(self, reply: Reply) -> Move:
        return self._tap_or_type("That's all", reply, "no_more_photos")

    def _answer_refund_method(self, reply: Reply) -> Move:
        method = self.persona.refund
        if self._takes("changes_refund"):
            method = "bonus" if method == "original_payment" else "original_payment"
            self._after_change = "The refund method"
        title = "Fast refund bonus" if method == "bonus" else "Original payment method"
        return self._tap_or_type(title, reply, "refund_method", method)

    def _answer_confirm(self, reply: Reply) -> Move:
        if self._photos and "utter_summary" in reply.said:
            assert "photo" in reply.text, "the summary doesn't name the photo"
        change = self._after_change or self._wrong_in_summary(reply)
        if change:
            self._after_change = change
            return self._tap_or_type("Change something", reply, "change")
        if self.persona.need != FILE or self.persona.has("declines_summary"):
            return self._tap_or_type("Stop", reply, "stop")
        return self._tap_or_type("Yes, file it", reply, "confirm")

    def _answer_confirm_cancel(self, reply: Reply) -> Move:
        persona = self.persona
        wants = persona.need == CANCEL or (
            persona.need == FILE
            and expected.chosen_route(persona) is RouteId.CANCELLATION
            and not persona.has("declines_way")
        )
        if wants and not persona.has("declines_summary"):
            return self._tap_or_type("Yes, cancel it", reply, "confirm_cancel")
        if "No, keep it" in reply.titles:
            return self._tap_or_type("No, keep it", reply, "keep")
        return self._tap_or_type("Stop", reply, "stop")

    def _answer_statement(self, reply: Reply) -> Move:
        persona = self.persona
        if persona.need != FILE or persona.has("declines_summary"):
            return self._tap_or_type("Not now", reply, "no_statement")
        if f"× {persona.item['title']}" not in reply.text:
            self.repairs.append("statement: the goods")
            return Move(self._button(reply, "Change the goods"), is_tap=True)
        return self._tap_or_type("Confirm withdrawal", reply, "statement")

    def _answer_withdraw_items(self, reply: Reply) -> Move:
        return Move(self._button(reply, self.persona.item["title"]), is_tap=True)

    def _answer_seller_message(self, reply: Reply) -> Move:
        if self.persona.need != SELLER:
            self.repairs.append("led to a letter to the seller")
            self._is_leaving = True
            return Move(self._pick("stop"))
        self._letter = self._pick("seller_message")
        return Move(self._letter)

    def _answer_confirm_seller(self, reply: Reply) -> Move:
        if self.persona.has("declines_summary"):
            return self._tap_or_type("No, don't send it", reply, "no_letter")
        if not self._letter or self._letter not in reply.text:
            self.repairs.append("the words for the seller")
            return Move(self._button(reply, "Change the words"), is_tap=True)
        return self._tap_or_type("Yes, send it", reply, "send")

    def _answer_change(self, reply: Reply) -> Move:
        title, self._after_change = self._after_change or "Stop", None
        return Move(self._button(reply, title), is_tap=True)

    def _answer_rights_country(self, reply: Reply) -> Move:
        country = str(self.persona.truth["country"])
        return self._typed("country", country=_country_name(country))

    def _answer_rights_reason(self, reply: Reply) -> Move:
        return Move(self._button(reply, "Just in general"), is_tap=True)

    def _answer_rights_received(self, reply: Reply) -> Move:
        return Move(self._button(reply, "I don't know"), is_tap=True)

    def _wrong_in_summary(self, reply: Reply) -> str | None:
        """What a buyer who reads the summary would want changed."""
        persona = self.persona
        route = expected.chosen_route(persona)
        if persona.need != FILE or route is None:
            return None
        wanted = {
            "The item": persona.item["title"],
            "What happened": label("reason", persona.reason),
            "The way": _route_name(route),
            "The refund method": label("refund", persona.refund),
        }
        if "refund" not in expected.refund_method(persona, route):
            wanted["The refund method"] = label("refund", expected.refund_method(persona, route))
        for title, words in wanted.items():
            if words not in reply.text and title != "The refund method":
                self.repairs.append(f"summary: {title}")
                return title
        return None

    # --- the end --------------------------------------------------------------------------------

    def _is_answered(self, reply: Reply) -> bool:
        if self._is_leaving:
            self._is_leaving = False
            return False
        goals = GOALS[self.persona.need]
        if expected.needs_person(self.persona):
            is_left = self.persona.has("declines_way")
            goals = NOT_HERE_GOALS | {"utter_not_here" if is_left else "utter_handed_off"}
        return self.is_done or bool(goals & set(reply.said))

    def _finish(self, reply: Reply) -> Move | None:
        """What a buyer says once the need is met."""
        if "reason" in self._wrong and not self.is_done:
            self._wrong.discard("reason")
            return Move(self._pick("corrections", "reason", self.persona.reason))
        if self._wrong and "Change my answers" in reply.titles and not self.is_done:
            # What was said wrong ended it: no way was open.
            return Move("Change my answers", is_tap=True)
        files = {"utter_filed", "utter_withdrawn"} & set(reply.said) and not self.is_done
        if files and expected.files_rest(self.persona):
            if not self._is_at_rest:
                self._is_at_rest = True
                return Move(self._pick("openings", self.persona.reason))
            assert self._knows_rest, "isn't told that some pieces are filed already"
        if not self.is_done:
            self.is_done = True
            if not self._wrong:
                self.told_wrong = told_wrong(self.persona, reply, self._asked)
            if self.persona.need != PERSON and self._takes("asks_person_at_the_end"):
                self.asked_person += 1
                return Move(self._pick("openings", PERSON))
            if reply.asks == "route":
                return self._decline_way(reply)
        if self._takes("says_goodbye"):
            return Move(self._pick("goodbyes"))
        return None

    # --- helpers --------------------------------------------------------------------------------

    def _wanted_keys(self) -> list[str]:
        persona = self.persona
        if persona.need == FILE:
            return [persona.reason, FILE] if persona.states_reason else [FILE]
        return [persona.need]

    def _stated_reason(self) -> str:
        """The reason that is said now; somebody who corrects it begins with another."""
        self._wrong.discard("reason")
        if self.persona.reason in IN_HAND and self._takes("corrects_reason"):
            self._wrong.add("reason")
            return self._rng.choice([r for r in IN_HAND if r != self.persona.reason])
        return self.persona.reason

    def _first_number(self) -> str:
        """The order number; a wrong one first, for those who mix it up."""
        if self._takes("wrong_number_first"):
            return order_number(self.persona.seed, 9)
        if self._takes("corrects_order"):
            self._wrong.add("order")
            return order_number(self.persona.seed, 9)
        return self.persona.parcel.number

    def _first_email(self) -> str:
        email = self.persona.parcel.email
        if self._takes("wrong_email_first"):
            return email[0] + email[2] + email[1] + email[3:]
        return email

    def _category_name(self, category: str) -> str:
        return str(expected.clauses().in_force(TODAY).categories[category].name)

    def _takes(self, habit: str) -> bool:
        """Whether the buyer has a habit that wasn't acted on yet."""
        if habit in self._pending:
            self._pending.discard(habit)
            return True
        return False

    def _types(self) -> bool:
        return self._rng.random() < (0.85 if self.persona.has("types") else 0.3)

    def _tap_or_type(self, title: str, reply: Reply, *keys: str, **values: Any) -> Move:
        """Taps the button, or types the answer; who wasn't understood taps."""
        asked_before = max(self._asked.values(), default=0) > 2
        if self._types() and not asked_before:
            return Move(self._pick(*keys, **values))
        return Move(self._button(reply, title), is_tap=True)

    def _typed(self, *keys: str, **values: Any) -> Move:
        return Move(self._pick(*keys, **values))

    @staticmethod
    def _button(reply: Reply, title: str) -> str:
        found = [t for t in reply.titles if t.startswith(title)]
        if not found:
            raise Stuck(f"no button {title!r} among {reply.titles}")
        return found[0]

    def _pick(self, *keys: str, **values: Any) -> str:
        values.setdefault("item", self.persona.item_name)
        values.setdefault("seller", self.persona.parcel.record["seller"])
        return self._rng.choice(phrases(*keys)).format(**values)


def phrases_of_digressions() -> list[str]:
    """What may be asked in between."""
    return list(bank()["digressions"])


def _route_name(route: RouteId) -> str:
    return str(expected.clauses().in_force(TODAY).texts.routes[route].name)


def _country_name(code: str) -> str:
    return str(pycountry.countries.get(alpha_2=code).name)

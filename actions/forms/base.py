"""How our forms work: read the message, then ask the one thing that is still missing.

A form's steps aren't a fixed list: the decision says which facts it still lacks. So one
`validate_...` action reads the answer and names the next slot; Rasa asks for it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from rasa_sdk.events import EventType, SlotSet

from actions import evidence, identify, threads
from actions.answers import answer
from actions.not_understood import (
    NOT_UNDERSTOOD,
    asks_what_now,
    explain_question,
    say_not_understood,
)
from actions.outcomes import FAILED
from actions.reading import REASONS
from actions.safe_action import SafeAction
from actions.talk import Talk
from actions.tell_clause import explain
from bot.understanding.feelings import is_danger
from bot.understanding.item_words import has_words

REQUESTED_SLOT = "requested_slot"
CORRECTIONS = frozenset({"correct_order", "correct_item", "correct_answer"})
ANSWERS_ONLY = frozenset({"inform", "affirm", "deny", "defer", *CORRECTIONS})
"""Intents of buttons that mean nothing but an answer to one question."""


class Form(SafeAction):
    """A form with steps that depend on what is known.

    Class attributes:
        form: its name in domain.yml.
        need: the intent that it serves when none of its triggers started it.
        triggers: intents that start it; said again inside it, they ask the question again.
        resets: slots that a new start empties, beside what the last dialogue ended with.
        free_text: slots whose answer is what was typed, be it a need or a call for a person.
        supersedes: dialogues that needn't be gone back to once this one took over.
    """

    form = ""
    triggers: frozenset[str] = frozenset()
    need = ""
    resets: tuple[str, ...] = ()
    supersedes: frozenset[str] = frozenset()
    free_text: frozenset[str] = frozenset()

    def name(self) -> str:
        """The validation action's name, as Rasa derives it from the form's."""
        return f"validate_{self.form}"

    @abstractmethod
    def next_step(self, talk: Talk) -> str | None:
        """The slot to ask for next, or None when the form is complete."""

    @abstractmethod
    def readers(self) -> dict[str, Callable[[Talk], None]]:
        """Slot to the function that reads its answer from the message into `talk`."""

    def start(self, talk: Talk) -> None:
        """Takes what the first message already says."""
        talk.clear("outcome", "misses", *self.resets)
        identify.list_orders_again(talk)
        identify.take_entities(talk)

    def correct(self, talk: Talk) -> None:
        """Takes back what the buyer says was wrong."""
        if talk.intent == "correct_order":
            identify.take_other_order(talk)

    def act(self, talk: Talk) -> list[EventType]:
        """Reads the message, then says what to ask next.

        Returns:
            Nothing but the same `requested_slot` when the message held no answer: Rasa then
            looks for a rule that answers it, and comes back to the form.
        """
        requested = self._requested(talk)
        wants_person = requested not in self.free_text or is_danger(talk.text)
        if requested and talk.intent == "ask_human" and wants_person:
            # To its rule at once: a person is there also when the desk isn't.
            return [SlotSet(REQUESTED_SLOT, requested)]
        if requested is None:
            self.begin(talk)
        elif self._is_new_message(talk):
            self._take(talk, requested)
        step = self.next_step(talk)
        return [*self._progress(talk, requested), SlotSet(REQUESTED_SLOT, step)]

    def in_between(self, talk: Talk) -> bool:
        """Answers a message that holds no answer to this dialogue's question.

        Returns:
            Whether the dialogue stays in charge and asks its question again. Otherwise Rasa looks
            for the rule of the intent: another need, a person, stop.
        """
        if talk.is_tap and talk.intent in ANSWERS_ONLY | self._own_intents():
            # A button of an earlier question, or of another tab.
            talk.say("utter_button_passed")
        elif asks_what_now(talk):
            explain_question(talk)
            return True
        elif self._just_goes_on(talk):
            # Counted, so that saying it again gets help.
            talk.set("misses", 1)
            return True
        elif talk.intent in self._own_intents():
            if not talk.is_tap and "?" not in talk.text:
                # A remark that changes nothing is heard; it goes along with the talk.
                talk.say("utter_noted")
        elif evidence.explains(talk) or answer(talk) or explain(talk):
            pass
        elif talk.intent in NOT_UNDERSTOOD:
            say_not_understood(talk)
        else:
            return False
        threads.acknowledge(talk)
        # A slot event keeps the form in charge; without one Rasa would reject the form, run the
        # intent's rule, which may be this form again, and so on until its circuit breaker trips.
        talk.set("misses", talk.get("misses") or 0)
        return True

    def _just_goes_on(self, talk: Talk) -> bool:
        """Whether the message only takes the thread up again ("ok go on")."""
        may_be = talk.intent in NOT_UNDERSTOOD | self.triggers and not talk.get("misses")
        return may_be and not talk.is_tap and has_words(talk.text, "resume")

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Leaves the form; what it knows is kept for the next try."""
        return [SlotSet("outcome", FAILED), SlotSet(REQUESTED_SLOT, None)]

    def begin(self, talk: Talk) -> None:
        """Starts anew, or goes on where the dialogue was left."""
        if talk.get("resuming"):
            talk.clear("resuming", "outcome", "misses")
            return
        left = self._took_over_from(talk)
        waiting = talk.get("left") or []
        if not left and waiting and waiting[-1]["form"] == self.form and threads.goes_back(talk):
            threads.restore(talk)
            talk.clear("resuming", "outcome", "misses")
            return
        if left:
            threads.remember_left(talk, left, self.supersedes)
        threads.drop_left(talk, self.form, *self.supersedes)
        talk.clear("offered")
        threads.acknowledge(talk)
        if talk.intent in self.triggers:
            threads.take_need(talk, talk.intent)
        elif talk.get("need") not in self.triggers:
            threads.take_need(talk, self.need)
        self.start(talk)

    def _take(self, talk: Talk, requested: str) -> None:
        """Reads the answer; a message that holds none is answered in between, or left to rules."""
        welcomed = threads.welcome_back(talk)
        if welcomed and "confirm" in requested:
            # A yes after so long a silence is to be said to the summary as it stands now.
            talk.clear(requested, "filing_key", "summed_up")
            talk.set("misses", 0)
            return
        if evidence.hears(talk, is_free_text=requested in self.free_text):
            return
        self._read(talk, requested)
        if talk.has_changed:
            threads.acknowledge(talk)
        elif welcomed and talk.intent in NOT_UNDERSTOOD | {"greet"}:
            talk.set("misses", 0)
        else:
            self.in_between(talk)

    def _took_over_from(self, talk: Talk) -> str:
        """The dialogue that this one interrupts; empty when there is none."""
        if talk.form != self.form:
            return talk.form
        names = [e.get("name") for e in talk.tracker.events if e.get("event") == "active_loop"]
        return (names[-2] or "") if len(names) > 1 and names[-2] != self.form else ""

    def _own_intents(self) -> frozenset[str]:
        return self.triggers | CORRECTIONS

    def _requested(self, talk: Talk) -> str | None:
        """The slot that was asked for; None when the form starts.

        A form that takes over from another one starts while the other's question is still noted.
        """
        if talk.form != self.form or self._starts_with_this_message(talk):
            return None
        requested: str | None = talk.tracker.slots.get(REQUESTED_SLOT)
        return requested

    def _starts_with_this_message(self, talk: Talk) -> bool:
        for event in reversed(talk.tracker.events):
            if event.get("event") == "user":
                return False
            if event.get("event") == "active_loop" and event.get("name") == self.form:
                return True
        return False

    def _is_new_message(self, talk: Talk) -> bool:
        """False when the form comes back after a question in between was answered."""
        kinds = (event.get("event") for event in reversed(talk.tracker.events))
        return next((kind for kind in kinds if kind in ("user", "bot")), None) == "user"

    def _read(self, talk: Talk, requested: str) -> None:
        if talk.intent in CORRECTIONS:
            self.correct(talk)
            if talk.has_changed:
                talk.say("utter_correction_taken")
                return
        self.readers()[requested](talk)

    def _progress(self, talk: Talk, requested: str | None) -> list[EventType]:
        """Forgets misses once an answer was understood, and remembers it for "go back"."""
        if requested and talk.get(requested) is not None:
            return [SlotSet("misses", 0), SlotSet("last_step", requested)]
        return []


def states_other_reason(talk: Talk) -> str | None:
    """The reason the message states, when it isn't the known one."""
    reason = REASONS.get(talk.intent)
    return reason if reason and reason != talk.get("reason") else None

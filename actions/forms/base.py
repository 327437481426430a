"""How our forms work: read the message, then ask the one thing that is still missing.

A form's steps aren't a fixed list: the decision says which facts it still lacks. So one
`validate_...` action reads the answer and names the next slot; Rasa asks for it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from rasa_sdk.events import EventType, SlotSet

from actions import identify
from actions.reading import REASONS
from actions.safe_action import SafeAction
from actions.talk import Talk

REQUESTED_SLOT = "requested_slot"
FAILED = "failed"
CORRECTIONS = frozenset({"correct_order", "correct_item", "correct_answer"})


class Form(SafeAction):
    """A form with steps that depend on what is known.

    Class attributes:
        form: its name in domain.yml.
        triggers: intents that start it; said again inside it, they ask the question again.
        resets: slots that a new start empties, beside what the last dialogue ended with.
    """

    form = ""
    triggers: frozenset[str] = frozenset()
    resets: tuple[str, ...] = ()

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
        if requested is None:
            self.start(talk)
        elif self._is_new_message(talk):
            self._read(talk, requested)
        step = self.next_step(talk)
        if not talk.has_changed and talk.intent in self._own_intents():
            # Without a slot event Rasa would reject the form, run the intent's rule, which is
            # this form again, and so on until its circuit breaker trips.
            talk.set("misses", talk.get("misses") or 0)
        return [*self._progress(talk, requested), SlotSet(REQUESTED_SLOT, step)]

    def on_failure(self, talk: Talk) -> list[EventType]:
        """Leaves the form; what it knows is kept for the next try."""
        return [SlotSet("outcome", FAILED), SlotSet(REQUESTED_SLOT, None)]

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

"""Works out a conversation's states once for each prediction, where Rasa does it three times.

Before each action two policies look at the conversation's states, and the rules look twice. Each
time Rasa replays the conversation from its first event. What depends on the events alone is kept
here until the next event; what each policy makes of it is done as Rasa does it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from weakref import ref

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

State = dict[str, dict[str, Any]]

_Kept = tuple[Callable[[], "DialogueStateTracker | None"], tuple[Any, ...], list["Turn"]]


@dataclass(frozen=True)
class Turn:
    """A conversation before one of its actions, or as it is now.

    Attributes:
        state: what a policy may look at.
        previous_action: the action before.
        is_loop_or_follow_up: whether the action follows without a prediction of its own.
        is_hidden: whether the action is hidden from stories, as it comes from a rule alone.
    """

    state: State
    previous_action: dict[str, Any]
    is_loop_or_follow_up: bool
    is_hidden: bool


class _Folded:
    """The events of a conversation that count, up to one of them.

    Attributes:
        seen: how many events were looked at.
        latest: the latest of them.
        loops: the names of all dialogues in the conversation.
        applied: those that count.
    """

    def __init__(self, loops: frozenset[str]) -> None:
        self.seen = 0
        self.latest: Event | None = None
        self.loops = loops
        self.applied: list[Event] = []

    def holds_for(self, events: Sequence[Event], loops: frozenset[str]) -> bool:
        """Whether `events` only goes on from what was seen, with no dialogue of a new name."""
        if loops != self.loops or len(events) < self.seen:
            return False
        return not self.seen or events[self.seen - 1] is self.latest

    def add(self, event: Event) -> None:
        """Look at the next event."""
        applied = self.applied
        undo = DialogueStateTracker._undo_till_previous
        if isinstance(event, (Restarted, SessionStarted)):
            self.applied = []
        elif isinstance(event, ActionReverted):
            undo(ActionExecuted, applied)
        elif isinstance(event, UserUtteranceReverted):
            undo(UserUttered, applied)
            undo(ActionExecuted, applied)
        elif self._goes_on(event):
            DialogueStateTracker._undo_till_previous_loop_execution(event.action_name, applied)
        else:
            applied.append(event)
        self.seen += 1
        self.latest = event

    def _goes_on(self, event: Event) -> bool:
        """Whether a dialogue goes on as expected, so that the turns in it don't count."""
        if not isinstance(event, ActionExecuted) or event.action_name not in self.loops:
            return False
        begins = DialogueStateTracker._first_loop_execution_or_unhappy_path
        return not begins(DialogueStateTracker, event.action_name, self.applied)


_last: _Kept = (lambda: None, (), [])
"""The turns that were worked out last: of which conversation, after which event, and they."""


def keep_turns() -> None:
    """Replace Rasa's functions in this process. A second call changes nothing."""
    Slot.__copy__ = copy_slot
    DialogueStateTracker.applied_events = applied_events
    DialogueStateTracker.copy = copy_tracker
    Domain.states_for_tracker_history = states_for_tracker_history


def copy_slot(slot: Slot) -> Slot:
    """A copy that shares the slot's values, as `copy.copy` makes it."""
    twin: Slot = object.__new__(type(slot))
    twin.__dict__.update(slot.__dict__)
    return twin


def copy_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """A conversation as it stands, without replaying it; as in Rasa's own, without its model."""
    twin: DialogueStateTracker = object.__new__(type(tracker))
    twin.__dict__.update(tracker.__dict__)
    twin.__dict__.pop("_folded", None)
    twin.slots = {name: copy_slot(slot) for name, slot in tracker.slots.items()}
    twin.events = copy.copy(tracker.events)
    twin.active_loop = copy.copy(tracker.active_loop)
    twin.model_id = twin.assistant_id = None
    return twin


def applied_events(tracker: DialogueStateTracker) -> list[Event]:
    """The events that count, without those that were taken back, as Rasa finds them.

    What was found for the conversation's earlier events is kept with it.
    """
    events = tracker.events
    loops = frozenset(e.name for e in events if isinstance(e, ActiveLoop) and e.name)
    folded: _Folded | None = getattr(tracker, "_folded", None)
    if folded is None or not folded.holds_for(events, loops):
        folded = tracker._folded = _Folded(loops)
    for event in islice(events, folded.seen, None):
        folded.add(event)
    return list(folded.applied)


def states_for_tracker_history(
    domain: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """The states of a conversation, as Rasa lists them.

    Args:
        domain: the model's domain.
        tracker: the conversation.
        omit_unset_slots: leave slots out that were never set.
        ignore_rule_only_turns: leave turns out that are in rules alone.
        rule_only_data: slots and loops that are in rules alone.

    Returns:
        A state for each action, and one for now; the caller may change them.
    """
    turns = _turns_of(domain, tracker, omit_unset_slots)
    if not ignore_rule_only_turns:
        return [_copy(turn.state) for turn in turns]
    states: list[State] = []
    is_hidden = False
    last_action: dict[str, Any] | None = None
    for turn in turns:
        if not is_hidden:
            last_action = turn.previous_action
        if not turn.is_loop_or_follow_up:
            is_hidden = turn.is_hidden
        if is_hidden:
            continue
        state = _copy(turn.state)
        Domain._remove_rule_only_features(state, rule_only_data)
        if states:
            Domain._substitute_rule_only_user_input(state, states[-1])
        if last_action:
            state["prev_action"] = last_action
        states.append(Domain._clean_state(state))
    return states


def _turns_of(domain: Domain, tracker: DialogueStateTracker, omit_unset_slots: bool) -> list[Turn]:
    """The turns, from what was worked out last when that is the same conversation."""
    global _last
    events = tracker.events
    key = (len(events), id(events[-1]) if events else 0, id(domain), omit_unset_slots)
    kept_of, kept_key, turns = _last
    if kept_of() is not tracker or kept_key != key:
        turns = list(_turns(domain, tracker, omit_unset_slots))
        _last = (ref(tracker), key, turns)
    return turns


def _turns(domain: Domain, tracker: DialogueStateTracker, omit_unset_slots: bool) -> Iterator[Turn]:
    # Only slots that a policy looks at are in a state; the others needn't be replayed.
    looked_at = [slot for slot in tracker.slots.values() if slot.has_features()]
    names = {slot.name for slot in looked_at}
    replayed = DialogueStateTracker(tracker.sender_id, looked_at)

    def turn(is_hidden: bool) -> Turn:
        in_loop = replayed.latest_action_name == replayed.active_loop_name
        return Turn(
            state=domain.get_active_state(replayed, omit_unset_slots=omit_unset_slots),
            previous_action=replayed.latest_action,
            is_loop_or_follow_up=bool(replayed.followup_action) or in_loop,
            is_hidden=is_hidden,
        )

    for event in applied_events(tracker):
        if isinstance(event, ActionExecuted):
            yield turn(event.hide_rule_turn)
        if not isinstance(event, SlotSet) or event.key in names:
            replayed.update(event)
    yield turn(False)


def _copy(state: State) -> State:
    return {kind: copy.copy(part) for kind, part in state.items()}

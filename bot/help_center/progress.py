"""How far a dialogue has come: "Step 3 of 5: your options".

What a form asks depends on what the decision lacks, so its questions can't be counted beforehand.
Its stages can: they come in one order, and each is told of only while its question is open. The
count goes back only when the buyer does: with another order or answer, or one more item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.words import label, say


@dataclass(frozen=True)
class Dialogue:
    """The stages of a dialogue.

    Attributes:
        stages: their names, in order.
        asked_in: the stage of each question, by the slot that it fills.
        otherwise: the stage of every other question.
    """

    stages: tuple[str, ...]
    asked_in: Mapping[str, str]
    otherwise: str


_ORDER = {"order_number": "order", "email": "order"}
DIALOGUES = {
    "file_return_form": Dialogue(
        ("order", "story", "ways", "details", "check"),
        {
            **_ORDER,
            "items": "order",
            "route": "ways",
            "evidence": "details",
            "more_items": "details",
            "refund_method": "details",
            "confirm": "check",
        },
        otherwise="story",
    ),
    "withdraw_form": Dialogue(
        ("order", "goods", "check"), {**_ORDER, "withdraw_confirm": "check"}, otherwise="goods"
    ),
}
_HANDED_OVER = Dialogue(
    DIALOGUES["file_return_form"].stages,
    {**_ORDER, "withdraw_confirm": "check"},
    otherwise="details",
)
"""A withdrawal that a filing has led to goes on with that one's count."""


def progress_of(tracker: Any) -> dict[str, Any] | None:
    """The progress that a conversation's open question shows.

    Args:
        tracker: Rasa's tracker of the conversation, or None.

    Returns:
        `step`, `of`, and `text` to show; None outside a dialogue that has stages.
    """
    form = str(tracker.active_loop_name) if tracker else ""
    dialogue = DIALOGUES.get(form)
    asked = tracker.get_slot("requested_slot") if dialogue else None
    if dialogue is None or not asked:
        return None
    if form == "withdraw_form" and tracker.get_slot("withdraw_handed"):
        dialogue = _HANDED_OVER
    stage = dialogue.asked_in.get(asked, dialogue.otherwise)
    step, of = dialogue.stages.index(stage) + 1, len(dialogue.stages)
    text = say("utter_progress", step=step, of=of, stage=label("stage", stage))
    return {"step": step, "of": of, "text": text}

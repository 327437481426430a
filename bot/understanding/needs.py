"""The need that a message states first, and the second one when it clearly states two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.understanding.answers import says
from bot.understanding.feelings import is_danger, is_despair
from bot.understanding.intent_model import IntentModel
from bot.understanding.kinds import RETURN, SERVED
from bot.understanding.parts import Part, split_parts

_SAME = (
    RETURN,
    frozenset({"report_not_received", "track_order"}),
    frozenset({"change_of_mind", "cancel_order"}),
    RETURN | {"withdraw_contract"},
    frozenset({"withdraw_contract", "cancel_order"}),
    frozenset({"withdraw_contract", "ask_statutory_rights"}),
    frozenset({"check_eligibility", "ask_return_policy", "file_return", "change_of_mind"}),
    frozenset({"ask_free_return", "ask_return_cost"}),
)
"""Two ways to say one need, even where the buyer writes "also"."""

_ONE_STORY = (
    RETURN | {"ask_exchange", "ask_warranty", "track_request", "ask_return_policy", "track_order"},
    frozenset(
        {
            "cancel_order",
            "order_cancelled_by_store",
            "cancellation_terms",
            "payment_problem",
            "track_request",
        }
    ),
    frozenset({"complaint", "contact_seller"}),
    RETURN | {"ask_return_cost"},
    frozenset({"payment_problem", "report_not_received", "track_order"}),
    frozenset({"payment_problem", "account_problem"}),
    frozenset({"report_not_received", "modify_order"}),
    RETURN | {"complaint", "contact_seller"},
    frozenset({"modify_order", "account_problem"}),
    frozenset({"track_order", "modify_order"}),
    frozenset({"track_request", "ask_return_cost", "ask_return_policy", "payment_problem"}),
    frozenset({"ask_return_policy", "ask_statutory_rights", "check_eligibility"}),
)
"""Needs that tell one story together, unless the buyer says that it's something else."""

_NEVER_BY_THE_WAY = frozenset({"complaint", "ask_human", "ask_return_policy", "check_eligibility"})
"""Said without "also" these are mostly the mood or the end of the first need."""

_FLOW_IS_CLEAR = 0.5
"""From here on two reasons of one return, together, are sure enough to start it."""
_TIE = 0.05

_SHARE_OF_PARTS = 0.3
_SHARE_OF_FIRST = 0.7
_FIRST_IS_CLEAR = 0.35
_ADDED_IS_CLEAR = 0.5
_CLEAR = 0.75


@dataclass(frozen=True)
class Needs:
    """What a message asks for.

    Attributes:
        ranking: (intent, probability from 0 to 1) pairs for the first need, surest first.
        second: The intent of another need that the message clearly states, if any.
    """

    ranking: list[tuple[str, float]]
    second: str | None = None


def read_needs(model: IntentModel, text: str) -> Needs:
    """Ranks the intents of a message's first need, and finds a second need.

    A message of one part is ranked as a whole. In a longer one, what its clearest sentences say
    counts too. Where the buyer says that something else comes ("also", "if not", "one more thing"),
    what comes before it counts most.

    Args:
        model: A trained intent model.
        text: The message as written.
    """
    if is_danger(text) or is_despair(text):
        # Whatever else it asks for: a person first.
        return Needs([("ask_human", 1.0)])
    if says(text, "rules_asked", "bonus") or says(text, "rules_asked", "sending"):
        return Needs([("ask_return_policy", 1.0)])
    needs = _read(model, text)
    if needs.ranking[0][0] == "change_of_mind" and says(text, "cancelling_an_order"):
        # The changed mind is why the order is to be cancelled.
        return Needs([("cancel_order", 1.0)], needs.second)
    if needs.ranking[0][0] == "ask_warranty" and says(text, "rules_asked", "repair_cost"):
        return Needs([("ask_return_cost", 1.0)], needs.second)
    return needs


def _read(model: IntentModel, text: str) -> Needs:
    parts = split_parts(text)
    if len(parts) == 1:
        return Needs(_one_flow(model.rank([text])[0]))
    rows = model.probabilities([text, *(part.text for part in parts)])
    needs = _weigh(model.intents, parts, rows)
    return Needs(_one_flow(needs.ranking), needs.second)


def _one_flow(ranking: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Lets the first of two reasons lead where both start the same return.

    "The mug is broken and the shirt is too small" is no reason to ask which of the two was meant. A
    complaint as likely as a reason is how the reason is told.
    """
    (first, sure), (second, less) = ranking[:2]
    if sure + less < _FLOW_IS_CLEAR:
        return ranking
    if "complaint" in (first, second) and sure - less < _TIE:
        first, second = (second, first) if first == "complaint" else (first, second)
        if first not in RETURN:
            return ranking
    elif not {first, second} <= RETURN:
        return ranking
    return [(first, sure + less / 2), (second, less / 2), *ranking[2:]]


def _weigh(intents: Sequence[str], parts: Sequence[Part], rows: np.ndarray) -> Needs:
    served = np.array([intent in SERVED for intent in intents])
    clarity = np.where(served, rows[1:], 0.0)
    best = [(intents[int(row.argmax())], float(row.max())) for row in clarity]
    until = next((i for i, part in enumerate(parts) if i and part.added), len(parts))
    first: np.ndarray | None
    if until == len(parts):
        share, first = _SHARE_OF_PARTS, _clearest(rows[1:], served)
    else:
        share, first = _SHARE_OF_FIRST, _clear_ones(rows[1 : until + 1], clarity[:until].max(1))
    mixed = rows[0] if first is None else share * first + (1 - share) * rows[0]
    ranking = [(intents[int(i)], float(mixed[i])) for i in np.argsort(-mixed, kind="stable")]
    return Needs(ranking, _second(ranking[0][0], parts, best))


def _clearest(rows: np.ndarray, served: np.ndarray) -> np.ndarray:
    """A need is as likely as in the sentence that says it best, talk as in the least likely."""
    mixed = np.where(served, rows.max(0), rows.min(0))
    mixed /= mixed.sum()
    return mixed


def _clear_ones(rows: np.ndarray, clarity: np.ndarray) -> np.ndarray | None:
    """The mean of the sentences that clearly state a need, the clearer the more; or none."""
    weights = np.where(clarity >= _FIRST_IS_CLEAR, clarity, 0.0)
    if not weights.any():
        return None
    mean: np.ndarray = (weights[:, None] * rows).sum(0) / weights.sum()
    return mean


def _second(first: str, parts: Sequence[Part], best: Sequence[tuple[str, float]]) -> str | None:
    if first not in SERVED:
        return None
    added = False
    for part, (intent, sure) in zip(parts, best, strict=True):
        added = added or part.added
        if intent == first or _together(_SAME, first, intent):
            continue
        if added and sure >= _ADDED_IS_CLEAR:
            return intent
        by_the_way = sure >= _CLEAR and intent not in _NEVER_BY_THE_WAY
        if by_the_way and not _together(_ONE_STORY, first, intent):
            return intent
    return None


def _together(groups: Sequence[frozenset[str]], one: str, other: str) -> bool:
    return any(one in group and other in group for group in groups)

"""The sentences that the rules say, by clause and code, and what each may be filled with.

The words themselves are clause data. This table is the agreement between the two: the loader
refuses data that lacks a sentence, names one that no rule says, or uses a placeholder that the
rule doesn't fill. A sentence may also use the names of its own clause's parameters.
"""

from __future__ import annotations

NONE: frozenset[str] = frozenset()

DATES = frozenset(
    {
        *("last_day", "opens_on", "guaranteed_by", "from_day", "placed_on", "counted_day"),
        *("safe_day", "last_item_on", "informed_on", "due_on", "cure_ends", "since"),
        *("presumed_until", "shown_on", "made_on", "answered_on"),
    }
)
"""Placeholders that are dates; everything else is a number or a word."""

RULE = "rule"
"""Every clause says, in plain words, what it holds."""

TOLD = "told"
"""Sentences whose names begin so are said only where `tells` in routes.yml names them."""

SPOKEN_BY_PARAMETER = frozenset({"S5"})
"""Clauses with a sentence for each parameter, under its name."""


def _needs(*names: str) -> frozenset[str]:
    return frozenset(names)


_EXCLUDED = {"excluded": NONE, "other_item": NONE}
_ELSEWHERE = {"other_country": NONE, "this_country": NONE}
_DEADLINE = {
    "in_time": _needs("last_day"),
    "too_late": _needs("last_day"),
    "sooner": _needs("last_day"),
}
_MOVES = {
    "moved_weekend": _needs("counted_day", "last_day"),
    "moved_holiday": _needs("counted_day", "last_day", "holiday", "place"),
    "may_move_weekend": _needs("safe_day", "last_day"),
    "may_move_holiday": _needs("safe_day", "last_day", "holiday", "place"),
}
_FAULT = {
    "not_a_fault": NONE,
    "a_fault": NONE,
    "not_received": NONE,
    "once_received": NONE,
    "not_recorded": NONE,
}
_NOT_WITHDRAWABLE = {"excluded": NONE, "other_item": NONE, "unclear": NONE}
_CHANGED_MIND = {"before_delivery": NONE, "disputed": NONE}

SENTENCES: dict[str, dict[str, frozenset[str]]] = {
    "P1": {
        "open_until": _needs("last_day"),
        "period_over": _needs("last_day"),
        "sooner": _needs("last_day"),
    },
    "P2": {"law_open": _needs("routes"), "law_stays": NONE},
    "P3": {
        "covered": _needs("reason"),
        "not_covered": _needs("reason"),
        "covered_reasons": NONE,
        "lost": NONE,
        "late": _needs("guaranteed_by"),
        "not_late_yet": _needs("guaranteed_by"),
        "opens_on": _needs("opens_on"),
        "once_late": _needs("guaranteed_by"),
        "carrier_says_delivered": NONE,
    },
    "X1": _EXCLUDED,
    "X2": _EXCLUDED,
    "X3": _EXCLUDED,
    "X4": {
        "damaged_by_buyer": NONE,
        "seals_removed": NONE,
        "packaging_gone": NONE,
        "came_that_way": NONE,
        "kept_whole": NONE,
    },
    "X5": {"used": NONE, "unused": NONE},
    "X6": _EXCLUDED,
    "X7": {"unwrapped": NONE, "wrapped": NONE},
    "H1": {"talk_first": NONE},
    "H2": {},
    "H3": {
        "buyer_pays": NONE,
        "other_reason": NONE,
        "change_of_mind": NONE,
        "not_received": NONE,
        "once_received": NONE,
    },
    "H4": {},
    "F1": {
        "in_time": _needs("last_day"),
        "too_late": _needs("last_day"),
        "sooner": _needs("last_day"),
        "no_label": NONE,
        "with_label": NONE,
        "not_arrived": NONE,
        "not_received": NONE,
        "once_received": NONE,
        "not_recorded": NONE,
    },
    "F2": {
        "used": NONE,
        "damaged_by_buyer": NONE,
        "seals_removed": NONE,
        "packaging_gone": NONE,
        "as_it_came": NONE,
        "came_that_way": NONE,
    },
    "F3": {"not_served": _needs("country"), "served": NONE},
    "F4": {"over": NONE},
    "F5": {"overseas": _needs("postal_code"), "unreadable": _needs("postal_code")},
    "F6": {"suspended": _needs("region"), "elsewhere": NONE},
    "F7": {
        "suspended": _needs("postal_code"),
        "territory": _needs("country"),
        "unreadable": _needs("postal_code"),
        "elsewhere": NONE,
    },
    "F8": {},
    "F9.1": {"incomplete": NONE, "complete": NONE},
    "F9.2": _EXCLUDED,
    "F9.3": _EXCLUDED,
    "F9.4": _EXCLUDED,
    "F9.5": _EXCLUDED,
    "F9.6": _EXCLUDED,
    "F10": {
        "labels_left": _needs("left"),
        "none_left": _needs("used"),
        "next_month": _needs("from_day"),
    },
    "F11": {},
    "F12": {"flagged": NONE},
    "F13": {},
    "F14": {},
    "S1": {"open": NONE, "shipped": NONE, "not_paid": NONE, "sooner": NONE, "once_paid": NONE},
    "S2": {},
    "S3": {},
    "S4": {},
    "S5": {"no_period_named": NONE},
    "S6": {},
    "S7": {},
    "S8": {},
    "S9": {},
    "S10": {"page_position": NONE},
    "S11": {},
    "EU-TEU-52": _ELSEWHERE,
    "EU-TFEU-355": {},
    "EU-1182/71-3(1)": {},
    "EU-1182/71-3(4)": _MOVES,
    "EU-2011/83-9(1)": {**_DEADLINE, **_CHANGED_MIND},
    "EU-2011/83-9(2)(b)": {"last_item": _needs("last_item_on"), "more_to_come": NONE},
    "EU-2011/83-10": {"longer": _needs("last_day"), "informed_late": _needs("informed_on")},
    "EU-2011/83-14(1)": {"buyer_pays": NONE},
    "EU-2011/83-14(2)": {"diminished": NONE, "not_liable": NONE},
    "EU-2011/83-16(c)": _NOT_WITHDRAWABLE,
    "EU-2011/83-16(d)": _NOT_WITHDRAWABLE,
    "EU-2011/83-16(e)": _NOT_WITHDRAWABLE,
    "EU-2011/83-16(i)": _NOT_WITHDRAWABLE,
    "EU-2011/83-16(m)": _NOT_WITHDRAWABLE,
    "EU-2011/83-18": {"late": _needs("due_on")},
    "EU-2019/771-10(1)": {
        **_FAULT,
        "in_time": _needs("last_day", "years"),
        "too_late": _needs("last_day", "years"),
        "sooner": _needs("last_day", "years"),
        "shown_in_time": _needs("shown_on", "last_day"),
    },
    "EU-2019/771-10(3)": {
        "longer": _needs("years", "place", "act", "article"),
        "no_fixed_end": _needs("safe_day", "place", "act", "article"),
        "past_the_least": _needs("safe_day", "place", "act", "article"),
        "also_past": _needs("safe_day", "years", "also"),
        "past_unchecked": _needs("safe_day", "place", "act"),
    },
    "EU-2019/771-24(2)": {"earlier_law": NONE},
    "EU-2019/771-11(1)": {"presumed": _needs("presumed_until"), "not_presumed": NONE},
    "EU-2024/1799-16": {"prolonged": _needs("last_day")},
    "BR-CDC-1": _ELSEWHERE,
    "BR-CC-132§1": _MOVES,
    "BR-CDC-18§1": {"cure": _needs("cure_ends"), "choice": _needs("cure_ends")},
    "BR-CDC-26": _FAULT,
    "BR-CDC-26-I": _DEADLINE,
    "BR-CDC-26-II": _DEADLINE,
    "BR-CDC-26§2-I": {
        "stopped": _needs("made_on"),
        "went_on": _needs("made_on", "answered_on", "last_day"),
    },
    "BR-CDC-26§3": {"hidden": _needs("shown_on"), "from_discovery": NONE},
    "BR-CDC-49": {**_DEADLINE, **_CHANGED_MIND},
    "BR-CDC-49§": {"seller_pays": NONE},
}
"""Clause id -> code -> placeholders the rule fills. `RULE` is added to every clause."""

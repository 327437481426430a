"""Splits a message into the parts that may each state a need."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_PARTS = 8
"""Longer stories are cut here: what comes later in them is hardly ever the need."""

_SENTENCE_END = re.compile(
    r"(?<=[.!?])(?<!\bno\.)(?<!\bnr\.)(?<!\bmr\.)(?<!\bms\.)(?<!\bmrs\.)(?<!\bdr\.)(?<!\bst\.)(?<!\bvs\.)"
    r"(?<!\be\.g\.)(?<!\bi\.e\.)[\"')]*\s+|\s*\n+\s*",
    re.I,
)
_ADDS = (
    r"(?:(?:and|oh|ah|but|or|ok|hey)[,\s]+)*"
    r"(?:also|additionally|besides|plus|furthermore|moreover|separately|secondly|second|lastly|"
    r"in addition|on top of (?:that|this)|apart from (?:that|this)|as well as (?:that|this)|"
    r"another (?:thing|question|issue|problem)|(?:one|1) (?:more|other) (?:thing|question)|"
    r"(?:a )?different (?:question|topic|matter)|something else|by the way|btw|"
    r"while (?:i'?m|i am|we'?re|we are) (?:here|at it|on it)|while i (?:have|got) you|"
    r"and then|p\.?s\.?)\b[,:.;-]*"
)
_INSTEAD = (
    r"(?:(?:and|or|but)[,\s]+)?"
    r"(?:if (?:not|(?:it|that|this)(?:'?s| is) not|(?:it|that|this) isn'?t|"
    r"you can'?t|you can not|it can'?t|it'?s too late|it'?s already|it has already|that doesn'?t|"
    r"that'?s impossible)"
    r"(?:[^,.;?!]{0,40}?[,;]| (?:possible|doable|an option)(?: any ?(?:more|longer))?\b|\b)"
    r"|or else\b|otherwise\b,?)"
)
_ASKS = (
    r"(?:(?:also|then|just|maybe)\s+)?"
    r"(?:please|pls|plz|(?:can|could|would) (?:you|u|i|we)|do i|do you|does|is (?:it|there|my|the)|"
    r"are (?:my|there)|am i|where|when|what|how|who|why|has my|have (?:my|you)|"
    r"i (?:want|need|wanna|would|must|have to|still)|i'?d|tell me|let me know|get me|give me|"
    r"send me|check|cancel|return|refund|track|change|update|exchange|swap)\b"
)
_STRONG = re.compile(
    rf"(?:(?:^|[.!?;:,)]+\s*|\s+-+\s+|\s)(?P<instead>{_INSTEAD})"
    rf"|(?:^|[.!?;:,)]+\s*|\s+-+\s+)(?P<adds>{_ADDS})"
    r"|\s(?:and|n|&|but|or)[,\s]+(?:i\s+|(?:can|could) (?:you|i)\s+)?(?P<also>also|btw)\b"
    rf"|(?<!\byou)(?<!\bi)(?<!\bwe)(?<!would)(?<!\band)\s(?P<plus>plus|also)\s+(?={_ASKS}))\s*",
    re.I,
)
_AND_ASKS = re.compile(
    rf"(?:[,;]\s*|\s)(?:and|n|&|then)[,\s]+(?={_ASKS})|,\s*or\s+(?={_ASKS})|;\s+", re.I
)
_SAYS_ALSO = re.compile(
    r"^(?:and )?(?:[\w']+ ){1,2}also\b|^(?:and|oh) (?=please|why|when|where|how|can|could|get)",
    re.I,
)
_COUNTS = re.compile(
    r"\b(?:two|2|three|3|couple(?: of)?|few) (?:things|questions|issues|problems|requests)\b", re.I
)
_ANY_AND = re.compile(r",\s*(?:and|then)\s+|;\s+", re.I)
_WORD = re.compile(r"[^\W\d_]{2,}|\d{4,}")


@dataclass(frozen=True)
class Part:
    """A sentence or clause of a message.

    Attributes:
        text: The words, without what joins them to the part before.
        added: Whether they say themselves that they are about something else ("also, ...").
    """

    text: str
    added: bool = False


def split_parts(text: str) -> list[Part]:
    """Splits a message into sentences and clauses.

    Returns:
        The parts in their order, each with at least one word; the whole message as one part when
        it has only one.
    """
    and_asks = _ANY_AND if _COUNTS.search(text) else _AND_ASKS
    parts: list[Part] = []
    for index, segment in enumerate(segments(text)):
        for number, clause in enumerate(_clauses(segment, and_asks)):
            says_also = bool(parts) and (and_asks is _ANY_AND or bool(_SAYS_ALSO.match(clause)))
            parts.append(Part(clause, (bool(index) and number == 0) or says_also))
    return parts[:MAX_PARTS] or [Part(text)]


def segments(text: str) -> list[str]:
    """Splits a message only where it says that something else comes."""
    found, start = [], 0
    for match in _STRONG.finditer(text):
        found.append(text[start : match.start()])
        start = match.end()
    found.append(text[start:])
    stripped = [part.strip(" ,;:-\n") for part in found]
    return [part for part in stripped if _WORD.search(part)]


def _clauses(text: str, and_asks: re.Pattern[str]) -> list[str]:
    sentences = _SENTENCE_END.split(text)
    clauses = [clause for sentence in sentences for clause in and_asks.split(sentence)]
    return [clause.strip(" ,;") for clause in clauses if _WORD.search(clause)]

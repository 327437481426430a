"""Finds order numbers as buyers write them, and brings them to one form."""

from __future__ import annotations

import re
from collections.abc import Iterator

MIN_DIGITS, MAX_DIGITS = 6, 20

_CANDIDATE = re.compile(
    r"(?<![\w.,+@/$€£₹-])"  # not inside a word, an amount, a path, a phone number
    r"(?:\#\s?)?"
    r"(?:[A-Za-z]{1,5}-?)?"
    r"\d+(?:-\d+|\s\d{2,5}(?!\d))*"
    r"(?![\w@/]|[.,]\d|\s?[€£%]"
    r"|\s(?i:dollars?|bucks|euros?|pounds?|reais|rupees|usd|eur|gbp|brl|inr)\b)"
)
_NAMED = re.compile(
    r"(?:\b(?:order|purchase|ref|reference)(?:\s+(?:number|num|no|nr|id|code|ref)\b)?"
    r"\s*(?:is\b|was\b)?\s*[.:#]*\s*|(?<![\w#])\#\s?)"
    r"(?P<it>(?=(?:[\w-]*\d){3})(?:[A-Za-z]{1,6}-?)?\d+(?:-[A-Za-z\d]+)*)(?![\w@/]|[.,]\d)",
    re.I,
)
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{2,4}")
_POSTAL = re.compile(r"\d{5}-\d{3,4}")
_SOMETHING_ELSE = re.compile(
    r"(?:\b(?:(?:track|parcel|shipment)\s+(?:number|no|nr|id|code|ref|reference)"
    r"|(?:tracking|awb|transaction|txn|payment|invoice|serial|imei|phone|mobile|tel|telephone|"
    r"whatsapp|call me (?:on|at)|zip|postal|postcode|cep|card|account|pin)"
    r"(?:\s+(?:number|no|nr|id|code|ref|reference))?)"
    r"|\+\d[\d\s()-]*|[$€£₹]|\b(?:rs|usd|eur|gbp|brl|inr))"
    r"\.?\s*(?:is|was|it's|its|=)?\s*[:#]?\s*$",
    re.I,
)
_PREFIX_WORD = re.compile(r"^(?:ORDER|ORD|NO|NR|NUM|ID)(?=\d)")


def find_order_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yields the (start, end) of each order number in a text.

    An order number has 6 to 20 digits, maybe grouped by spaces or hyphens, maybe after `#` or up
    to five letters; a shorter one with hyphens counts right after the word "order" or `#`. Dates,
    amounts, phone numbers, postal codes and numbers that the text itself calls something else (a
    tracking number, an invoice) aren't order numbers.
    """
    named = [match for match in _NAMED.finditer(text) if _is_named_number(match["it"])]
    yield from (match.span("it") for match in named)
    for match in _CANDIDATE.finditer(text):
        if any(m.start("it") < match.end() and match.start() < m.end("it") for m in named):
            continue
        start, end = match.span()
        for part_start, part_end in _split_if_two(text, start, end):
            if _is_order_number(text, part_start, part_end):
                yield part_start, part_end


def canonical_order_number(text: str) -> str:
    """An order number without `#`, spaces, hyphens and words such as `ORDER`, in upper case."""
    return _PREFIX_WORD.sub("", re.sub(r"[\W_]", "", text).upper())


def _split_if_two(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Splits `40010001 4002` at the space: only short groups belong together."""
    parts = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    if len(parts) > 1 and any(_digits(text[a:b]) >= MIN_DIGITS for a, b in parts):
        return parts
    return [(start, end)]


def _is_named_number(written: str) -> bool:
    """Whether what follows "order" is a shorter number, as in `SH-120-9` or `4432-BN`.

    Without a hyphen it needs as many digits as anywhere else: "order 500 plates" has none.
    """
    return "-" in written and _digits(written) < MIN_DIGITS and not _DATE.fullmatch(written)


def _is_order_number(text: str, start: int, end: int) -> bool:
    written = text[start:end]
    if not MIN_DIGITS <= _digits(written) <= MAX_DIGITS:
        return False
    if _DATE.fullmatch(written) or _POSTAL.fullmatch(written):
        return False
    return not _SOMETHING_ELSE.search(text[:start])


def _digits(text: str) -> int:
    return sum(character.isdigit() for character in text)

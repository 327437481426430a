"""Text from outside, made safe to keep and to compare."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1, I and L, or U and V side by side: numbers are read out over the phone."""

_SEPARATORS = re.compile(r"[\s#\u00ad\u2010-\u2015-]")
_NUMBER = re.compile("[0-9A-Z]{1,32}")
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]+")
_UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, save tab and new line
    "\ud800-\udfff"  # halves of a character
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # marks that turn the direction
)
_IN_NAMES = frozenset(" '\u2019.,()/&-\u2013")
"""Beside letters and digits, what names of places are written with."""


def plain(text: str, limit: int) -> str:
    """Text without control characters, lone surrogates and marks that turn its direction.

    A database refuses some of them, and a mail reader could be fooled by others.

    Args:
        text: anything a buyer wrote.
        limit: characters to keep.
    """
    text = text[: 2 * limit].replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub("", text)[:limit].strip()


def one_line(text: str, limit: int) -> str:
    """`plain` text on one line, fit for a header or a table."""
    return " ".join(plain(text, limit).split())


def lines(text: str) -> tuple[str, ...]:
    """The first seven lines of an address that is written with `;` between them."""
    return tuple(filter(None, (one_line(line, 60) for line in text.split(";"))))[:7]


def place_name(text: str, limit: int) -> str:
    """The name of a place, or its code: letters, digits, spaces and a name's punctuation.

    Args:
        text: as a buyer wrote it.
        limit: characters to keep.

    Returns:
        The name on one line, or "" when nothing of one is left.
    """
    kept = (c for c in " ".join(text[:1000].split()) if c in _IN_NAMES or _is_of_word(c))
    name = " ".join("".join(kept).split())[:limit].strip()
    return name if any(map(_is_of_word, name)) else ""


def _is_of_word(character: str) -> bool:
    # Letters, the marks on them, and numbers.
    return unicodedata.category(character)[0] in "LMN"


def order_number(text: str) -> str:
    """An order number as it is kept: letters and digits only, in capitals.

    Args:
        text: as a person writes it, such as "# 4001-0001".

    Returns:
        The number, or "" for what can't be one.
    """
    bare = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text[:200])).upper()
    return bare if _NUMBER.fullmatch(bare) else ""


def email_address(text: str) -> str:
    """An e-mail address as it is kept: trimmed, in lower case."""
    return plain(text[:1000], 254).lower()


def is_email_address(address: str) -> bool:
    """Whether mail can be sent to an address as `email_address` keeps it."""
    return address.isascii() and bool(_ADDRESS.fullmatch(address))


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def public_number(prefix: str) -> str:
    """A new number that can't be guessed from others, such as "R-7F3K9Q2M".

    Args:
        prefix: letter that tells what it numbers.
    """
    return f"{prefix}-" + "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))

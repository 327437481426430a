"""Text from outside, made safe to keep and to compare."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No 0 and O, 1, I and L, or U and V side by side: numbers are read out over the phone."""

_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def plain(text: str, limit: int) -> str:
    """Text without control characters, lone surrogates and marks that turn its direction.

    A database refuses some of them, and a mail reader could be fooled by others.

    Args:
        text: anything a buyer wrote.
        limit: characters to keep.
    """
    text = _BIDI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(kept)[:limit].strip()


def one_line(text: str, limit: int) -> str:
    """`plain` text on one line, fit for a header or a table."""
    return " ".join(plain(text, limit).split())


def order_number(text: str) -> str:
    """An order number as it is kept: letters and digits only, in capitals.

    Args:
        text: as a person writes it, such as "# 4001-0001".
    """
    folded = unicodedata.normalize("NFKC", text[:200])
    return "".join(c for c in folded if c.isascii() and c.isalnum()).upper()[:32]


def email_address(text: str) -> str:
    """An e-mail address as it is kept: trimmed, in lower case."""
    return plain(text[:1000], 254).lower()


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that tells nothing about where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def public_number(prefix: str) -> str:
    """A new number that can't be guessed from others, such as "R-7F3K9Q2M".

    Args:
        prefix: letter that tells what it numbers.
    """
    return f"{prefix}-" + "".join(secrets.choice(UNAMBIGUOUS) for _ in range(8))

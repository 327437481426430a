"""Compares names of places however they are spelled."""

from __future__ import annotations

import re
import unicodedata

_NOT_ALNUM = re.compile(r"[\W_]+")
_APOSTROPHES = re.compile("['’‘ʼʹ`´″ʺ\"]")


def fold(text: str) -> str:
    """Letters and digits only, without accents, apostrophes and case.

    Args:
        text: a name as written.
    """
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_ALNUM.sub(" ", bare).strip()

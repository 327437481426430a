"""Which country a word means: names in English and in the country's own languages, demonyms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from bot.understanding.words_file import load_words

_ARTICLE = re.compile(r"^(?:the|la|le|el|die|o)\s+", re.I)


def country_code(text: str) -> str | None:
    """Finds the country that a name, a demonym or a code means.

    Args:
        text: For example `Brasil`, `the Netherlands`, `German`, `UK`, `PT`.

    Returns:
        The ISO 3166-1 two-letter code, or None.
    """
    text = text.strip(" .,!?")
    code = text.replace(".", "")
    if code in _codes():
        return code
    key = fold(text)
    return _names().get(key) or _names().get(fold(_ARTICLE.sub("", text)))


def fold(text: str) -> str:
    """Lower case without accents, dots and doubled spaces, to compare names by."""
    decomposed = unicodedata.normalize("NFKD", text.replace(".", "").replace("\u2019", "'"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).lower().split())


@lru_cache
def _codes() -> frozenset[str]:
    return frozenset(load_words("countries")["names"])


@lru_cache
def _names() -> dict[str, str]:
    words = load_words("countries")
    names = {}
    for group in ("demonyms", "names"):
        for code, forms in words[group].items():
            names.update({fold(form): code for form in forms})
    return names

"""Which shop category (clause S11) an item word belongs to."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding.words_file import load_words


def category_id(text: str) -> str | None:
    """Finds the category of a word.

    Args:
        text: A category's name or an everyday item word, in singular or plural: `headphones`.

    Returns:
        The category's id as in the policy's clauses, for example `electronics_gadgets`, or None.
    """
    return _categories().get(_fold(text))


def slugify(name: str) -> str:
    """A category's id from its name on the program's page: `Children's Toys`: `childrens_toys`."""
    return re.sub(r"\W+", "_", name.lower().replace("'", "").replace("\u2019", "")).strip("_")


def category_words() -> list[str]:
    """Every word and plural that `category_id` knows."""
    return list(_categories())


def _fold(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").lower().split())


def _plural(word: str) -> str:
    if re.search(r"(?:s|x|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"


@lru_cache
def _categories() -> dict[str, str]:
    known = {}
    for category, words in load_words("categories").items():
        for word in words:
            known[_plural(_fold(str(word)))] = category
    for category, words in load_words("categories").items():
        for word in words:
            known[_fold(str(word))] = category
    return known

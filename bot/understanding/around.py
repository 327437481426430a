"""Training sentences as buyers write them: with a greeting, a story, an order number."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from bot.understanding.kinds import SERVED
from bot.understanding.words_file import load_words

SHARE = 0.6
"""How many of the sentences get a second version."""

_BEFORE_ONLY, _AFTER_ONLY = 0.35, 0.65
_ENDS = (".", ".", "!", "", " -")


def with_something_around(pairs: Iterable[tuple[str, str]], seed: int) -> Iterator[tuple[str, str]]:
    """Yields the sentences, and for some a version with something before or after it.

    Without these, what stands around a need in a long message ("it was a gift", "I live in Italy")
    pulls it to whatever intent happens to have such words. Only needs and what is out of scope are
    widened: a short answer ("yes") with a story around it may mean something else.

    Args:
        pairs: (sentence, intent) pairs; their order doesn't matter.
        seed: The same seed and sentences give the same versions.
    """
    words = load_words("around")
    for text, intent in sorted(set(pairs)):
        yield text, intent
        # Drawn for each sentence by itself, so that a new sentence changes no other one's version.
        draw = random.Random(f"{seed} {text}")  # noqa: S311  not for secrets
        if (intent in SERVED or intent == "out_of_scope") and draw.random() < SHARE:
            side = draw.random()
            before = "" if side >= _AFTER_ONLY else draw.choice(words["before"])
            after = "" if side < _BEFORE_ONLY else draw.choice(words["after"])
            end = "" if text.endswith((".", "!", "?")) else draw.choice(_ENDS)
            yield f"{before} {text}{end} {after}".strip(), intent

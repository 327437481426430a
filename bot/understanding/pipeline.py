"""The spaCy pipeline: a blank English one, or an installed one, with our entity rules.

`python -m bot.understanding.pipeline [FOLDER]` writes it to a folder, to look at or to use
elsewhere; the assistant itself builds it when it starts, which takes a fraction of a second, so
that there is no file to lose or to grow stale.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from bot.settings import get_settings
from bot.understanding.categories import category_words
from bot.understanding.countries import country_code
from bot.understanding.order_numbers import find_order_numbers
from bot.understanding.words_file import WORDS_DIR, load_words

ENTITIES = ("order_number", "email", "link", "country", "category")

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%'-]*[\w+%]@[A-Za-z0-9](?:[\w-]*\.)+[A-Za-z]{2,}")
_LINK = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]+[^\s<>\".,;:!?)\]']", re.I)
_CODE = re.compile(r"\b(?:in|from|to)\s+(?:the\s+)?(?P<it>[A-Z]{2})\b(?!['’])")

_DEMONYM = (
    r"\b(?:(?:i['’]?m|i am|we['’]?re|we are|as an?|under|from an?)\s+(?:an?\s+)?(?P<it>{words})\b"
    r"|(?P<or_it>{words})\s+(?:law|buyer|customer|consumer|citizen|resident|address|rights?)\b)"
)


@Language.component("help_center_patterns")
def help_center_patterns(doc: Doc) -> Doc:
    """Adds e-mail addresses, links, order numbers and country codes, over other entities."""
    found: list[tuple[int, int, str]] = []
    for start, end, label in _find(doc.text):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in found):
            found.append((start, end, label))
    _split_tokens(doc, {edge for start, end, _ in found for edge in (start, end)})
    ours = [span for start, end, label in found if (span := doc.char_span(start, end, label))]
    others = [e for e in doc.ents if all(e.end <= o.start or e.start >= o.end for o in ours)]
    doc.set_ents([*ours, *others])
    return doc


def build_pipeline(name: str = "") -> Language:
    """Builds the pipeline.

    Args:
        name: An installed pipeline or a folder to start from. Empty: spaCy's blank English.

    Returns:
        The pipeline, whose entities include `ENTITIES`.

    Raises:
        OSError: When there is no pipeline of that name.
    """
    nlp = spacy.load(name, exclude=["parser"]) if name else spacy.blank("en")
    nlp.add_pipe("help_center_patterns", first=True)
    config = {"overwrite_ents": True}
    ruler = nlp.add_pipe("entity_ruler", name="help_center_words", config=config)
    ruler.add_patterns(list(_word_patterns()))  # type: ignore[attr-defined]
    return nlp


def pipeline_version(name: str = "") -> str:
    """A digest that changes when the pipeline would: its name, spaCy, our rules or word lists."""
    digest = hashlib.sha256(f"{name} {spacy.__version__}".encode())
    here = Path(__file__).resolve().parent
    for path in (*sorted(WORDS_DIR.glob("*.yml")), *sorted(here.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yields (start, end, entity), the surest kinds first."""
    for label, pattern in (("link", _LINK), ("email", _EMAIL)):
        yield from ((match.start(), match.end(), label) for match in pattern.finditer(text))
    yield from ((start, end, "order_number") for start, end in find_order_numbers(text))
    for match in _CODE.finditer(text):
        if country_code(match["it"]):
            yield *match.span("it"), "country"
    for match in _demonym_pattern().finditer(text):
        yield *match.span("it" if match["it"] else "or_it"), "country"


@lru_cache
def _demonym_pattern() -> re.Pattern[str]:
    demonyms = (word for forms in load_words("countries")["demonyms"].values() for word in forms)
    words = "|".join(sorted(map(re.escape, demonyms), key=len, reverse=True))
    return re.compile(_DEMONYM.format(words=words), re.I)


def _split_tokens(doc: Doc, edges: set[int]) -> None:
    """Splits tokens so that each edge (an offset in the text) lies between two of them."""
    splits = []
    for token in doc:
        inside = sorted(edge - token.idx for edge in edges if 0 < edge - token.idx < len(token))
        if inside:
            cuts = [0, *inside, len(token)]
            splits.append((token, [token.text[a:b] for a, b in pairwise(cuts)]))
    with doc.retokenize() as retokenizer:
        for token, parts in splits:
            heads: list[tuple[Token, int] | Token] = [(token, 0) for _ in parts]
            retokenizer.split(token, parts, heads=heads)


def _word_patterns() -> Iterator[dict[str, object]]:
    words = load_words("countries")
    capitalised = set(words["only_capitalised"])
    for names in words["names"].values():
        for name in names:
            yield {"label": "country", "pattern": _tokens(name, name in capitalised)}
    for word in category_words():
        yield {"label": "category", "pattern": _tokens(word)}


_TOKENIZER = spacy.blank("en").tokenizer


def _tokens(phrase: str, exact: bool = False) -> list[dict[str, str]]:
    """The token pattern of a phrase, in any case unless it must be exact."""
    key = "ORTH" if exact else "LOWER"
    return [{key: token.text if exact else token.lower_} for token in _TOKENIZER(phrase)]


def main(folder: Path) -> None:
    """Writes the pipeline that the settings name to a folder."""
    build_pipeline(get_settings().spacy_pipeline).to_disk(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else get_settings().var_dir / "spacy_pipeline")

"""What a buyer's file is called, made safe to show, to save and to put in a header."""

from __future__ import annotations

import re
import unicodedata

from bot.desk.vocabulary import EvidenceKind

NAME_CHARS = 80
EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/pdf": ".pdf",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
}
"""Of what is written anew, by media type."""

_UNFIT_CATEGORIES = ("C", "Zl", "Zp")
"""Control characters, those that are not seen or turn the direction, and line separators."""
_RESERVED = re.compile(r'[<>:"/\\|?*]')
_EXTENSION = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}$")
"""Not the minutes in "Screenshot at 10.30"."""


def clean_name(name: str, kind: EvidenceKind, media_type: str) -> str:
    """A file's name without its folders, with the ending of what the file has become.

    Args:
        name: as the buyer's machine calls it; anything.
        kind: names a file whose own name holds nothing.
        media_type: of the file that is kept.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[-1000:]))[-1]
    seen = "".join(
        character
        for character in last
        if not unicodedata.category(character).startswith(_UNFIT_CATEGORIES)
    )
    stem = " ".join(_RESERVED.sub("_", seen).split())
    while _EXTENSION.search(stem):
        stem = _EXTENSION.sub("", stem)
    stem = stem.strip(" ._")[:NAME_CHARS].strip()
    return (stem or kind.value) + EXTENSIONS[media_type]

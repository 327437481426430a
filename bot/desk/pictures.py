"""Pictures of items: a shop's own, made small at import and served by us.

The widget stands on other sites under strict content policies, and a picture from elsewhere would
tell its host who looks at which order. So none is ever loaded from another host: what is imported
is drawn anew, without metadata, and kept under the hash of what was drawn.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
from pathlib import Path

NAME = re.compile(r"[0-9a-f]{32}\.webp")
"""How the files among the pictures are called."""
MEDIA_TYPE = "image/webp"
_SIDE = 192
"""Pixels; it is shown half as wide."""
_LARGEST_FILE = 10_000_000
_MOST_PIXELS = 50_000_000
_FORMATS = ("JPEG", "PNG", "WEBP")


class NotAPicture(ValueError):
    """A file that isn't there, or isn't a picture that we take."""


class Pictures:
    """The folder of the pictures."""

    def __init__(self, folder: Path) -> None:
        """Keeps the folder, which is made with the first picture."""
        self._folder = folder

    def keep(self, path: Path) -> str:
        """Draws a picture anew and keeps it; the same one is kept once.

        Args:
            path: a JPEG, PNG or WebP file of the shop.

        Returns:
            Its name among the pictures.

        Raises:
            NotAPicture: when the file can't be used.
        """
        content = _drawn(path)
        name = f"{hashlib.sha256(content).hexdigest()[:32]}.webp"
        target = self._folder / name
        if not target.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            # Whole or not at all: somebody may ask for it meanwhile.
            unfinished = target.with_suffix(f".{secrets.token_hex(4)}")
            unfinished.write_bytes(content)
            os.replace(unfinished, target)
        return name

    def read(self, name: str) -> bytes | None:
        """A picture's content, or None when there is none of this name."""
        path = self._folder / name
        return path.read_bytes() if NAME.fullmatch(name) and path.is_file() else None


def _drawn(path: Path) -> bytes:
    """A small square of the picture's middle, as WebP."""
    # Here, since only who imports needs it.
    from PIL import Image, ImageOps

    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise NotAPicture("is over 10 MB")
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise NotAPicture("has over 50 million pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGBA")
    except NotAPicture:
        raise
    # A broken file makes the library fail in many ways.
    except Exception as error:
        raise NotAPicture("isn't a JPEG, PNG or WebP picture") from error
    square = ImageOps.fit(upright, (_SIDE, _SIDE))
    white = Image.new("RGBA", square.size, "white")
    content = io.BytesIO()
    Image.alpha_composite(white, square).convert("RGB").save(content, "WEBP", quality=82, method=6)
    return content.getvalue()

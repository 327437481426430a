"""What a file is, by its first bytes; its name and the sender's word count for nothing."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

import filetype

HEAD_BYTES = 4096
"""As many first bytes tell what a file is."""
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
"""Of ISO/IEC 23008-12; the library knows the commonest only."""


class Format(str, Enum):
    """What is taken, by media type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    MP4 = "video/mp4"
    MOV = "video/quicktime"
    WEBM = "video/webm"

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture."""
        return self.value.startswith("image/")

    @property
    def is_video(self) -> bool:
        """Whether it is a film."""
        return self.value.startswith("video/")


def format_of(head: bytes) -> Format | None:
    """What a file is.

    Args:
        head: its first bytes, `HEAD_BYTES` of them where it has as many.

    Returns:
        The format; None when it is none that is taken.
    """
    kind = filetype.guess_mime(head) if head else None
    if kind is None and head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Format.HEIC
    try:
        return Format(kind)
    except ValueError:
        return None


def format_of_file(path: Path) -> Format | None:
    """What a file is.

    Args:
        path: the file.

    Raises:
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        return format_of(file.read(HEAD_BYTES))

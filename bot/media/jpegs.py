"""JPEG files without what they tell beside their picture, their picture untouched."""

from __future__ import annotations

_MARKER = 0xFF
_START_OF_IMAGE = b"\xff\xd8"
_END_OF_IMAGE = b"\xff\xd9"
_START_OF_SCAN = 0xDA
_COMMENT = 0xFE
_APPLICATION = range(0xE0, 0xF0)
_KEPT = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""How the picture is to be read; other segments are metadata (ITU-T T.81, B.2.4)."""


def without_metadata(data: bytes) -> bytes:
    """A JPEG without Exif (and the place in it), XMP, IPTC, comments, and what follows its end.

    Args:
        data: the file.

    Raises:
        ValueError: it isn't a JPEG.
    """
    if not data.startswith(_START_OF_IMAGE):
        raise ValueError("not a JPEG")
    kept, at = bytearray(_START_OF_IMAGE), 2
    while True:
        if at + 4 > len(data) or data[at] != _MARKER:
            raise ValueError("a JPEG that breaks off")
        marker = data[at + 1]
        if marker == _MARKER:  # padding
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN:
            break
        if _is_kept(marker, data[at + 4 : end]):
            kept += data[at:end]
        at = end
    last = data.rfind(_END_OF_IMAGE, at)
    return bytes(kept + data[at : last + 2 if last >= 0 else len(data)])


def _is_kept(marker: int, content: bytes) -> bool:
    if marker == _COMMENT:
        return False
    if marker in _APPLICATION:
        return marker in _KEPT and content.startswith(_KEPT[marker])
    return True

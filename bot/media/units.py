"""Units of H.264 and H.265 as they lie in an MP4: each behind its length (ISO/IEC 14496-15)."""

from __future__ import annotations

from collections.abc import Iterator

_AVC, _HEVC = "h264", "hevc"
_HIDDEN = {_AVC: {6}, _HEVC: {39, 40}}
"""Supplemental enhancement information: nothing that is shown, and whatever a camera likes to put
there, its place or serial number among them (ITU-T H.264 D.1, H.265 D.2)."""


class Units:
    """Leaves out what isn't shown.

    Args:
        codec: "h264" or "hevc"; of any other nothing is left out.
        setup: what the file says of its picture before the first one (avcC, hvcC).
    """

    def __init__(self, codec: str, setup: bytes | None) -> None:
        self._codec = codec
        self._hidden = _HIDDEN.get(codec, set())
        at = {_AVC: 4, _HEVC: 21}.get(codec, 0)
        self._length_bytes = (setup[at] & 3) + 1 if setup and len(setup) > at else 4

    @property
    def looks(self) -> bool:
        """Whether there may be something to leave out."""
        return bool(self._hidden)

    def shown(self, data: bytes) -> bytes:
        """A picture's units without those that aren't shown.

        Args:
            data: of one packet.

        Raises:
            ValueError: its lengths don't fit.
        """
        return b"".join(unit for kind, unit in self._units(data) if kind not in self._hidden)

    def _units(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        at = 0
        while at < len(data):
            begin = at + self._length_bytes
            end = begin + int.from_bytes(data[at:begin], "big")
            if end > len(data) or begin >= end:
                raise ValueError("a unit that is longer than its packet, or empty")
            first = data[begin]
            yield first & 0x1F if self._codec == _AVC else (first >> 1) & 0x3F, data[at:end]
            at = end

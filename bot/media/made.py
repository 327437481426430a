"""What comes of writing a file anew, and why it may not."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.media.formats import Format


class Problem(str, Enum):
    """Why a file isn't taken."""

    EMPTY = "empty"
    FORMAT = "format"
    """None of those that are taken, by its content."""
    TOO_LARGE = "too_large"
    """More bytes than its kind may have."""
    DAMAGED = "damaged"
    """It doesn't hold what its first bytes promise."""
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_LONG = "too_long"
    """A video that takes more seconds than allowed."""
    LOCKED = "locked"
    """A PDF that asks for a password."""
    CODEC = "codec"
    """A video that common players don't play."""
    INFECTED = "infected"
    TOO_HARD = "too_hard"
    """Reading it takes more memory or time than a file may take."""
    NOT_CHECKED = "not_checked"
    """It couldn't be checked just now; the file may be fine."""


class Refused(Exception):
    """The file isn't taken.

    Attributes:
        problem: why.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class Bounds:
    """What a file may have.

    Attributes:
        photo_bytes: of a photo.
        photo_pixels: width times height of a photo, or of a video's picture.
        document_bytes: of a PDF.
        document_pages: of a PDF.
        video_bytes: of a video.
        video_seconds: of a video.
    """

    photo_bytes: int
    photo_pixels: int
    document_bytes: int
    document_pages: int
    video_bytes: int
    video_seconds: int

    def bytes_of(self, format_: Format) -> int:
        """The most that a file of a format can have."""
        if format_.is_photo:
            return self.photo_bytes
        return self.video_bytes if format_.is_video else self.document_bytes

    @property
    def most_bytes(self) -> int:
        """The most that a file of any kind can have."""
        return max(self.photo_bytes, self.document_bytes, self.video_bytes)


@dataclass(frozen=True)
class Made:
    """A file that was written anew.

    Attributes:
        media_type: of the new file.
        width: of a photo or a video, in pixels, as it is shown.
        height: likewise.
        pages: of a document.
        seconds: of a video, rounded up.
    """

    media_type: str
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    seconds: int | None = None

"""What is said about files of evidence; the sentences are in page.yml."""

from __future__ import annotations

from typing import Any

from bot.desk import DeskError, EvidenceRefused, RequestEnded, TooManyFiles
from bot.desk.vocabulary import EvidenceKind
from bot.media.made import Problem
from bot.settings import Settings

STATUS = {
    Problem.EMPTY: 400,
    Problem.FORMAT: 415,
    Problem.TOO_LARGE: 413,
    Problem.NOT_CHECKED: 503,
}
"""HTTP status of each problem; any other is 422."""
UNPROCESSABLE = 422


class EvidenceWords:
    """Sentences about files that aren't taken, with the limits that the settings make."""

    def __init__(self, words: dict[str, Any], settings: Settings) -> None:
        """Fills in the limits.

        Args:
            words: the section `evidence` of page.yml.
            settings: the settings.
        """
        values = {
            "photo_mb": f"{settings.evidence_photo_mb:g}",
            "document_mb": f"{settings.evidence_document_mb:g}",
            "video_mb": f"{settings.evidence_video_mb:g}",
            "pages": settings.evidence_document_pages,
            "seconds": settings.evidence_video_seconds,
            "megapixels": f"{settings.evidence_photo_megapixels:g}",
            "files": settings.evidence_files_per_request,
        }
        self.accepted = str(words["accepted"]).format(**values)
        self._values = values | {"accepted": self.accepted}
        self._words = words

    def say(self, name: str, **values: Any) -> str:
        """A sentence by its name.

        Args:
            name: such as "no_file".
            **values: what stands in its braces beside the limits.
        """
        return str(self._words[name]).format(**(self._values | values))

    def problem(self, problem: Problem, kind: EvidenceKind | None = None) -> str:
        """Why a file isn't taken, and what helps.

        Args:
            problem: why.
            kind: what it is, as far as known.
        """
        said = self._words["problems"]
        name = f"{problem.value}_{kind.value}" if kind else problem.value
        return str(said.get(name) or said[problem.value]).format(**self._values)

    def refusal(self, error: DeskError) -> tuple[str, int]:
        """What is said when the desk doesn't take a file, and the HTTP status."""
        if isinstance(error, EvidenceRefused):
            status = STATUS.get(error.problem, UNPROCESSABLE)
            return self.problem(error.problem, error.kind), status
        if isinstance(error, TooManyFiles):
            return self.say("too_many", files=error.limit), UNPROCESSABLE
        if isinstance(error, RequestEnded):
            return self.say("ended", number=error.request_number), UNPROCESSABLE
        return self.say("other_request"), UNPROCESSABLE

"""What files may have, how many are taken, and how long they stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.media.made import Bounds
from bot.settings import Settings

_MB = 1_000_000


@dataclass(frozen=True)
class EvidenceRules:
    """The settings about evidence.

    Attributes:
        folder: where files lie.
        bounds: what each may have.
        per_request: files of one request, and of a chat that wait for one.
        per_chat: files of one chat, wherever they are.
        unused: how long a file waits for a request.
        keep: how long files stay once their request has ended.
        free_bytes: as much must be free on the disk before a file is taken.
        scan_command: looks for malware; "" where nothing does.
        scan_seconds: how long that may take.
    """

    folder: Path
    bounds: Bounds
    per_request: int
    per_chat: int
    unused: timedelta
    keep: timedelta
    free_bytes: int
    scan_command: str
    scan_seconds: float


def evidence_rules(settings: Settings) -> EvidenceRules:
    """The rules that the settings make."""
    return EvidenceRules(
        folder=settings.evidence_dir or settings.var_dir / "evidence",
        bounds=Bounds(
            photo_bytes=round(settings.evidence_photo_mb * _MB),
            photo_pixels=round(settings.evidence_photo_megapixels * _MB),
            document_bytes=round(settings.evidence_document_mb * _MB),
            document_pages=settings.evidence_document_pages,
            video_bytes=round(settings.evidence_video_mb * _MB),
            video_seconds=settings.evidence_video_seconds,
        ),
        per_request=settings.evidence_files_per_request,
        per_chat=settings.evidence_files_per_chat,
        unused=timedelta(hours=settings.evidence_unused_hours),
        keep=timedelta(days=settings.evidence_keep_days),
        free_bytes=round(settings.evidence_free_mb * _MB),
        scan_command=settings.evidence_scan_command,
        scan_seconds=settings.evidence_scan_seconds,
    )

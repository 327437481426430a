"""Files that buyers bring as evidence; the files themselves lie in a folder of their own."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, text

from bot.desk.models.base import Base, UtcDateTime
from bot.desk.vocabulary import EvidenceKind, values


class EvidenceFile(Base):
    """A photo, document or video, written anew from what a buyer sent.

    It belongs to a request, or waits in a conversation until one is filed. `public_id` names it
    outside, `stored_as` is its name in the folder; neither can be guessed. `bytes` and the
    measures are those of what is kept, `sha256` is of what was sent, so that the same file sent
    twice is found. A file that waits, or whose request has ended, goes after `delete_after`.
    """

    __tablename__ = "evidence_files"
    __table_args__ = (
        CheckConstraint(f"kind IN ({values(EvidenceKind)})", name="kind"),
        CheckConstraint("bytes > 0", name="not_empty"),
        CheckConstraint("length(sha256) = 64", name="digest"),
        CheckConstraint("length(public_id) = 32 AND length(stored_as) >= 32", name="unguessable"),
        CheckConstraint("width > 0 AND height > 0", name="measures"),
        CheckConstraint("(width IS NULL) = (height IS NULL)", name="both_measures"),
        CheckConstraint("pages > 0", name="pages"),
        CheckConstraint("seconds > 0", name="seconds"),
        CheckConstraint("conversation_id IS NOT NULL OR request_id IS NOT NULL", name="owner"),
        CheckConstraint("request_id IS NOT NULL OR delete_after IS NOT NULL", name="goes"),
        Index(
            "uq_evidence_files_waiting",
            "conversation_id",
            "sha256",
            unique=True,
            sqlite_where=text("request_id IS NULL"),
            postgresql_where=text("request_id IS NULL"),
        ),
        Index(
            "uq_evidence_files_attached",
            "request_id",
            "sha256",
            unique=True,
            sqlite_where=text("request_id IS NOT NULL"),
            postgresql_where=text("request_id IS NOT NULL"),
        ),
        Index("ix_evidence_files_conversation_id", "conversation_id"),
        Index("ix_evidence_files_stored_as", "stored_as"),
        Index("ix_evidence_files_delete_after", "delete_after"),
    )

    id = Column(Integer, primary_key=True)
    public_id = Column(String(32), nullable=False, unique=True)
    conversation_id = Column(ForeignKey("conversations.id"))
    request_id = Column(ForeignKey("return_requests.id"))
    kind = Column(String(20), nullable=False)
    media_type = Column(String(50), nullable=False)
    name = Column(String(120), nullable=False)
    stored_as = Column(String(50), nullable=False)
    bytes = Column(Integer, nullable=False)
    sha256 = Column(String(64), nullable=False)
    width = Column(Integer)
    height = Column(Integer)
    pages = Column(Integer)
    seconds = Column(Integer)
    created_at = Column(UtcDateTime, nullable=False)
    delete_after = Column(UtcDateTime)

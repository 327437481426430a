"""Documents that are kept as they were given out: confirmations, letters, labels."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, String

from bot.desk.models.base import Base, UtcDateTime


class Document(Base):
    """A file as it was given out, with its digest, so that nobody can doubt what it said.

    `about` is the number of the thing it tells about, such as a withdrawal's.
    """

    __tablename__ = "documents"
    __table_args__ = (
        CheckConstraint("length(sha256) = 64", name="digest"),
        CheckConstraint("length(content) > 0", name="not_empty"),
    )

    id = Column(Integer, primary_key=True)
    about = Column(String(20), nullable=False, index=True)
    file_name = Column(String(100), nullable=False)
    media_type = Column(String(100), nullable=False)
    content = Column(LargeBinary, nullable=False)
    sha256 = Column(String(64), nullable=False)
    created_at = Column(UtcDateTime, nullable=False)

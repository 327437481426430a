"""Documents that buyers and sellers keep: confirmations, letters, labels.

The words are templates in a folder per language (`en/`), filled in with Jinja and written in the
lines that `markup` reads. `render` makes a PDF of one.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.desk import text
from bot.desk.documents.markup import Part, as_text, parts, quoted
from bot.desk.documents.pdf import pdf
from bot.desk.models import Document
from bot.desk.views import DocumentView

__all__ = ["about", "as_text", "keep", "render", "written"]

FOLDER = Path(__file__).parent
LANGUAGE = "en"
MEDIA_TYPE = "application/pdf"


def render(template: str, *, about: str, at: datetime, **values: Any) -> bytes:
    """A document as PDF; the same arguments give the same bytes.

    Args:
        template: its name in the language's folder, such as "withdrawal".
        about: number of the thing it tells about.
        at: when it is made, with time zone.
        **values: what fills the template.
    """
    return pdf(written(template, **values), about=about, language=LANGUAGE, at=at)


def written(template: str, **values: Any) -> tuple[Part, ...]:
    """The parts of a document before they are put on paper.

    Args:
        template: its name in the language's folder.
        **values: what fills the template.
    """
    return parts(_environment().get_template(f"{template}.j2").render(**values))


def keep(session: Session, about: str, content: bytes, at: datetime) -> Document:
    """Add a document to the transaction, with its digest.

    Args:
        session: session of the transaction.
        about: number of the thing it tells about; names the file too.
        content: the PDF.
        at: when it was made.
    """
    document = Document(
        about=about,
        file_name=f"{about}.pdf",
        media_type=MEDIA_TYPE,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=at,
    )
    session.add(document)
    return document


def about(session: Session, number: str) -> DocumentView | None:
    """The newest document about a number, or None."""
    statement = select(Document).where(Document.about == number).order_by(Document.id.desc())
    found = session.execute(statement.limit(1)).scalar_one_or_none()
    if found is None:
        return None
    return DocumentView(found.file_name, found.media_type, found.content, found.sha256)


@lru_cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER / LANGUAGE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Not HTML: entities would be wrong in it.
        autoescape=False,  # noqa: S701
    )
    environment.filters["one_line"] = lambda value: text.one_line(str(value), 500)
    environment.filters["quoted"] = quoted
    return environment

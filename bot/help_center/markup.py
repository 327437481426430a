"""Text with clause numbers in it, as HTML that leads to their exact words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from markupsafe import Markup, escape

_NOT_IN_ANCHOR = re.compile(r"[^A-Za-z0-9.-]+")
_NUMBER = re.compile(r"\(([PXHFS]\d+(?:\.\d+)?)\)")


def anchor(clause_id: str) -> str:
    """A clause's id as part of an anchor, such as "EU-2011-83-9-1" for EU-2011/83-9(1)."""
    return _NOT_IN_ANCHOR.sub("-", clause_id.replace("§", "-p")).strip("-")


def cited(text: str, sources: Iterable[Mapping[str, str]], prefix: str) -> Markup:
    """A text in which "(F1)" leads to the clause's quote.

    Args:
        text: plain text.
        sources: citations whose quotes are on the page.
        prefix: what the anchors of those quotes begin with.

    Returns:
        HTML; everything else of the text is escaped.
    """
    shown = str(escape(text))
    for source in sources:
        id_ = source["id"]
        link = Markup('<a class="number" href="#{}-{}">{}</a>').format(prefix, anchor(id_), id_)
        shown = shown.replace(str(escape(f"({id_})")), str(link))
    return Markup(shown)  # noqa: S704  (escaped above)


def numbered(text: str) -> Markup:
    """A text of the help page in which "(F1)" leads to that rule on the same page."""
    return Markup(_NUMBER.sub(r'<a class="number" href="#\1">\1</a>', str(escape(text))))  # noqa: S704

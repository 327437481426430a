"""The page's own files (style, script, icon), served from memory with cache headers."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOREVER = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True)
class Asset:
    """A file as it is served.

    Attributes:
        content: its bytes.
        compressed: the same, through gzip.
        content_type: its media type.
        version: digest of the content, part of the address, so that it may be kept forever.
    """

    content: bytes
    compressed: bytes
    content_type: str
    version: str


class Assets:
    """All files of the static folder; no other path can be asked for."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        """Reads the folder."""
        self._assets = {
            path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in _TYPES
        }

    def url(self, name: str) -> str:
        """The address of a file, which changes with its content.

        Raises:
            KeyError: when there is no such file.
        """
        return f"/static/{name}?v={self._assets[name].version}"

    def answer(self, request: Request, name: str) -> HTTPResponse | None:
        """The response for a file, or None when there is no such file."""
        asset = self._assets.get(name)
        if asset is None:
            return None
        current = request.args.get("v") == asset.version
        tag = f'"{asset.version}"'
        headers = {
            "Cache-Control": _FOREVER if current else _ASK_EACH_TIME,
            "ETag": tag,
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == tag:
            return HTTPResponse(status=304, headers=headers)
        content = asset.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = asset.compressed
            headers["Content-Encoding"] = "gzip"
        return HTTPResponse(content, headers=headers, content_type=asset.content_type)


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    version = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, mtime=0), _TYPES[path.suffix], version)

"""Files that browsers load (style, script, icon), served from memory with cache headers."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import ROOT

_FOLDER = Path(__file__).parent / "static"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
DEEP_CHAT = "deep-chat.js"
"""The name under which deep-chat's bundle is served, where npm has installed it."""
_DEEP_CHAT_FOLDER = ROOT / "node_modules" / "deep-chat"
WIDGET = frozenset(
    {"chat.js", "cards.js", "surfaces.js", "uploads.js", "notices.js", "chat.css", DEEP_CHAT}
)
"""What a page of another origin may load, because the widget shows itself there."""
_FOR_ALL_PAGES = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
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

    @classmethod
    def of(cls, content: bytes, suffix: str) -> Asset:
        """An asset of these bytes.

        Args:
            content: what is served.
            suffix: the file's ending, such as ".js".
        """
        version = hashlib.sha256(content).hexdigest()[:16]
        return cls(content, gzip.compress(content, mtime=0), _TYPES[suffix], version)

    def answer(self, request: Request, for_all_pages: bool = False) -> HTTPResponse:
        """The response: kept forever under its own version's address, else asked for each time.

        Args:
            request: what was asked for.
            for_all_pages: whether pages of other origins may load it.
        """
        tag = f'"{self.version}"'
        headers = {
            "Cache-Control": _FOREVER if request.args.get("v") == self.version else _ASK_EACH_TIME,
            "ETag": tag,
            "Vary": "Accept-Encoding",
            **(_FOR_ALL_PAGES if for_all_pages else {}),
        }
        if request.headers.get("if-none-match") == tag:
            return HTTPResponse(status=304, headers=headers)
        content = self.content
        if "gzip" in request.headers.get("accept-encoding", ""):
            content = self.compressed
            headers["Content-Encoding"] = "gzip"
        return HTTPResponse(content, headers=headers, content_type=self.content_type)


class Assets:
    """All files of the static folder, and deep-chat; no other path can be asked for."""

    def __init__(self, folder: Path = _FOLDER, deep_chat: Path = _DEEP_CHAT_FOLDER) -> None:
        """Reads the files.

        Args:
            folder: our own files.
            deep_chat: the installed npm package; it may be missing.
        """
        self._assets = {
            path.name: Asset.of(path.read_bytes(), path.suffix)
            for path in sorted(folder.iterdir())
            if path.suffix in _TYPES
        }
        bundle = deep_chat / "dist" / "deepChat.bundle.js"
        if bundle.is_file():
            # The bundle comes without the notice that its licence asks to be kept with it.
            notice = f"/*! deep-chat\n{(deep_chat / 'LICENSE').read_text(encoding='utf-8')}*/\n"
            content = notice.encode() + bundle.read_bytes()
            self._assets[DEEP_CHAT] = Asset.of(content, bundle.suffix)

    def __contains__(self, name: str) -> bool:
        """Whether there is such a file."""
        return name in self._assets

    def url(self, name: str) -> str:
        """The address of a file, which changes with its content.

        Raises:
            KeyError: when there is no such file.
        """
        return f"/static/{name}?v={self._assets[name].version}"

    def text(self, name: str) -> str:
        """The content of a file.

        Raises:
            KeyError: when there is no such file.
        """
        return self._assets[name].content.decode()

    def answer(self, request: Request, name: str) -> HTTPResponse | None:
        """The response for a file, or None when there is no such file."""
        asset = self._assets.get(name)
        return None if asset is None else asset.answer(request, for_all_pages=name in WIDGET)

"""The chat as shops embed it: the script behind one tag, and which origins may talk to us."""

from __future__ import annotations

import json

from sanic import Blueprint
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, empty

from bot.evidence_links import PATH as EVIDENCE
from bot.help_center.assets import DEEP_CHAT, Asset, Assets
from bot.help_center.words import HelpCenterWords
from bot.settings import Settings

_CHANNEL_PATHS = ("/session", "/messages", "/notices", EVIDENCE)
_MEGABYTE = 1_000_000
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "7200",
}


class Widget:
    """What `/assistant.js` is made of, and the answers to the browsers of other origins."""

    def __init__(self, settings: Settings, words: HelpCenterWords, assets: Assets) -> None:
        """Builds the script.

        Args:
            settings: the settings.
            words: the sentences of the chat's client.
            assets: the files that the script loads when the chat is first opened.
        """
        self._origins = settings.origins()
        self._script = Asset.of(_script(settings, words, assets).encode(), ".js")

    def add_routes(self, routes: Blueprint) -> None:
        """Adds the script, and the questions that browsers ask before they post from elsewhere.

        Args:
            routes: the help center's routes.
        """

        @routes.get("/assistant.js")
        async def script(request: Request) -> HTTPResponse:
            return self._script.answer(request, for_all_pages=True)

        async def ask(request: Request) -> HTTPResponse:
            return empty(headers=_PREFLIGHT if self._welcome(request) else {})

        for path in _CHANNEL_PATHS:
            routes.add_route(ask, path, methods=["OPTIONS"], name=f"ask{path.replace('/', '_')}")

        async def ask_about(request: Request, id_: str) -> HTTPResponse:
            return await ask(request)

        routes.add_route(ask_about, f"{EVIDENCE}/<id_:str>", methods=["OPTIONS"])

        @routes.middleware("response")
        async def let_read(request: Request, response: BaseHTTPResponse) -> None:
            if not _is_of_channel(request.path) or not self._origins:
                return
            response.headers["Vary"] = "Origin"
            if self._welcome(request):
                response.headers["Access-Control-Allow-Origin"] = request.headers["origin"]
                response.headers["Access-Control-Expose-Headers"] = "Retry-After"
                response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"

    def _welcome(self, request: Request) -> bool:
        return request.headers.get("origin") in self._origins


def _is_of_channel(path: str) -> bool:
    # Files and small pictures are read by their links, which anybody may show.
    is_file = path.startswith(f"{EVIDENCE}/") and path.count("/") == EVIDENCE.count("/") + 1
    return path in _CHANNEL_PATHS or is_file


def _script(settings: Settings, words: HelpCenterWords, assets: Assets) -> str:
    """The embed script: a function of embed.js, called with what it needs to know."""
    names = ("chat.js", "cards.js", "surfaces.js", "uploads.js", "notices.js", "chat.css")
    files = {name.replace(".", "_"): assets.url(name).lstrip("/") for name in names}
    if DEEP_CHAT in assets:
        files["deep_chat"] = assets.url(DEEP_CHAT).lstrip("/")
    boot = {
        "words": words.client(),
        "support": settings.support_url,
        "files": files,
        "limits": _limits(settings),
        "style": assets.text("launcher.css"),
    }
    return (
        f"{assets.text('embed.js').rstrip().rstrip(';')}({json.dumps(boot, ensure_ascii=True)});\n"
    )


def _limits(settings: Settings) -> dict[str, int]:
    """Bytes that a file may have by its kind, and how many may come at once.

    The server looks again; this spares the buyer an upload that would end in a no.
    """
    return {
        "photo": round(settings.evidence_photo_mb * _MEGABYTE),
        "document": round(settings.evidence_document_mb * _MEGABYTE),
        "video": round(settings.evidence_video_mb * _MEGABYTE),
        "count": settings.evidence_files_per_request,
    }

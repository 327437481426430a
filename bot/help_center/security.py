"""Response headers that keep other sites and injected content out of the help page."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import BaseHTTPResponse

_CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
FORM_POLICY = _CONTENT_POLICY.replace("form-action 'none'", "form-action 'self'")
"""For pages with a form, which may be sent to ourselves only."""
HEADERS = {
    "Content-Security-Policy": _CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


async def add_security_headers(request: Request, response: BaseHTTPResponse) -> None:
    """Response middleware: puts the headers on every answer that has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Answers of a chat are one person's; only pages and files say otherwise themselves.
    response.headers.setdefault("Cache-Control", "no-store")

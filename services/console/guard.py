"""What every answer of the console carries, and whom it answers: this machine's own names, no page of another site."""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}

HEADERS: Final = {
    "content-security-policy": "; ".join(f"{name} {value}" for name, value in _POLICY.items()),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

_OWN_REQUESTS: Final = frozenset({"same-origin", "none"})
"""Sec-Fetch-Site (W3C Fetch Metadata) of our own pages, and of an address that a person typed."""


class Guard:
    """Middleware around the whole application. Any name in the Host header would let a web page read us (rebinding)."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        """`names` are the host names it answers to, without port; `*` is every one."""
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse with 421 or 403, or answer with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            """Every answer has them, whoever makes it."""
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = self._refusal(Headers(scope=scope), scope["path"])
        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, headers: Headers, path: str) -> PlainTextResponse | None:
        if "*" not in self._names and _name(headers.get("host", "")) not in self._names:
            return PlainTextResponse("unknown host: add it to CONSOLE_NAMES\n", 421)
        if path != "/" and headers.get("sec-fetch-site", "none") not in _OWN_REQUESTS:
            return PlainTextResponse("only our own pages may ask this\n", 403)
        return None


def _name(host: str) -> str:
    """The name or address of a Host header, without its port (RFC 9110, section 7.2)."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()

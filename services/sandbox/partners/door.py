"""A partner's door: who has no token does not come in, to none of its pages but what a partner's own people look at."""

from hmac import compare_digest
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from services.sandbox.partners.misbehaviour import Misbehaviour
from services.sandbox.partners.trick import Lapse

OPEN: Final = frozenset({"/metadata", "/receipts"})


class Door:
    """Without a *token* it stands open."""

    def __init__(self, token: str | None, misbehaviour: Misbehaviour) -> None:
        self._wanted = f"Bearer {token}".encode() if token else None
        self._misbehaviour = misbehaviour

    def middleware(self) -> Middleware:
        """Inside of what turns aiohttp's own refusals into answers."""

        @web.middleware
        async def door(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Nobody without the token comes further."""
            if not self._admits(request):
                raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
            return await handler(request)

        return door

    def _admits(self, request: web.Request) -> bool:
        if self._wanted is None or request.path in OPEN or Lapse.ANY_TOKEN in self._misbehaviour.lapses:
            return True
        given = request.headers.get("Authorization", "").encode(errors="replace")
        return compare_digest(given, self._wanted)

"""A care partner that is notified, and fetches what lies ready with a token of its own."""

from collections.abc import Sequence
from ipaddress import ip_address
from typing import Any, Final

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout, web
from yarl import URL

from services.sandbox.partners.listener import Address
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.webhook import WebhookPartner

ACCEPT: Final = "application/cloudevents+json"
OK, GONE = 200, 410
WITHIN: Final = ClientTimeout(total=5)


class PullPartner(WebhookPartner):
    """It fetches before it answers the notification, only from this machine, and keeps what it fetched."""

    def __init__(
        self,
        name: str,
        keys: Sequence[str],
        token: str,
        *,
        address: Address | None = None,
        accepts: bool = False,
        reporter: Reporter | None = None,
    ) -> None:
        super().__init__(name, keys, address=address, accepts=accepts, reporter=reporter)
        self._token = token

    async def content(self, message: dict[str, Any]) -> dict[str, Any]:
        """As we show it; what was taken back is a withdrawal of what it holds."""
        told = await super().content(message)
        url = URL(str(told.get("url", "")))
        if url.host is None or not ip_address(url.host).is_loopback:
            raise web.HTTPBadRequest(text="not on this machine")
        headers = {"Authorization": f"Bearer {self._token}", "Accept": ACCEPT}
        try:
            async with ClientSession(timeout=WITHIN, headers=headers) as session, session.get(url) as answer:
                body = await answer.read()
        except (ClientError, TimeoutError):
            raise web.HTTPServiceUnavailable from None
        if answer.status == GONE and (thread := answer.headers.get("Seinpaal-Referral")) in self.held:
            return {"referral": thread, "change": "withdrawal", "revision": self.held[thread].revision + 1}
        data = orjson.loads(body).get("data") if answer.status == OK else None
        return data if isinstance(data, dict) else {}

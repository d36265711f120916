"""The webhook channel: Standard Webhooks 1.0.0, signed v1 (HMAC-SHA256) or v1a (Ed25519)."""

from collections.abc import Callable

from yarl import URL

from services.notify import classify
from services.notify.channel import Parcel
from services.notify.channels.webhook_body import body
from services.notify.channels.webhook_keys import Keys, signed
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Outcome


class WebhookSender:
    """An endpoint that knows a message by its `webhook-id`: the same bytes under the same id, however often."""

    def __init__(self, http: PartnerHttp, url: str, keys: Callable[[], Keys], *, source: str) -> None:
        """`source` is who we are; `keys` are asked for at every attempt: they may be changed meanwhile."""
        self._http = http
        self._url = URL(url)
        self._keys = keys
        self._source = source

    def pack(self, letter: Letter) -> bytes:
        """The message's bytes: what is signed is what is sent."""
        return body(letter, self._source)

    async def send(self, parcel: Parcel) -> Outcome:
        """There is nothing to ask with, so what may have arrived is sent again, under its own id, and marked."""
        headers = {
            **parcel.headers("send"),
            **signed(self._keys(), parcel.referral, parcel.at, parcel.body),
            "Content-Type": "application/json",
        }
        return classify.webhook(await self._http.exchange("POST", self._url, headers, parcel.body), parcel.at)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

"""The webhook channel: Standard Webhooks 1.0.0, signed v1 (HMAC-SHA256)."""

from base64 import b64decode, b64encode
from datetime import datetime
from hmac import digest
from typing import Final
from uuid import UUID

from yarl import URL

from services.notify import classify
from services.notify.channel import Parcel
from services.notify.channels.webhook_body import body
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Outcome
from services.runtime.errors import Refused

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = range(24, 65)
"""Standard Webhooks 1.0.0, "Signature scheme": between 24 and 64 bytes, drawn at random."""


class WebhookSender:
    """An endpoint that knows a message by its `webhook-id`: the same bytes under the same id, however often."""

    def __init__(self, http: PartnerHttp, url: str, key: bytes) -> None:
        self._http = http
        self._url = URL(url)
        self._key = key

    def pack(self, letter: Letter) -> bytes:
        """The message's bytes: what is signed is what is sent."""
        return body(letter)

    async def send(self, parcel: Parcel) -> Outcome:
        """There is nothing to ask with, so what may have arrived is sent again, under its own id."""
        headers = {
            **parcel.headers("send"),
            **signed(self._key, parcel.referral, parcel.at, parcel.body),
            "Content-Type": "application/json",
        }
        return classify.webhook(await self._http.exchange("POST", self._url, headers, parcel.body), parcel.at)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()


def key_of(secret: str) -> bytes:
    """The key in a secret.

    Raises:
        Refused: when it is not of the standard's form; never with the secret in its text.
    """
    try:
        key = b64decode(secret.strip().removeprefix(_PREFIX), validate=True)
    except ValueError:
        key = b""
    if len(key) not in _KEY_BYTES:
        raise Refused("a webhook secret is `whsec_` and base64 of 24 to 64 bytes")
    return key


def signed(key: bytes, message: UUID, at: datetime, content: bytes) -> dict[str, str]:
    """The three headers. The id stays over retries; the timestamp is of this attempt, against replays."""
    timestamp = str(int(at.timestamp()))
    signature = digest(key, b"%b.%b.%b" % (str(message).encode(), timestamp.encode(), content), "sha256")
    return {
        "webhook-id": str(message),
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }

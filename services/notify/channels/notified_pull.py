"""The notified pull channel: a signed word that something lies ready, and where. Content goes to whoever fetches it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

import orjson
from yarl import URL

from services.notify import classify
from services.notify.channel import Parcel
from services.notify.channels.gate import packed
from services.notify.channels.webhook_keys import Keys, signed
from services.notify.fhir.collection import build_collection
from services.notify.fhir.validate import Gate
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Outcome

EVENT_TYPE: Final = "nl.woonsignalen.referral.ready.v1"


class NotifiedPullSender:
    """An endpoint that is told an id and an address of ours, and nothing else, as a Standard Webhook."""

    def __init__(
        self, http: PartnerHttp, url: str, keys: Callable[[], Keys], reception: str, gate: Gate, *, source: str
    ) -> None:
        """`reception` is where partners reach us, `source` who we are.

        `keys` are asked for at every attempt, as they may be changed.
        """
        self._http = http
        self._url = URL(url)
        self._keys = keys
        self._reception = URL(reception)
        self._gate = gate
        self._source = source

    def pack(self, letter: Letter) -> bytes:
        """The notification's bytes. What will be fetched is built too: nobody is called for what cannot be shown."""
        if not letter.withdraws:
            packed(self._gate, build_collection, letter)
        return notification(letter.referral.id, self._reception, self._source)

    async def send(self, parcel: Parcel) -> Outcome:
        """Equal ones under one id: whoever fetches twice is shown the same."""
        headers = {
            **parcel.headers("send"),
            **signed(self._keys(), parcel.referral, parcel.at, parcel.body),
            "Content-Type": "application/json",
        }
        return classify.notification(await self._http.exchange("POST", self._url, headers, parcel.body), parcel.at)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()


def notification(referral: UUID, reception: URL, source: str) -> bytes:
    """A CloudEvent with an id and where to fetch: no person, no place, no kind, not even a moment."""
    address = str(reception / "referrals" / str(referral))
    event = {
        "specversion": "1.0",
        "id": str(referral),
        "source": source,
        "type": EVENT_TYPE,
        "datacontenttype": "application/json",
        "data": {"referral": str(referral), "url": address},
    }
    return orjson.dumps(event)

"""The FHIR message channel: `$process-message` (FHIR R4, section 2.31), as NHS Booking and Referral has it."""

from base64 import b64encode

import orjson
from yarl import URL

from services.notify import classify_fhir
from services.notify.channel import JSON, Parcel
from services.notify.channels.gate import passed
from services.notify.fhir.message import build_message
from services.notify.fhir.validate import Gate
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Outcome


class FhirMessageSender:
    """A receiver that knows a message by its MessageHeader's id; it cannot be asked whether one arrived."""

    def __init__(self, http: PartnerHttp, base: str, destination: str, gate: Gate) -> None:
        self._http = http
        self._url = URL(base) / "$process-message"
        self._destination = destination
        self._gate = gate
        self._target = _target(destination)

    def pack(self, letter: Letter) -> bytes:
        """The Bundle's bytes, as they were validated."""
        return passed(self._gate, build_message(letter, self._destination), letter)

    async def send(self, parcel: Parcel) -> Outcome:
        """The same message under the same ids, however often: what is there already is told by a 409 `duplicate`."""
        headers = {
            **parcel.headers("send"),
            **self._target,
            "X-Correlation-Id": str(parcel.referral),
            "Accept": JSON,
            "Content-Type": JSON,
        }
        return classify_fhir.message(await self._http.exchange("POST", self._url, headers, parcel.body), parcel.at)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()


def _target(destination: str) -> dict[str, str]:
    """Where a proxy must bring it, as BaRS has it: an Identifier in JSON in base64, of an endpoint `system|value`."""
    system, bar, value = destination.rpartition("|")
    if not bar:
        return {}
    return {"NHSD-Target-Identifier": b64encode(orjson.dumps({"system": system, "value": value})).decode()}

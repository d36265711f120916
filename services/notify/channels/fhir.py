"""The FHIR channel: a transaction POSTed to the server's base (FHIR R4, section 3.1.0.11)."""

from typing import Final

from yarl import URL

from services.notify import classify
from services.notify.channel import Parcel, Unsendable
from services.notify.fhir.build import build
from services.notify.fhir.codes import REVISION
from services.notify.fhir.validate import Gate, Invalid, Valid
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Outcome
from services.runtime.log import get_logger

log = get_logger(__name__)

JSON: Final = "application/fhir+json; fhirVersion=4.0"


class FhirSender:
    """A FHIR R4 server. When an earlier attempt may have arrived, it is asked before anything is sent again."""

    def __init__(self, http: PartnerHttp, base: str, gate: Gate) -> None:
        self._http = http
        self._base = URL(base)
        self._gate = gate

    def pack(self, letter: Letter) -> bytes:
        """The Bundle's bytes, as they were validated."""
        match self._gate.judge(build(letter)):
            case Valid(body=body):
                return body
            case Invalid(faults=faults):
                log.error(
                    "notify.invalid_bundle", referral=str(letter.referral.id), field=str(faults[0]), count=len(faults)
                )
                raise Unsendable("invalid-bundle")

    async def send(self, parcel: Parcel) -> Outcome:
        """Ask if need be, then POST. An equal Bundle makes nothing twice: every entry is conditional."""
        if parcel.uncertain:
            known = await self._ask(parcel)
            if known is not None:
                return known
        headers = {**parcel.headers("send"), "Accept": JSON, "Content-Type": JSON, "Prefer": "return=minimal"}
        reply = await self._http.exchange("POST", self._base, headers, parcel.body)
        return classify.fhir(reply, parcel.at, creates=parcel.creates)

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def _ask(self, parcel: Parcel) -> Outcome | None:
        """For the Task of this very revision. Servers cache searches: a remembered no would be a lie."""
        url = (self._base / "Task").with_query({"identifier": f"{REVISION}|{parcel.referral}", "_count": "1"})
        headers = {**parcel.headers("ask"), "Accept": JSON, "Cache-Control": "no-cache"}
        return classify.fhir_search(await self._http.exchange("GET", url, headers), parcel.at)

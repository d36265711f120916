"""The FHIR channel: a transaction POSTed to the server's base (FHIR R4, section 3.1.0.11)."""

from yarl import URL

from services.notify import classify_fhir
from services.notify.channel import JSON, Parcel
from services.notify.channels.fhir_patient import settled
from services.notify.channels.gate import packed
from services.notify.classify_fhir import Absent, Asked, Unaskable
from services.notify.fhir.build import build
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.fhir.frame import TYPES
from services.notify.fhir.validate import Gate
from services.notify.http import PartnerHttp
from services.notify.letter import Letter
from services.notify.outcome import Accepted, Duplicate, Outcome, Refused, TryLater, Unknown
from services.notify.pacing import Http, paced


class FhirSender:
    """A FHIR R4 server. When an earlier attempt may have arrived, it is asked before anything is sent again."""

    def __init__(self, http: PartnerHttp, base: str, gate: Gate) -> None:
        self._http = http
        self._base = URL(base)
        self._gate = gate

    def pack(self, letter: Letter) -> bytes:
        """The Bundle's bytes: validated, or like one that was."""
        return packed(self._gate, build, letter)

    async def send(self, parcel: Parcel) -> Outcome:
        """Ask if need be, then POST; once a later revision has arrived, the Patient follows."""
        http = paced(self._http, parcel.pause)
        outcome = await self._told(http, parcel)
        if not parcel.creates and isinstance(outcome, Accepted | Duplicate):
            return await settled(http, self._base, parcel, outcome)
        return outcome

    async def close(self) -> None:
        """Close its connections."""
        await self._http.close()

    async def _told(self, http: Http, parcel: Parcel) -> Outcome:
        """An equal Bundle makes nothing twice: every entry is conditional."""
        if parcel.uncertain:
            match await self._ask(http, parcel):
                case Absent() | Unaskable():
                    pass
                case known:
                    return known
        headers = {**parcel.headers("send"), "Accept": JSON, "Content-Type": JSON, "Prefer": "return=minimal"}
        reply = await http.exchange("POST", self._base, headers, parcel.body)
        outcome = classify_fhir.transaction(reply, parcel.at, entries=len(TYPES), creates=parcel.creates)
        return await self._confirmed(http, outcome, parcel) if isinstance(outcome, Duplicate) else outcome

    async def _confirmed(self, http: Http, outcome: Duplicate, parcel: Parcel) -> Outcome:
        """Whether what was there is ours, be it a later revision. A server that ignores our condition finds another's.

        So it is asked by the condition's own identifier: that of the first revision, which only this one is sent by.
        """
        match await self._ask(http, parcel, by=THREAD):
            case Absent():
                return Refused("not-kept", outcome.status)
            case Unaskable():
                return outcome
            case TryLater(reason=reason, status=status, not_before=not_before):
                return Unknown(reason, status, not_before)
            case known:
                return known

    async def _ask(self, http: Http, parcel: Parcel, by: str = REVISION) -> Asked:
        """For the Task of this revision. Servers cache searches: a remembered no would be a lie."""
        url = (self._base / "Task").with_query({"identifier": f"{by}|{parcel.referral}", "_count": "2"})
        headers = {**parcel.headers("ask"), "Accept": JSON, "Cache-Control": "no-cache"}
        reply = await http.exchange("GET", url, headers)
        return classify_fhir.search(reply, parcel.at, parcel.referral)

"""CONNECTION: a partner's own channel at its test address, opened as the service opens it, and listened in on."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from yarl import URL

from schemas.cloudevents import OUR_SOURCE
from schemas.partner import FhirChannel, InboxChannel, Partner
from services.notify.channel import Parcel
from services.notify.channels.fhir_patient import looked
from services.notify.doors import doors
from services.notify.fhir.codes import THREAD
from services.notify.http import PartnerHttp
from services.notify.kit import holding
from services.notify.kit.attending import Attendance
from services.notify.kit.heard import Heard
from services.notify.kit.holding import NotTold, Told
from services.notify.kit.letters import Case
from services.notify.kit.listening import Listening
from services.notify.letter import Letter
from services.notify.outcome import Outcome
from services.notify.partner_channels import outlets
from services.notify.patient_copy import Wanted
from services.notify.reply import Reply
from services.notify.secrets import Secrets
from services.notify.wire import USUAL, Limits
from services.runtime.clock import Clock
from services.runtime.web_server import Listen

_FHIR: Final = {"Accept": "application/fhir+json; fhirVersion=4.0", "Cache-Control": "no-cache"}
_JSON: Final = {"Accept": "application/json", "Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a trial allows. `prompt`: seconds of one exchange; `patience`: seconds until somebody there says something.

    `mounted` is the directory of mounted secrets; `listen` where the partner's test system reaches us, and `public_url`
    how it writes that; `source` who we are in an event.
    """

    clock: Clock
    limits: Limits = USUAL
    prompt: float = 5.0
    patience: float = 30.0
    mounted: Path | None = None
    listen: Listen | None = None
    public_url: str | None = None
    source: str = OUR_SOURCE


class Connection:
    """Sends letters, and reads back what is held of them. `heard` has what sending came to, exchange by exchange."""

    def __init__(self, partner: Partner, terms: Terms, secrets: Secrets, attendance: Attendance | None = None) -> None:
        """`partner` is on trial already. Raises Refused when its entry cannot be used."""
        self._attendance = attendance
        self.partner: Final = partner
        self.heard: Final[list[Heard]] = []
        self._terms = terms
        self._secrets = secrets
        self._doors = doors([partner], secrets, terms.limits, self._listening)
        reached = None if attendance is None else attendance.reached_at
        self._channel = outlets([partner], self._doors, secrets, reached, source=terms.source)[partner.id]
        self._attempts: Counter[UUID] = Counter()
        self._receipts = self._open_receipts()

    @property
    def door(self) -> PartnerHttp:
        """What referrals go through, for what is asked beside them."""
        return self._doors[self.partner.id]

    async def send(self, letter: Letter, *, uncertain: bool = False, at: datetime | None = None) -> Outcome:
        """One attempt, as the worker makes it. Raises Unsendable."""
        referral = letter.referral
        self._attempts[referral.id] += 1
        if self._attendance is not None:
            self._attendance.offer(letter)
        parcel = Parcel(
            referral=referral.id,
            body=self._channel.pack(letter),
            attempt=self._attempts[referral.id],
            creates=referral.revision == 1,
            uncertain=uncertain,
            traceparent=None,
            at=at or self._terms.clock(),
        )
        return await self._channel.send(parcel)

    async def held(self, case: Case) -> Told:
        """What the partner has of a case now."""
        match self.partner.channel, self._receipts:
            case _, (door, url):
                return holding.receipts(await door.exchange("GET", url % {"referral": str(case.thread)}, _JSON))
            case FhirChannel(url=base), None:
                query = {"identifier": f"{THREAD}|{case.thread}", "_count": "3"}
                url = (URL(str(base)) / "Task") % query
                return holding.searchset(await self._doors[self.partner.id].exchange("GET", url, _FHIR), case)
            case _:
                return NotTold("no-receipts")

    async def patient(self, letter: Letter) -> tuple[Reply, Wanted]:
        """What a FHIR server answers to a search for our Patient, and how the letter has it. Else TypeError."""
        channel = self.partner.channel
        if not isinstance(channel, FhirChannel):
            raise TypeError("we make no Patient there")
        wanted = Wanted.of(self._channel.pack(letter))
        return await looked(self.door, URL(str(channel.url)), wanted, {}), wanted

    async def close(self) -> None:
        """Every connection."""
        await self._channel.close()
        for door in self._doors.values():
            await door.close()
        if self._receipts is not None:
            await self._receipts[0].close()

    def _listening(self, partner: Partner, url: URL, limits: Limits, secrets: Secrets) -> PartnerHttp:
        return Listening(partner, url, limits, secrets, heard=self.heard, clock=self._terms.clock)

    def _open_receipts(self) -> tuple[PartnerHttp, URL] | None:
        trial = self.partner.trial
        if trial is None or trial.receipts is None or isinstance(self.partner.channel, InboxChannel):
            return None
        url = URL(str(trial.receipts))
        return PartnerHttp(self.partner, url, self._terms.limits, self._secrets), url

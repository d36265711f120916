"""LETTERS of a trial: a case that never was, in three revisions. Marked as test data, and made up for all to see."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from schemas import ids
from schemas.codes import Answer, Certainty, Kind, LegalBasis, Origin, PersonRole, Urgency
from schemas.corporation import Corporation
from schemas.decision import Explanation
from schemas.partner import Identifier, Partner
from schemas.referral import Handling, Referral, ReferralChange
from schemas.sensitive import Sensitive
from schemas.signal import Address, Facts, Particulars, Person, Reporter, SafeContact, Sealed
from services.notify.letter import NOTHING, Letter

SOURCE: Final = "urn:seinpaal:partner-check"
TOGETHER: Final = "partner-check"
DEADLINE: Final = timedelta(days=1)

_CORPORATIONS: Final = {"NL": "Testcorporatie (bestaat niet)", "GB": "Test Housing (does not exist)"}
_NARRATIVES: Final = {
    "NL": "TEST. Dit is verzonnen om de verbinding te testen. Hier is niets gebeurd.",
    "GB": "TEST. This is made up to try the connection. Nothing happened here.",
}
_NOT_SEALED: Final = Sealed(kid="partner-check", box="")
_PEOPLE: Final = (
    Person(role=PersonRole.POSSIBLE_VICTIM, name="Testpersoon Een", birth_date=date(1990, 1, 1), gender="female"),
    Person(role=PersonRole.CHILD, name="Testpersoon Twee"),
)


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up case at one partner. The moment of the trial and its name make its ids: none was there before."""

    partner: Partner
    at: datetime
    name: str

    @property
    def signal(self) -> UUID:
        """The case's own id."""
        return ids.signal_id(SOURCE, f"{self.partner.id}/{self.at.isoformat()}/{self.name}")

    @property
    def thread(self) -> UUID:
        """What all its revisions have in common."""
        return ids.referral_id(self.signal, self.partner.id, 1)

    def letter(self, revision: int, change: ReferralChange) -> Letter:
        """Of that revision; a later one is more urgent than the first."""
        told = NOTHING if change is ReferralChange.WITHDRAWAL else _particulars(self.partner)
        referral = self._referral(revision, change)
        return Letter(referral, referral.kind, told, self.partner, _corporation(self.partner), self.partner.id)

    def _referral(self, revision: int, change: ReferralChange) -> Referral:
        serves = self.partner.serves[0]
        return Referral(
            id=ids.referral_id(self.signal, self.partner.id, revision),
            signal=self.signal,
            event=ids.event_id(self.signal, str(revision)),
            corporation=TOGETHER,
            reference=f"TEST-{self.name}",
            revision=revision,
            change=change,
            handling=Handling.SEND,
            partner=self.partner.id,
            kind=serves.kind,
            legal_basis=LegalBasis.WMO_5_2_6 if self.partner.country == "NL" else None,
            decided_at=self.at + timedelta(seconds=revision),
            deadline=self.at + DEADLINE,
            explanation=Explanation(rule_set="0" * 64),
            facts=_facts(self.partner, self.at, Urgency.URGENT if revision > 1 else Urgency.ROUTINE),
            particulars=_NOT_SEALED,
        )


def _facts(partner: Partner, at: datetime, urgency: Urgency) -> Facts:
    return Facts(
        kind=Kind.NOISE_VIOLENCE,
        urgency=urgency,
        origin=Origin.STAFF_OBSERVATION,
        certainty=Certainty.SUSPECTED,
        country=partner.country,
        area=next(iter(partner.serves[0].areas), None),
        household="0" * 32,
        observed_at=at,
        test=True,
    )


def _corporation(partner: Partner) -> Corporation:
    return Corporation(
        id=TOGETHER,
        name=_CORPORATIONS[partner.country],
        country=partner.country,
        identifier=Identifier(system="urn:nld:kvknr", value="00000000"),
        sources=(),
    )


def _particulars(partner: Partner) -> Particulars:
    return Particulars(
        people=Sensitive(_PEOPLE),
        address=Sensitive(Address(lines=("Voorbeeldstraat 1",), postcode="0000 AA", city="Voorbeeldstad")),
        narrative=Sensitive(_NARRATIVES[partner.country]),
        reporter=Sensitive(Reporter(name="Testmelder", role="test")),
        safe_contact=Sensitive(SafeContact(allowed=Answer.NO)),
    )

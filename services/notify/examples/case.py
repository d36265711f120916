"""CASE: one imaginary case in three revisions, for a partner of each kind. Nothing in it is drawn or of this moment."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from schemas import ids
from schemas.codes import Answer, Certainty, Kind, LegalBasis, Origin, PartnerKind, PersonRole, Urgency, Violence
from schemas.corporation import Corporation
from schemas.decision import Explanation
from schemas.partner import FhirChannel, FhirMessageChannel, Identifier, InboxChannel, Partner, Serves, WebhookChannel
from schemas.referral import Handling, Referral, ReferralChange
from schemas.sensitive import Sensitive
from schemas.signal import Address, Facts, Particulars, Person, Reporter, SafeContact, Sealed
from services.notify.letter import NOTHING, Letter
from services.notify.words import Country

AT: Final = datetime(2026, 3, 2, 21, 45, 12, tzinfo=UTC)
"""When the first revision was decided; each later one a day after the one before."""

SOURCE: Final = "urn:nld:kvknr:00000000:systeem:voorbeeld"
DESTINATION: Final = "https://bars.partner.example/service-id|2000000000"

FHIR: Final = FhirChannel.model_validate({"type": "fhir", "url": "https://fhir.partner.example/r4"})
MESSAGE: Final = FhirMessageChannel.model_validate(
    {"type": "fhir-message", "url": "https://bars.partner.example/fhir", "destination": DESTINATION}
)
WEBHOOK: Final = WebhookChannel.model_validate(
    {"type": "webhook", "url": "https://hooks.partner.example/seinpaal", "secret": "env:EXAMPLE"}
)
INBOX: Final = InboxChannel(type="inbox")

_KINDS: Final = {"NL": PartnerKind.VEILIG_THUIS, "GB": PartnerKind.CHILDRENS_SERVICES}
_AREAS: Final = {"NL": "GM0193", "GB": "E09000012"}
_PARTNERS: Final = {"NL": "Veilig Thuis Voorbeeld (bestaat niet)", "GB": "Example Children's Services (does not exist)"}
_CORPORATIONS: Final = {"NL": "Voorbeeldwonen (bestaat niet)", "GB": "Example Homes (does not exist)"}
_CHANGES: Final = (ReferralChange.NEW, ReferralChange.UPDATE, ReferralChange.WITHDRAWAL)
_NARRATIVES: Final = {
    "NL": "VERZONNEN. De huismeester hoorde twee avonden geschreeuw en zag een kapotte deur.",
    "GB": "MADE UP. The caretaker heard shouting on two evenings and saw a broken door.",
}
_PEOPLE: Final = (
    Person(role=PersonRole.POSSIBLE_VICTIM, name="Testpersoon Een", birth_date=date(1990, 1, 1), gender="female"),
    Person(role=PersonRole.CHILD, name="Testpersoon Twee", birth_date=date(2019, 1, 1)),
    Person(role=PersonRole.ALLEGED_PERPETRATOR, name="Testpersoon Drie", relation="partner"),
)
_REPORTER: Final = Reporter(name="Testmelder Vier", role="huismeester", phone="+31600000004")
_CONTACT: Final = SafeContact(
    allowed=Answer.YES, channel="phone", value="+31600000001", window="ma-vr 10-12", leave_message=Answer.NO
)


def partner(channel: FhirChannel | FhirMessageChannel | WebhookChannel | InboxChannel) -> Partner:
    """A partner on this channel: an English one for messages, else a Dutch one."""
    country: Country = "GB" if isinstance(channel, FhirMessageChannel) else "NL"
    return Partner(
        id="voorbeeldpartner",
        name=_PARTNERS[country],
        country=country,
        identifier=Identifier(system="urn:example:organisation", value="00000001"),
        serves=(Serves(kind=_KINDS[country], areas=(_AREAS[country],)),),
        channel=channel,
    )


def letter(to: Partner, revision: int) -> Letter:
    """Revision 1 tells, 2 tells that it is more urgent now, 3 takes everything back."""
    referral = _referral(to, revision)
    told = NOTHING if referral.change is ReferralChange.WITHDRAWAL else _particulars(to.country)
    return Letter(referral, referral.kind, told, to, _corporation(to.country), to.id)


def _referral(to: Partner, revision: int) -> Referral:
    case = ids.signal_id(SOURCE, "concern\x1f\x1f\x1fVOORBEELD-1")
    at = AT + timedelta(days=revision - 1)
    return Referral(
        id=ids.referral_id(case, to.id, revision),
        signal=case,
        event=ids.event_id(case, str(revision)),
        corporation="voorbeeldwonen",
        reference="VOORBEELD-1",
        revision=revision,
        change=_CHANGES[revision - 1],
        handling=Handling.SEND,
        partner=to.id,
        kind=_KINDS[to.country],
        legal_basis=LegalBasis.WMO_5_2_6 if to.country == "NL" else LegalBasis.DPA_SAFEGUARDING,
        decided_at=at,
        deadline=at + timedelta(days=1),
        explanation=Explanation(rule_set="0" * 64),
        facts=_facts(to.country, Urgency.URGENT if revision == 1 else Urgency.ACUTE),
        particulars=Sealed(kid="example", box=""),
    )


def _facts(country: str, urgency: Urgency) -> Facts:
    facts = Facts(
        kind=Kind.NOISE_VIOLENCE,
        urgency=urgency,
        origin=Origin.STAFF_OBSERVATION,
        certainty=Certainty.OBSERVED,
        country="NL",
        area=_AREAS[country],
        household="0" * 32,
        observed_at=AT - timedelta(hours=1),
        children=Answer.YES,
        violence=(Violence.PHYSICAL,),
        staff_safety=True,
        test=True,
    )
    return facts if country == "NL" else facts.model_copy(update={"country": "GB"})


def _particulars(country: str) -> Particulars:
    return Particulars(
        people=Sensitive(_PEOPLE),
        address=Sensitive(Address(lines=("Voorbeeldstraat 1",), postcode="0000 AA", city="Voorbeeldstad")),
        narrative=Sensitive(_NARRATIVES[country]),
        reporter=Sensitive(_REPORTER),
        safe_contact=Sensitive(_CONTACT),
    )


def _corporation(country: str) -> Corporation:
    return Corporation(
        id="voorbeeldwonen",
        name=_CORPORATIONS[country],
        country="NL" if country == "NL" else "GB",
        identifier=Identifier(system="urn:example:organisation", value="00000002"),
        telephone="0000 000012" if country == "NL" else "020 7946 0012",
        sources=(),
    )

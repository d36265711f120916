"""Synthetic referrals, partners and letters for the tests of notify."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from schemas import ids
from schemas.codes import Answer, Kind, LegalBasis, Origin, PartnerKind, PersonRole, Urgency
from schemas.corporation import Corporation, Desk
from schemas.decision import Explanation
from schemas.delivery import DeliveryState
from schemas.partner import FhirChannel, FhirMessageChannel, Identifier, Partner, Serves, WebhookChannel
from schemas.referral import Handling, Referral, ReferralChange
from schemas.sensitive import Sensitive
from schemas.signal import Address, Facts, Particulars, Person, Reporter, SafeContact, Sealed
from services.notify.letter import Letter
from services.notify.line import Line

AT = datetime(2026, 3, 2, 21, 45, 12, 345000, tzinfo=UTC)
SOURCE = "urn:nld:kvknr:00000001:systeem:test"
PARTNER = "testpartner"
CORPORATION = "testcorporatie"
SEALED = Sealed(kid="00112233aabbccdd", box="c3ludGhldGlzY2g=")


def signal(record: str = "T-1") -> UUID:
    """The id of a signal about one record."""
    return ids.signal_id(SOURCE, record)


def facts(**given: Any) -> Facts:
    """Facts of a suspected incident, changed as given."""
    return Facts(
        **{
            "kind": Kind.NOISE_VIOLENCE,
            "urgency": Urgency.URGENT,
            "origin": Origin.STAFF_OBSERVATION,
            "country": "NL",
            "area": "GM0193",
            "household": "0" * 32,
            "observed_at": AT - timedelta(hours=1),
            "test": True,
            **given,
        }
    )


def referral(
    record: str = "T-1",
    *,
    revision: int = 1,
    partner: str | None = PARTNER,
    kind: PartnerKind | None = PartnerKind.VEILIG_THUIS,
    change: ReferralChange | None = None,
    handling: Handling = Handling.SEND,
    deadline: datetime = AT + timedelta(days=1),
    particulars: Sealed = SEALED,
    about: Facts | None = None,
) -> Referral:
    """What the router decides about a record for a partner."""
    recipient = partner or (f":{kind}" if kind else "")
    case = signal(record)
    return Referral(
        id=ids.referral_id(case, recipient, revision),
        signal=case,
        event=ids.event_id(case, str(revision)),
        corporation=CORPORATION,
        reference=record,
        revision=revision,
        change=change or (ReferralChange.NEW if revision == 1 else ReferralChange.UPDATE),
        handling=handling,
        reason="rule" if handling is Handling.SEND else "no-rule-fired",
        partner=partner,
        kind=kind,
        legal_basis=LegalBasis.WMO_5_2_6,
        decided_at=AT,
        deadline=deadline,
        explanation=Explanation(rule_set="a" * 64),
        facts=about or facts(),
        particulars=particulars,
    )


def partner(
    name: str = PARTNER,
    *,
    url: str = "http://127.0.0.1:1/",
    secret: str | None = None,
    concurrency: int = 8,
    **given: Any,
) -> Partner:
    """A care partner on this machine: a FHIR server, or a webhook receiver when there is a secret."""
    channel: FhirChannel | WebhookChannel = (
        FhirChannel.model_validate_json(f'{{"type": "fhir", "url": "{url}"}}')
        if secret is None
        else WebhookChannel.model_validate_json(f'{{"type": "webhook", "url": "{url}", "secret": "{secret}"}}')
    )
    return Partner(
        **{
            "id": name,
            "name": f"Testpartner {name}",
            "country": "NL",
            "identifier": Identifier(system="http://fhir.nl/fhir/NamingSystem/ura", value="00000002"),
            "serves": (Serves(kind=PartnerKind.VEILIG_THUIS, areas=("GM0193",)),),
            "channel": channel,
            "allow_networks": ("127.0.0.0/8",),
            "concurrency": concurrency,
            **given,
        }
    )


DESTINATION = "https://fhir.example/Id/service-id|2000"


def message_partner(url: str = "http://127.0.0.1:1/", profiles: Sequence[str] = (), **given: Any) -> Partner:
    """A care partner on this machine that takes FHIR messages."""
    channel = FhirMessageChannel.model_validate(
        {"type": "fhir-message", "url": url, "destination": DESTINATION, "profiles": tuple(profiles)}, strict=False
    )
    return partner(channel=channel, **given)


def corporation(*, outcomes: bool = True) -> Corporation:
    """A housing corporation without sources of its own."""
    return Corporation(
        id=CORPORATION,
        name="Testcorporatie",
        country="NL",
        identifier=Identifier(system="urn:kvk", value="00000001"),
        outcomes=outcomes,
        sources=(),
        desk=Desk(asked=("af-1", "af-2"), classes={Urgency.ACUTE: ("piket-1", "piket-2", "af-1")}),
    )


def person(role: PersonRole, name: str | None = "Testpersoon", **given: Any) -> Person:
    """Somebody who does not exist."""
    return Person(role=role, name=name, **given)


PEOPLE = (
    Person(role=PersonRole.POSSIBLE_VICTIM, name="Testpersoon Een", birth_date=date(1990, 1, 1), gender="female"),
    Person(role=PersonRole.CHILD, name="Testpersoon Twee", relation="dochter"),
    Person(role=PersonRole.ALLEGED_PERPETRATOR, name="Testpersoon Drie", phone="+31600000003"),
)
ADDRESS = Address(lines=("Voorbeeldstraat 1",), postcode="0000 AA", city="Voorbeeldstad")
REPORTER = Reporter(name="Testmelder", role="wijkbeheerder", phone="+31600000009")


def particulars(
    *,
    people: Sequence[Person] = PEOPLE,
    address: Address | None = ADDRESS,
    narrative: str | None = "Synthetisch verhaal.",
    reporter: Reporter | None = REPORTER,
    safe_contact: SafeContact | None = None,
) -> Particulars:
    """Particulars of a household that does not exist."""
    return Particulars(
        people=Sensitive(tuple(people)) if people else None,
        address=Sensitive(address) if address else None,
        narrative=Sensitive(narrative) if narrative else None,
        reporter=Sensitive(reporter) if reporter else None,
        safe_contact=Sensitive(safe_contact) if safe_contact else None,
    )


SAFE = SafeContact(allowed=Answer.YES, channel="phone", value="+31600000001", window="ma-vr 10-12", language="Pools")


def letter(about: Referral | None = None, told: Particulars | None = None, to: Partner | None = None) -> Letter:
    """A letter as the channels get it."""
    about = about or referral()
    return Letter(
        referral=about,
        kind=about.kind,
        particulars=told if told is not None else particulars(),
        partner=to or partner(),
        corporation=corporation(),
        recipient=about.partner or "",
    )


def line(record: str = "T-1", *, revision: int = 1, state: DeliveryState = DeliveryState.PENDING, **given: Any) -> Line:
    """A line of the ledger."""
    about = referral(record, revision=revision, change=given.pop("change", None))
    return Line(
        **{
            "referral": about.id,
            "signal": about.signal,
            "corporation": about.corporation,
            "reference": about.reference,
            "recipient": PARTNER,
            "partner": PARTNER,
            "kind": about.kind,
            "revision": revision,
            "change": about.change,
            "state": state,
            "rank": 2,
            "queued_at": AT,
            "deadline": about.deadline,
            "changed_at": AT,
            "topic": "referrals.v1",
            "partition": 0,
            "offset": revision,
            **given,
        }
    )

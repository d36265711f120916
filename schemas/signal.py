"""SIGNAL: our normal form of what a tenant system told, in two parts: facts in the clear, particulars sealed."""

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import Field

from schemas.codes import Answer, Certainty, Change, Consent, Kind, Origin, PersonRole, Urgency, Violence
from schemas.message import Lasting, Message
from schemas.sensitive import REVEAL, Sensitive

Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""A name in configuration: a corporation, a partner, a rule."""

Pseudonym = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
"""A person who works with us, by a word that only their own organisation can tie to a name."""

ACCOUNT: Final = r"^[a-z0-9]+(-[a-z0-9]+)*-[0-9]+$"
"""A role and a number, such as lead-1. Names and logins seldom end in a dash and a number."""

Account = Annotated[str, Field(pattern=ACCOUNT, max_length=64)]
"""A pseudonym that does not look like a name."""

Area = Annotated[str, Field(pattern=r"^(GM\d{4}|[EW]\d{8})$")]
"""CBS municipality code (GM0193) or GSS local-authority code (E09000012) of the address at stake."""

DASH_QUESTIONS: Final = 27
"""Of the DASH checklist's police version, the longest: no score is higher."""


class Facts(Lasting):
    """The routing minimum: codes only, nothing that names a person or a dwelling. All the router may see."""

    kind: Kind = Field(description="What was noticed")
    urgency: Urgency = Field(description="How soon somebody must act")
    origin: Origin = Field(description="Who noticed")
    certainty: Certainty = Field(default=Certainty.SUSPECTED, description="Seen, told, or suspected")
    country: Literal["NL", "GB"] = Field(description="Whose law holds")
    area: Area | None = Field(default=None, description="Municipality or local authority of the address at stake")
    household: str = Field(pattern=r"^[0-9a-f]{32}$", description="Keyed pseudonym of the dwelling")
    observed_at: datetime | None = Field(default=None, description="When it was noticed")
    acute: Answer = Field(default=Answer.UNKNOWN, description="Acute unsafety (meldcode step 4)")
    structural: Answer = Field(default=Answer.UNKNOWN, description="Structural unsafety (meldcode step 4)")
    disclosure: bool = Field(default=False, description="The victim or child told it")
    children: Answer = Field(default=Answer.UNKNOWN, description="Children in the household (kindcheck)")
    pregnant: Answer = Field(default=Answer.UNKNOWN, description="Somebody in the household is pregnant")
    weapon: bool = Field(default=False, description="A weapon was seen or named")
    staff_safety: bool = Field(default=False, description="Visit with two (VERA BEZ, HACT person alert)")
    secret_address: bool = Field(default=False, description="Refuge (VERA OPV) or otherwise secret: never forwarded")
    violence: tuple[Violence, ...] = Field(default=(), description="Types of violence")
    consent: Consent = Field(default=Consent.NOT_ASKED, description="Whether those concerned agree")
    informed: Answer = Field(default=Answer.UNKNOWN, description="Whether those concerned know (open melden, tenzij)")
    dash_score: int | None = Field(
        default=None, ge=0, le=DASH_QUESTIONS, description="DASH risk checklist, where it was done"
    )
    professional_judgement: bool = Field(default=False, description="High risk by professional judgement (MARAC)")
    origin_code: str | None = Field(
        default=None, max_length=40, pattern=r"^[A-Za-z0-9._/-]+$", description="The tenant system's code, as listed"
    )
    test: bool = Field(default=False, description="Marked test data: partners get HTEST")


class Personal(Message):
    """A part of the particulars; it prints as nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


class Person(Personal):
    """Somebody in the household, as far as the tenant system knows. Never a BSN, NHS or NI number."""

    role: PersonRole
    name: str | None = None
    birth_date: date | None = None
    gender: Literal["male", "female", "other", "unknown"] = "unknown"
    relation: str | None = None
    phone: str | None = Field(default=None, description="Only one that is said to be safe")


class Address(Personal):
    """The address at stake."""

    lines: tuple[str, ...] = ()
    postcode: str | None = None
    city: str | None = None


class Reporter(Personal):
    """Who noticed, for the partner only: Veilig Thuis must know, the family must not."""

    name: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None


class SafeContact(Personal):
    """How the possible victim may be reached. Absent means: do not. Never falls back to the tenancy's number."""

    allowed: Answer = Answer.UNKNOWN
    channel: str | None = None
    value: str | None = None
    window: str | None = None
    leave_message: Answer = Answer.UNKNOWN
    language: str | None = None


class Particulars(Message):
    """What names people: sealed under the case's key before it leaves ingest, opened only to build a referral."""

    people: Sensitive[tuple[Person, ...]] | None = None
    address: Sensitive[Address] | None = None
    narrative: Sensitive[str] | None = None
    reporter: Sensitive[Reporter] | None = None
    safe_contact: Sensitive[SafeContact] | None = None

    def reveal(self) -> bytes:
        """The JSON to be sealed."""
        return self.__pydantic_serializer__.to_json(self, exclude_none=True, context=REVEAL)


class Sealed(Message):
    """Particulars under the case's data key: AES-256-GCM, bound to topic, signal, case and key (RFC 5116)."""

    alg: Literal["A256GCM"] = "A256GCM"
    kid: str = Field(min_length=1, max_length=64, description="Which data key; never try several")
    box: str = Field(description="base64 of the 12-byte nonce, the ciphertext and the 16-byte tag")


class Signal(Message):
    """One event of one tenant record, normalised. A later event of the same record is a new revision of the signal."""

    id: UUID = Field(description="Derived from the source's URN and its record; also the case's id")
    event: UUID = Field(description="Derived from the signal and the source's event")
    corporation: Slug = Field(description="Whose signal it is")
    reference: str | None = Field(
        default=None, max_length=64, pattern=r"^[A-Za-z0-9._:/-]+$", description="The tenant system's own record id"
    )
    change: Change = Field(description="Reported (first or corrected), or withdrawn")
    changed_at: datetime = Field(description="When the tenant system changed it: orders the revisions")
    accepted_at: datetime = Field(description="When ingest took it")
    facts: Facts
    particulars: Sealed

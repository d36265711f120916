"""PARTNER: a care organisation, the kinds of help it gives, where, since when, and how it is reached."""

from datetime import date, datetime
from typing import Annotated, Final, Literal, Self

from pydantic import Field, HttpUrl, model_validator

from schemas.codes import PartnerKind
from schemas.feedback import Feedback
from schemas.message import Message
from schemas.signal import Area, Slug
from schemas.words import Words, Wrong


class Identifier(Message):
    """Who an organisation is to others: a URI of the register, and the number in it."""

    system: str
    value: str


Reference = Annotated[str, Field(pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|mounted:[A-Za-z0-9][A-Za-z0-9._-]*)$")]
"""Where a secret is, never what it is: a variable, a file, or a name in the directory of mounted secrets."""

Pin = Annotated[str, Field(pattern=r"^sha256/[A-Za-z0-9+/]{43}=$")]
"""SHA-256 of a certificate's SubjectPublicKeyInfo, base64 (the form of RFC 7469, section 2.4)."""


class StaticHeaders(Message):
    """Fixed headers that let us in, such as an API key; each value by reference."""

    type: Literal["headers"]
    headers: dict[str, Reference] = Field(min_length=1)


class ClientCredentials(Message):
    """OAuth 2.0 client credentials (RFC 6749, section 4.4)."""

    type: Literal["oauth2"]
    token_url: HttpUrl
    client_id: str
    client_secret: Reference
    scope: str | None = None


class SmartBackend(Message):
    """SMART Backend Services 2.2: a signed assertion (private_key_jwt, RFC 7523) buys a short-lived token."""

    type: Literal["smart-backend"]
    token_url: HttpUrl
    client_id: str
    key: Reference = Field(description="Our private key, PEM")
    key_id: str = Field(description="`kid` in the key set that the partner has of us")
    algorithm: Literal["RS384", "ES384"] = "ES384"
    scope: str = "system/*.cruds"


Authentication = Annotated[StaticHeaders | ClientCredentials | SmartBackend, Field(discriminator="type")]


class Tls(Message):
    """Who we are (a client certificate), and who they must be (authorities, pins). Anything amiss: nothing is sent."""

    certificate: Reference | None = Field(default=None, description="Our certificate chain, PEM")
    key: Reference | None = Field(default=None, description="Its private key, PEM")
    authorities: Reference | None = Field(default=None, description="PEM of who may vouch for them, beside nobody else")
    pins: tuple[Pin, ...] = Field(default=(), description="One of these keys must be theirs")


class FhirChannel(Message):
    """A FHIR R4 server that takes a transaction Bundle with conditional creates."""

    type: Literal["fhir"]
    url: HttpUrl = Field(description="The server's base, where the Bundle is POSTed")
    profiles: tuple[str, ...] = Field(default=(), description="Declared in meta.profile only when agreed")


class FhirMessageChannel(Message):
    """A receiver of FHIR messages (`$process-message`), as in the NHS Booking and Referral Standard."""

    type: Literal["fhir-message"]
    url: HttpUrl = Field(description="The base below which `$process-message` stands")
    destination: str = Field(
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
        description="The receiver's endpoint, in MessageHeader.destination: a URI, or `system|value`",
    )
    profiles: tuple[str, ...] = ()


class Signing(Message):
    """How a Standard Webhook is signed: v1 (HMAC-SHA256) or v1a (Ed25519).

    `previous` is signed with too until `previous_until`, so that a key can be changed without a lost message.
    """

    secret: Reference = Field(description="whsec_… for v1, whsk_… for v1a")
    signature: Literal["v1", "v1a"] = "v1"
    previous: Reference | None = Field(default=None, description="The key before this one, of either kind")
    previous_until: datetime | None = Field(default=None, description="With an offset or Z; needed with `previous`")


class WebhookChannel(Signing):
    """An endpoint that takes a Standard Webhook."""

    type: Literal["webhook"]
    url: HttpUrl


class NotifiedPullChannel(Signing):
    """A notification without any personal data; the partner fetches with its own token, and each fetch is audited."""

    type: Literal["notified-pull"]
    url: HttpUrl = Field(description="Where the notification is POSTed, as a Standard Webhook")


class InboxChannel(Message):
    """No server of theirs: kept sealed with us, and fetched by a signed-in person."""

    type: Literal["inbox"]


Channel = Annotated[
    FhirChannel | FhirMessageChannel | WebhookChannel | NotifiedPullChannel | InboxChannel,
    Field(discriminator="type"),
]


class Access(Message):
    """How the partner proves to us who it is, when it fetches or reports."""

    tokens: tuple[Reference, ...] = Field(
        default=(), max_length=2, description="Bearer tokens; two while one is changed"
    )


class Trial(Message):
    """Where a partner can be put to the test, with marked test data only. What is not given here is as in its entry."""

    channel: Channel
    allow_networks: tuple[str, ...] | None = None
    authentication: Authentication | None = None
    tls: Tls | None = None
    access: Access | None = None
    receipts: HttpUrl | None = Field(
        default=None, description="Says what is held of a test referral, where that cannot be searched for"
    )


_LESS: Final = Words(
    "seen_hours, accepted_hours and outcome_hours must not become less",
    "seen_hours, accepted_hours en outcome_hours mogen niet kleiner worden",
)


class Answers(Message):
    """Within how many hours after delivery a person at the partner must have seen, accepted, finished it."""

    seen_hours: float | None = Field(default=None, gt=0)
    accepted_hours: float | None = Field(default=None, gt=0)
    outcome_hours: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        """What comes later has no less time."""
        given = [hours for hours in (self.seen_hours, self.accepted_hours, self.outcome_hours) if hours is not None]
        if given != sorted(given):
            raise Wrong(_LESS)
        return self


class Serves(Message):
    """One kind of help in some areas, for a time."""

    kind: PartnerKind
    areas: tuple[Area, ...]
    valid_from: date | None = None
    valid_until: date | None = Field(default=None, description="First day it no longer does")

    def on(self, day: date) -> bool:
        """Whether it is given on that day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or day < self.valid_until)


Telephone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 ()-]{1,22}[0-9]$")]


class Partner(Message):
    """One entry of `partners.yaml`."""

    id: Slug
    name: str
    country: Literal["NL", "GB"]
    identifier: Identifier
    telephone: Telephone | None = Field(default=None, description="Of the organisation: whom to call")
    serves: tuple[Serves, ...]
    channel: Channel
    allow_networks: tuple[str, ...] = Field(
        default=(), description="CIDR ranges its address may lie in, when it is not a public one"
    )
    concurrency: int = Field(default=8, ge=1, le=64, description="Requests under way at once, of each instance")
    rate: float | None = Field(default=None, gt=0, description="Requests a second at most, over all instances")
    authentication: Authentication | None = None
    tls: Tls = Tls()
    access: Access = Access()
    feedback: Feedback | None = None
    answers: Answers = Answers()
    live: bool = Field(default=True, description="False: only marked test data goes there")
    trial: Trial | None = Field(default=None, description="Its test address, for `seinpaal partner check`")

    def kinds_on(self, area: str, day: date) -> tuple[PartnerKind, ...]:
        """The kinds of help it gives in that area on that day."""
        return tuple(part.kind for part in self.serves if area in part.areas and part.on(day))

    @property
    def on_trial(self) -> Self | None:
        """The same partner at its test address; None when it has none."""
        if self.trial is None:
            return None
        given = {
            name: getattr(self.trial, name) for name in ("channel", "allow_networks", "authentication", "tls", "access")
        }
        return self.model_copy(update={name: value for name, value in given.items() if value is not None})


class Partners(Message):
    """The file `partners.yaml`."""

    partners: tuple[Partner, ...]

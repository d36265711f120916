"""PARTNER: a care organisation, the kinds of help it gives, where, since when, and how it is reached."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, HttpUrl

from schemas.codes import PartnerKind
from schemas.message import Message
from schemas.signal import Area, Slug


class Identifier(Message):
    """Who an organisation is to others: a URI of the register, and the number in it."""

    system: str
    value: str


class FhirChannel(Message):
    """A FHIR R4 server that takes a transaction Bundle with conditional creates."""

    type: Literal["fhir"]
    url: HttpUrl = Field(description="The server's base, where the Bundle is POSTed")
    profiles: tuple[str, ...] = Field(default=(), description="Declared in meta.profile only when agreed")


class WebhookChannel(Message):
    """An endpoint that takes a Standard Webhook, signed v1 (HMAC-SHA256)."""

    type: Literal["webhook"]
    url: HttpUrl
    secret: str = Field(description="Where the secret is: env:NAME or file:PATH, never the secret itself")


Channel = Annotated[FhirChannel | WebhookChannel, Field(discriminator="type")]


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


class Partner(Message):
    """One entry of `partners.yaml`."""

    id: Slug
    name: str
    country: Literal["NL", "GB"]
    identifier: Identifier
    serves: tuple[Serves, ...]
    channel: Channel
    allow_networks: tuple[str, ...] = Field(
        default=(), description="CIDR ranges its address may lie in, when it is not a public one"
    )
    concurrency: int = Field(default=8, ge=1, le=64, description="Requests under way at once")

    def kinds_on(self, area: str, day: date) -> tuple[PartnerKind, ...]:
        """The kinds of help it gives in that area on that day."""
        return tuple(part.kind for part in self.serves if area in part.areas and part.on(day))


class Partners(Message):
    """The file `partners.yaml`."""

    partners: tuple[Partner, ...]

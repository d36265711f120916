"""REFERENCES: every secret that a partner's entry points at, checked as a whole before anything begins."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from schemas.partner import (
    ClientCredentials,
    FhirChannel,
    FhirMessageChannel,
    InboxChannel,
    NotifiedPullChannel,
    Partner,
    SmartBackend,
    StaticHeaders,
    WebhookChannel,
)
from schemas.words import Words, filled
from services.notify.secret_words import OF_FIELD, OF_PARTNER
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from services.runtime.yaml_file import together

Field = tuple[str, str]
"""A path within the entry, and the reference that stands there."""


def references(partner: Partner) -> Iterator[Field]:
    """In the order of the entry; its trial address is the check's own business."""
    yield from _of_channel(partner)
    yield from _of_authentication(partner)
    tls = partner.tls
    for name, reference in (("certificate", tls.certificate), ("key", tls.key), ("authorities", tls.authorities)):
        if reference is not None:
            yield f"tls.{name}", reference
    for place, reference in enumerate(partner.access.tokens):
        yield f"access.tokens.{place}", reference


def readable(partners: Iterable[Partner], secrets: Secrets) -> None:
    """Whether every secret is there.

    Raises:
        Refused: with a line for each that is not: partner, field, place; never what is in it.
    """
    faults = [
        filled(OF_PARTNER, partner.id, filled(OF_FIELD, field, fault))
        for partner in partners
        for field, reference in references(partner)
        if (fault := _fault(reference, secrets)) is not None
    ]
    if faults:
        raise Refused(together(faults))


def _fault(reference: str, secrets: Secrets) -> Words | None:
    try:
        secrets.read(reference)
    except Refused as error:
        return error.words
    return None


def _of_channel(partner: Partner) -> Iterator[Field]:
    channel = partner.channel
    match channel:
        case WebhookChannel() | NotifiedPullChannel():
            yield "channel.secret", channel.secret
            if channel.previous is not None:
                yield "channel.previous", channel.previous
        case FhirChannel() | FhirMessageChannel() | InboxChannel():
            return
        case _:
            assert_never(channel)


def _of_authentication(partner: Partner) -> Iterator[Field]:
    authentication = partner.authentication
    match authentication:
        case None:
            return
        case StaticHeaders(headers=headers):
            for name, reference in headers.items():
                yield f"authentication.headers.{name}", reference
        case ClientCredentials(client_secret=reference):
            yield "authentication.client_secret", reference
        case SmartBackend(key=reference):
            yield "authentication.key", reference
        case _:
            assert_never(authentication)

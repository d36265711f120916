"""PARTNER CHANNELS: the channel of every partner, opened as its entry says."""

from collections.abc import Callable, Iterable, Mapping

from schemas.partner import (
    FhirChannel,
    FhirMessageChannel,
    InboxChannel,
    NotifiedPullChannel,
    Partner,
    Signing,
    WebhookChannel,
)
from services.notify.channel import Channel
from services.notify.channels.fhir import FhirSender
from services.notify.channels.fhir_message import FhirMessageSender
from services.notify.channels.inbox import InboxSender
from services.notify.channels.notified_pull import NotifiedPullSender
from services.notify.channels.webhook import WebhookSender
from services.notify.channels.webhook_keys import Keys
from services.notify.channels.webhook_opening import open_keys
from services.notify.doors import Doors
from services.notify.fhir.message_specimen import message_specimen
from services.notify.fhir.specimen import specimen
from services.notify.fhir.validate import Gate
from services.notify.secret_cache import SecretCache
from services.notify.secrets import Secrets
from services.runtime.errors import Refused


def outlets(
    partners: Iterable[Partner], doors: Doors, secrets: Secrets, reception: str | None = None, *, source: str
) -> Mapping[str, Channel]:
    """By partner, each through its door. Nothing is connected yet. `reception` is where partners reach us, if they can.

    `source` is who we are in an event.

    Raises:
        Refused: when an entry cannot be used; the text names the partner or the place of its secret.
        RuntimeError: when our own rules refuse what we send.
    """
    gate = Gate()
    gate.self_test([specimen(), message_specimen()])
    return {partner.id: _outlet(partner, gate, doors, secrets, reception, source=source) for partner in partners}


def _outlet(
    partner: Partner, gate: Gate, doors: Doors, secrets: Secrets, reception: str | None, *, source: str
) -> Channel:
    match partner.channel:
        case FhirChannel(url=url):
            return FhirSender(doors[partner.id], str(url), gate)
        case FhirMessageChannel(url=url, destination=destination):
            return FhirMessageSender(doors[partner.id], str(url), destination, gate)
        case WebhookChannel(url=url) as channel:
            return WebhookSender(doors[partner.id], str(url), _keys(partner, secrets, channel), source=source)
        case NotifiedPullChannel(url=url) as channel:
            keys = _keys(partner, secrets, channel)
            where = _fetched_at(partner, reception)
            return NotifiedPullSender(doors[partner.id], str(url), keys, where, gate, source=source)
        case InboxChannel():
            return InboxSender(gate)


def _fetched_at(partner: Partner, reception: str | None) -> str:
    if reception is None:
        raise Refused(f"partner {partner.id} fetches from us: set NOTIFY_LISTEN, and NOTIFY_PUBLIC_URL to that address")
    if not partner.access.tokens:
        raise Refused(f"partner {partner.id} fetches from us: give it a token in access.tokens")
    return reception


def _keys(partner: Partner, secrets: Secrets, signing: Signing) -> Callable[[], Keys]:
    places = [each for each in (signing.secret, signing.previous) if each is not None]
    return SecretCache(partner.id, secrets, places, lambda: open_keys(signing, secrets)).value

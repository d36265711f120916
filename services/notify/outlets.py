"""OUTLETS: the channel of every partner, opened as its entry says."""

from collections.abc import Callable, Iterable, Mapping

from yarl import URL

from schemas.partner import FhirChannel, Partner, WebhookChannel
from services.notify.channel import Channel
from services.notify.channels.fhir import FhirSender
from services.notify.channels.webhook import WebhookSender, key_of
from services.notify.fhir.specimen import specimen
from services.notify.fhir.validate import Gate
from services.notify.http import USUAL, Limits, PartnerHttp
from services.notify.secrets import secret
from services.runtime.errors import Refused

OpenHttp = Callable[[Partner, URL, Limits], PartnerHttp]
"""Makes what requests go through."""


def outlets(partners: Iterable[Partner], limits: Limits = USUAL, http: OpenHttp = PartnerHttp) -> Mapping[str, Channel]:
    """By partner. Nothing is connected yet. `http` makes the requests: a check listens in on them.

    Raises:
        Refused: when an entry cannot be used; the text names the partner or the place of its secret.
        RuntimeError: when our own rules refuse what we send.
    """
    gate = Gate()
    gate.self_test([specimen()])
    return {partner.id: _outlet(partner, gate, limits, http) for partner in partners}


def _outlet(partner: Partner, gate: Gate, limits: Limits, http: OpenHttp) -> Channel:
    match partner.channel:
        case FhirChannel(url=url):
            return FhirSender(http(partner, URL(str(url)), limits), str(url), gate)
        case WebhookChannel(url=url, secret=reference):
            return WebhookSender(http(partner, URL(str(url)), limits), str(url), _key(partner, reference))
        case _:
            raise Refused(f"partner {partner.id}: channel {partner.channel.type} is not there yet. Choose another")


def _key(partner: Partner, reference: str) -> bytes:
    try:
        return key_of(secret(reference))
    except Refused as error:
        raise Refused(f"partner {partner.id}: {error}") from None

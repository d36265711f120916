"""PARTNER WIRE: to one address of a partner, held to what its entry says of addresses, keys and TLS."""

import ssl

from aiohttp.abc import AbstractResolver
from yarl import URL

from schemas.partner import Partner
from services.notify.addresses import Allowed
from services.notify.handshake import NO_TLS, context
from services.notify.secret_cache import SecretCache
from services.notify.secrets import Secrets
from services.notify.wire import Limits, Wire
from services.runtime.errors import Refused


def wired(
    partner: Partner,
    url: URL,
    secrets: Secrets,
    limits: Limits,
    *,
    connections: int = 1,
    resolver: AbstractResolver | None = None,
) -> Wire:
    """Nothing is connected yet. The channel's URL and the token endpoint's are held to the same.

    Raises:
        Refused: when it would send in the clear over the public internet, or a secret of `tls` cannot be used.
    """
    if url.user is not None or url.password is not None:
        raise Refused(f"partner {partner.id}: its url has a user in it. Say it in authentication, by reference")
    clear = url.scheme != "https"
    if clear and not partner.allow_networks:
        raise Refused(f"partner {partner.id}: http:// only within allow_networks. Use https://, or list the network")
    if clear and partner.tls != NO_TLS:
        raise Refused(f"partner {partner.id}: tls is set, and {url.origin()} is http://. Use https://")
    return Wire(_allowed(partner, clear=clear), _handshakes(partner, secrets).value, connections, limits, resolver)


def _allowed(partner: Partner, *, clear: bool) -> Allowed:
    try:
        return Allowed.of(partner.allow_networks, public=not clear)
    except ValueError:
        raise Refused(f"partner {partner.id}: allow_networks has what is no network. Write 10.1.2.0/24") from None


def _handshakes(partner: Partner, secrets: Secrets) -> SecretCache[ssl.SSLContext]:
    tls = partner.tls
    references = [each for each in (tls.certificate, tls.key, tls.authorities) if each is not None]
    return SecretCache(partner.id, secrets, references, lambda: context(tls, secrets))

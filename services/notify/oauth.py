"""OAUTH: a partner's token endpoint, asked as its entry says: with a secret, or with an assertion we sign."""

import secrets as dice
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Final

from yarl import URL

from schemas.partner import ClientCredentials, Partner, SmartBackend
from services.notify.bearer import Bearer
from services.notify.grant import Grant, signing_key, with_assertion, with_secret
from services.notify.partner_wire import wired
from services.notify.reply import NotSent
from services.notify.secret_cache import SecretCache
from services.notify.secrets import Secrets
from services.notify.token import Token, token
from services.notify.wire import Limits, Wire
from services.runtime.clock import Clock, now

NONCE_BYTES: Final = 24

OAuth = ClientCredentials | SmartBackend


def nonce() -> str:
    """Never twice, on any instance, whatever the clocks say."""
    return dice.token_urlsafe(NONCE_BYTES)


def _unheard(url: URL) -> None:
    """Nobody counts them."""


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """Asks once. What it answers is in no log and in no error."""

    wire: Wire
    url: URL
    grant: Callable[[], Grant]
    ticks: Callable[[], float]
    asked: Callable[[URL], None]

    async def fetch(self) -> Token | NotSent:
        """A new token, or why there is none."""
        asked_at = self.ticks()
        self.asked(self.url)
        grant = self.grant()
        reply = await self.wire.exchange("POST", self.url, grant.headers, grant.body)
        return token(reply, asked_at, grant.signed_at)


def bearer(
    partner: Partner,
    how: OAuth,
    secrets: Secrets,
    limits: Limits,
    *,
    clock: Clock = now,
    ticks: Callable[[], float] = monotonic,
    asked: Callable[[URL], None] = _unheard,
) -> Bearer:
    """Its tokens. `clock` tells the time of day for an assertion, `ticks` how old a token is.

    `asked` is told of each request to the endpoint.

    Raises:
        Refused: when a secret or key is missing or unfit, or the endpoint's address is not allowed.
    """
    url = URL(str(how.token_url))
    wire = wired(partner, url, secrets, limits)
    endpoint = TokenEndpoint(wire, url, _grants(partner, how, secrets, clock), ticks, asked)
    return Bearer(endpoint.fetch, wire.close, ticks)


def _grants(partner: Partner, how: OAuth, secrets: Secrets, clock: Clock) -> Callable[[], Grant]:
    match how:
        case ClientCredentials(client_secret=place):
            secret = SecretCache(partner.id, secrets, [place], lambda: secrets.read(place))
            return lambda: with_secret(how, secret.value())
        case SmartBackend(key=place):
            key = SecretCache(partner.id, secrets, [place], lambda: signing_key(how, secrets.read(place)))
            return lambda: with_assertion(how, key.value(), clock(), nonce())

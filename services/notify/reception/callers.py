"""CALLERS: who asks, by a bearer token (RFC 6750). Tokens are kept as digests, and all are compared each time."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from schemas.partner import Partner
from services.notify.secret_cache import SecretCache
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

SHORTEST: Final = 32
"""Characters of a token; shorter ones can be guessed."""


class Callers:
    """The partners that have a token, and which of them holds the one that was shown."""

    def __init__(self, tokens: Mapping[str, Iterable[str]], partners: Mapping[str, Partner]) -> None:
        """`tokens` by partner: two while one is changed. Raises Refused as `take` does."""
        self._partners = partners
        self._digests: dict[str, tuple[bytes, ...]] = {}
        self._changed: list[Callable[[], object]] = []
        for partner, given in tokens.items():
            self.take(partner, given)

    def take(self, partner: str, tokens: Iterable[str]) -> None:
        """From now on a partner has these, and those that it had no more.

        Raises:
            Refused: when one is too short, or another partner's; then nothing changes.
        """
        found = []
        for each in tokens:
            if len(each) < SHORTEST:
                raise Refused("its token is too short. Make one: openssl rand -hex 32")
            found.append(sha256(each.encode()).digest())
        for other, digests in self._digests.items():
            if other != partner and not set(found).isdisjoint(digests):
                raise Refused(f"it has the same token as {other}: give each its own")
        self._digests[partner] = tuple(found)

    def follow(self, look: Callable[[], object]) -> None:
        """Call this before each look at a token: it takes what was changed."""
        self._changed.append(look)

    def who(self, authorization: str | None) -> Partner | None:
        """The partner of an Authorization header; None for anybody else. It takes as long for everybody."""
        for look in self._changed:
            look()
        scheme, _, token = (authorization or "").partition(" ")
        shown = sha256(token.strip().encode()).digest()
        each = [(partner, digest) for partner, digests in self._digests.items() for digest in digests]
        found = [partner for partner, digest in each if compare_digest(digest, shown)]
        return self._partners[found[0]] if found and scheme.lower() == "bearer" else None


def callers(partners: Mapping[str, Partner], secrets: Secrets) -> Callers:
    """Every partner's tokens, read where its entry says they are, and again when one is changed there.

    Raises:
        Refused: when one is missing or unfit. Of a partner whose new one is, the old one counts meanwhile.
    """
    known = Callers({}, partners)
    for partner in partners.values():
        places = partner.access.tokens
        known.follow(
            SecretCache(partner.id, secrets, places, partial(_taken, known, partner.id, secrets, places)).value
        )
    return known


def _taken(known: Callers, partner: str, secrets: Secrets, places: Iterable[str]) -> None:
    known.take(partner, [secrets.read(reference) for reference in places])

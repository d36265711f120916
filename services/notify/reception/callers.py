"""CALLERS: who asks, by a bearer token (RFC 6750). Tokens are kept as digests, and all are compared each time."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from schemas.partner import Partner
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

SHORTEST: Final = 32
"""Characters of a token; shorter ones can be guessed."""


class Callers:
    """The partners that have a token, and which of them holds the one that was shown."""

    def __init__(self, tokens: Mapping[str, Iterable[str]], partners: Mapping[str, Partner]) -> None:
        """`tokens` by partner: two while one is changed.

        Raises:
            Refused: when a token is too short, or two partners have the same.
        """
        self._partners = partners
        self._digests: list[tuple[bytes, str]] = []
        owners: dict[bytes, str] = {}
        for partner, each in ((partner, token) for partner, of in tokens.items() for token in of):
            if len(each) < SHORTEST:
                raise Refused(f"partner {partner}: its token is too short. Make one: openssl rand -hex 32")
            digest = sha256(each.encode()).digest()
            if owners.setdefault(digest, partner) != partner:
                raise Refused(f"partners {owners[digest]} and {partner} have the same token: give each its own")
            self._digests.append((digest, partner))

    def who(self, authorization: str | None) -> Partner | None:
        """The partner of an Authorization header; None for anybody else. It takes as long for everybody."""
        scheme, _, token = (authorization or "").partition(" ")
        shown = sha256(token.strip().encode()).digest()
        found = [partner for digest, partner in self._digests if compare_digest(digest, shown)]
        return self._partners[found[0]] if found and scheme.lower() == "bearer" else None


def callers(partners: Mapping[str, Partner], secrets: Secrets) -> Callers:
    """Every partner's tokens, read where its entry says they are. Raises Refused when one is missing or unfit."""
    tokens: dict[str, list[str]] = {}
    for partner in partners.values():
        try:
            tokens[partner.id] = [secrets.read(reference) for reference in partner.access.tokens]
        except Refused as error:
            raise Refused(f"partner {partner.id}: {error}") from None
    return Callers(tokens, partners)

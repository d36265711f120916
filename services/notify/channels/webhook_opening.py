"""Opens the keys of a partner's webhook, as its entry says: at start, so that a wrong one is told before a referral."""

from schemas.partner import Signing
from services.notify.channels.webhook_keys import Key, Keys, Scheme, key_of
from services.notify.secrets import Secrets
from services.runtime.errors import Refused


def open_keys(signing: Signing, secrets: Secrets) -> Keys:
    """The keys that are to sign.

    Raises:
        Refused: when a secret is missing or of another kind, or nobody said until when the previous one signs.
    """
    current = key_of(secrets.read(signing.secret))
    _expect(current, signing.signature)
    if signing.previous is None:
        return Keys(current)
    until = signing.previous_until
    if until is None or until.tzinfo is None:
        raise Refused("previous needs previous_until, a moment with its offset: write 2026-03-31T12:00:00Z")
    return Keys(current, key_of(secrets.read(signing.previous)), until)


def _expect(key: Key, scheme: Scheme) -> None:
    if key.scheme != scheme:
        raise Refused(f"signature is {scheme}, the secret is of {key.scheme}. v1 takes whsec_…, v1a takes whsk_…")

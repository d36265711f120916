"""CLIENT CERTIFICATE: what a partner can know ours by, and how long it still holds. Time is an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from schemas.partner import Tls
from schemas.words import filled
from services.notify import secret_words as words
from services.notify.pin import pin_of
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

ENDING: Final = timedelta(days=30)
"""How long before its end somebody is told: a new one must be ordered, and the partner must know it."""

Term = Literal["holds", "ending", "ended"]


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """`fingerprint` is the SHA-256 of the certificate, in hexadecimal; `pin` that of its key (RFC 7469).

    `until` is when the first of the chain ends: from then on nobody can verify it.
    """

    subject: str
    issuer: str
    serial: str
    fingerprint: str
    pin: str
    since: datetime
    until: datetime


def client_certificate(tls: Tls, secrets: Secrets) -> ClientCertificate | None:
    """Ours for one partner; None when its entry names none. The private key is not read.

    Raises:
        Refused: when it is missing or no certificate; the text names the field and the place.
    """
    if tls.certificate is None:
        return None
    try:
        chain = x509.load_pem_x509_certificates(secrets.read(tls.certificate).encode())
        own = chain[0].public_bytes(Encoding.DER)
        pin = pin_of(own)
    except ValueError:
        raise Refused(filled(words.NO_CERTIFICATE, tls.certificate)) from None
    return ClientCertificate(
        subject=chain[0].subject.rfc4514_string(),
        issuer=chain[0].issuer.rfc4514_string(),
        serial=f"{chain[0].serial_number:X}",
        fingerprint=sha256(own).digest().hex(":").upper(),  # as openssl and browsers write it
        pin=pin,
        since=max(each.not_valid_before_utc for each in chain),
        until=min(each.not_valid_after_utc for each in chain),
    )


def term(until: datetime, now: datetime) -> Term:
    """Whether it is time to see to the next one."""
    if until <= now:
        return "ended"
    return "ending" if until - now <= ENDING else "holds"

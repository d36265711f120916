"""PIN: the SHA-256 of a certificate's public key (SubjectPublicKeyInfo), checked in the handshake itself."""

import ssl
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class WrongPin(ssl.SSLCertVerificationError):
    """Their certificate is in order, and its key is none of those we agreed on: it may be somebody else's."""


def pin_of(certificate: bytes) -> str:
    """Of a certificate in DER, in the form of RFC 7469, section 2.4. Raises ValueError when it has no key we know."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
    except UnsupportedAlgorithm as error:
        raise ValueError("a key of a kind we do not know") from error
    information = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"sha256/{b64encode(sha256(information).digest()).decode()}"


def pinned(pins: Collection[str]) -> type[ssl.SSLObject]:
    """What a context makes its connections of. Every handshake ends here, before anything can be written.

    asyncio gives up a connection whose handshake raises, with what was still to be sent of it: under TLS 1.3 that is
    our own certificate too.
    """

    class Pinned(ssl.SSLObject):
        """Whoever has none of these keys is not spoken to."""

        def do_handshake(self) -> None:
            """Raises WrongPin once the certificate is known, and before anything of ours is."""
            super().do_handshake()
            if not _known(self.getpeercert(binary_form=True), pins):
                raise WrongPin("wrong-pin")

    return Pinned


def _known(certificate: bytes | None, pins: Collection[str]) -> bool:
    try:
        return certificate is not None and pin_of(certificate) in pins
    except ValueError:
        return False

"""Certificates for a partner on this machine: its own, a changed one, a stranger's; made at random each time."""

import ssl
from base64 import b64encode
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

from services.runtime.clock import Clock, now
from services.sandbox.partners.trick import Certificate

HOLDS: Final = timedelta(days=30)


class Certificates:
    """In *folder*: `authority.pem` to be trusted, and a chain with its key for each certificate it may show."""

    def __init__(self, folder: Path, clock: Clock = now) -> None:
        self.authority: Final = folder / "authority.pem"
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        known, unknown = _Authority("Sandbox", clock), _Authority("Stranger", clock)
        self.authority.write_bytes(known.pem)
        self.pin: Final = known.issue(self._chain(Certificate.OWN))
        known.issue(self._chain(Certificate.CHANGED))
        unknown.issue(self._chain(Certificate.STRANGER))
        self.context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self._chain(Certificate.OWN))
        self._shown = Certificate.OWN

    def show(self, which: Certificate) -> bool:
        """To whoever connects from now on; whether that is another one than before."""
        if which is self._shown:
            return False
        self.context.load_cert_chain(self._chain(which))
        self._shown = which
        return True

    def _chain(self, which: Certificate) -> Path:
        return self._folder / f"{which}.pem"


class _Authority:
    def __init__(self, name: str, clock: Clock) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(f"Seinpaal {name} Authority")
        self._at = clock()
        made = self._builder(self._name, self._key).add_extension(x509.BasicConstraints(ca=True, path_length=0), True)  # noqa: FBT003  critical, as the library has it
        self.pem = made.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def issue(self, path: Path) -> str:
        """A certificate for this machine with its key, in one file; the pin of the key (RFC 7469, section 2.4)."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
        builder = self._builder(_named("localhost"), key)
        made = builder.add_extension(x509.SubjectAlternativeName(names), critical=False).sign(self._key, SHA256())
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.touch(0o600)
        path.write_bytes(made.public_bytes(Encoding.PEM) + private)
        info = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"sha256/{b64encode(sha256(info).digest()).decode()}"

    def _builder(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._at - timedelta(days=1))
            .not_valid_after(self._at + HOLDS)
            .add_extension(identifier, critical=False)
            .add_extension(issuer, critical=False)
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

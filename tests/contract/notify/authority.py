"""Certificates of a test's own, made on the fly: an authority, and whom it vouches for."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notify.pin import pin_of

DAY: Final = timedelta(days=1)
Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    """On P-256."""
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(key: Key | rsa.RSAPrivateKey) -> str:
    """PKCS #8, without a password."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@dataclass(frozen=True)
class Credential:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> str:
        """The certificate alone."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def locked(self) -> str:
        """Its key, behind a password."""
        lock = BestAvailableEncryption(b"synthetisch")
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()

    @cached_property
    def pin(self) -> str:
        """Of its key."""
        return pin_of(self.certificate.public_bytes(Encoding.DER))

    def written(self, folder: Path, name: str) -> tuple[Path, Path]:
        """`NAME.crt` and `NAME.key`."""
        certificate, key = folder / f"{name}.crt", folder / f"{name}.key"
        certificate.write_text(self.pem)
        key.write_text(pem_of(self.key))
        return certificate, key

    def server(self, folder: Path, *, clients: "Authority | None" = None) -> ssl.SSLContext:
        """How a server with it speaks TLS; with `clients` it lets in whom that authority vouches for, alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.written(folder, "server"))
        if clients is not None:
            context.load_verify_locations(cadata=clients.pem)
            context.verify_mode = ssl.CERT_REQUIRED
        return context


class Authority:
    """Vouches for servers and clients."""

    def __init__(self, name: str = "Testgezag") -> None:
        self._key = new_key()
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._signed(self._name, self._key, (datetime.now(UTC) - DAY, DAY * 3), authority=True)

    @property
    def pem(self) -> str:
        """Its certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def issue(
        self,
        *names: str,
        key: Key | None = None,
        since: timedelta = -DAY,
        lasts: timedelta = DAY * 2,
        self_signed: bool = False,
    ) -> Credential:
        """For these host names and addresses; valid from `since` (relative to now), for `lasts`."""
        own = key or new_key()
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Testpartner")])
        period = (datetime.now(UTC) + since, lasts)
        signer = (subject, own) if self_signed else None
        return Credential(self._signed(subject, own, period, names=names, signer=signer), own)

    def _signed(
        self,
        subject: x509.Name,
        key: Key,
        period: tuple[datetime, timedelta],
        *,
        names: tuple[str, ...] = (),
        authority: bool = False,
        signer: tuple[x509.Name, Key] | None = None,
    ) -> x509.Certificate:
        issuer, signing = signer or (self._name, self._key)
        since, lasts = period
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(since + lasts)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([_name(each) for each in names]), critical=False
            )
        return builder.sign(signing, SHA256())


def _name(text: str) -> x509.GeneralName:
    return x509.IPAddress(IPv4Address(text)) if text[0].isdigit() else x509.DNSName(text)

"""HANDSHAKE: who they must be and who we are, as TLS checks it. Anything amiss ends it: there is no weaker way in."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from tempfile import NamedTemporaryFile
from typing import Final

from schemas.partner import Tls
from schemas.words import filled
from services.notify import secret_words as words
from services.notify.pin import pinned
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

NO_TLS: Final = Tls()


def context(tls: Tls, secrets: Secrets) -> ssl.SSLContext:
    """TLS 1.2 or later, their certificate verified for the host we asked, as the partner's entry says.

    Raises:
        Refused: when a secret is missing or not what it should be; the text names the field and the place.
    """
    if tls == NO_TLS:
        return _usual()
    made = _strict()
    _vouched(made, tls, secrets)
    _identified(made, tls, secrets)
    if tls.pins:
        made.sslobject_class = pinned(frozenset(tls.pins))
    return made


@cache
def _usual() -> ssl.SSLContext:
    """For every partner whose entry asks for nothing more: the machine's authorities are read once."""
    made = _strict()
    made.load_default_certs()
    return made


def _strict() -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.options |= ssl.OP_NO_RENEGOTIATION  # who was checked stays who it was
    return made


def _vouched(made: ssl.SSLContext, tls: Tls, secrets: Secrets) -> None:
    """Their authorities, and no others; the machine's when the entry names none."""
    if tls.authorities is None:
        made.load_default_certs()
        return
    try:
        made.load_verify_locations(cadata=secrets.read(tls.authorities))
    except (ssl.SSLError, ValueError):
        raise Refused(filled(words.NO_CERTIFICATES, tls.authorities)) from None


def _identified(made: ssl.SSLContext, tls: Tls, secrets: Secrets) -> None:
    if tls.certificate is None and tls.key is None:
        return
    if tls.certificate is None or tls.key is None:
        missing = "tls.certificate" if tls.certificate is None else "tls.key"
        raise Refused(filled(words.GO_TOGETHER, missing))
    with _as_file(secrets.read(tls.certificate)) as certificate, _as_file(secrets.read(tls.key)) as key:
        try:
            made.load_cert_chain(certificate, key, password="")
        except (ssl.SSLError, ValueError):
            raise Refused(filled(words.OTHER_KEY, tls.key, tls.certificate)) from None


@contextmanager
def _as_file(pem: str) -> Iterator[str]:
    """OpenSSL takes a chain and its key from files alone: for a moment it is one that its owner alone can read."""
    with NamedTemporaryFile("w", encoding="utf-8") as file:
        file.write(pem)
        file.flush()
        yield file.name

"""The certificates Kafka's settings name: read once, and each that cannot be used named with its variable."""

import ssl
from pathlib import Path

from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings


def ssl_context(settings: KafkaSettings) -> ssl.SSLContext:
    """Proves who the broker is, and who we are where we have a certificate.

    Raises `Refused` for a file that is not there or holds something else; never with what is in it.
    """
    context = ssl.create_default_context(cafile=_authority(settings.cafile))
    if settings.certfile is None:
        if settings.keyfile is not None:
            raise Refused("KAFKA_KEYFILE: is given without KAFKA_CERTFILE. Give both, or neither")
        return context
    _readable("KAFKA_CERTFILE", settings.certfile)
    if settings.keyfile is not None:
        _readable("KAFKA_KEYFILE", settings.keyfile)
    try:
        context.load_cert_chain(settings.certfile, settings.keyfile, password=_no_password)
    except (ssl.SSLError, ValueError):  # ValueError: our own answer to a key under a password
        held = "KAFKA_CERTFILE" if settings.keyfile is None else "KAFKA_CERTFILE, KAFKA_KEYFILE"
        raise Refused(
            f"{held}: should be our certificate and the private key that belongs to it, in PEM, without a password"
        ) from None
    return context


def _authority(path: Path | None) -> Path | None:
    """The file, once it was tried: what cannot be used is told by its variable."""
    if path is not None:
        _readable("KAFKA_CAFILE", path)
        try:
            ssl.create_default_context(cafile=path)
        except ssl.SSLError:
            raise Refused(f"KAFKA_CAFILE: {path} holds no certificate in PEM") from None
    return path


def _readable(variable: str, path: Path) -> None:
    try:
        path.open("rb").close()
    except OSError as error:
        raise Refused(
            f"{variable}: {path} cannot be read ({type(error).__name__}). Mount it, or correct the path"
        ) from None


def _no_password() -> bytes:
    """Else OpenSSL asks the terminal for one, and a service waits there for ever."""
    return b""

"""How every Kafka client of ours connects and signs in: one place for FastStream and aiokafka alike."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiokafka.errors import KafkaError
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from services.runtime.errors import Refused, TryLater
from services.runtime.settings import KafkaSettings


def bootstrap(settings: KafkaSettings) -> list[str]:
    """The addresses to ask first, each host:port."""
    return [address.strip() for address in settings.bootstrap.split(",") if address.strip()]


def security(settings: KafkaSettings) -> BaseSecurity:
    """How to sign in, as FastStream wants it.

    Raises `Refused` when SASL is asked for without a user and password.
    """
    context = _ssl_context(settings) if settings.security_protocol.endswith("SSL") else None
    if not settings.security_protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context)
    if settings.username is None or settings.password is None:
        raise Refused(
            f"KAFKA_SECURITY_PROTOCOL is {settings.security_protocol}: give KAFKA_USERNAME and KAFKA_PASSWORD"
        )
    user, password = settings.username, settings.password.get_secret_value()
    match settings.sasl_mechanism:
        case "PLAIN":
            return SASLPlaintext(user, password, ssl_context=context)
        case "SCRAM-SHA-256":
            return SASLScram256(user, password, ssl_context=context)
        case "SCRAM-SHA-512":
            return SASLScram512(user, password, ssl_context=context)


def arguments(settings: KafkaSettings, *, client_id: str) -> dict[str, Any]:
    """The same as keyword arguments of any aiokafka client."""
    return {"bootstrap_servers": bootstrap(settings), "client_id": client_id, **parse_security(security(settings))}


@contextmanager
def reached(settings: KafkaSettings) -> Iterator[None]:
    """What goes wrong between us and the broker, in words that need no Kafka client: `TryLater`."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise TryLater(f"Kafka at {settings.bootstrap} does not do as asked: {type(error).__name__}") from error


def _ssl_context(settings: KafkaSettings) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=settings.cafile)
    if settings.certfile is not None:
        context.load_cert_chain(settings.certfile, settings.keyfile)
    return context

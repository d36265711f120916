"""How every Kafka client of ours connects and signs in: one place for FastStream and aiokafka alike."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    IllegalSaslStateError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
    UnsupportedSaslMechanismError,
)
from faststream.kafka.security import parse_security
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from schemas.words import Words, filled
from services.runtime.errors import Refused, TryLater
from services.runtime.kafka import connection_words as words
from services.runtime.kafka.certificates import ssl_context
from services.runtime.settings import KafkaSettings

_ADDRESS: Final = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")
"""host:port; a port that is left out is Kafka's own."""


def bootstrap(settings: KafkaSettings) -> list[str]:
    """The addresses to ask first, each host:port. Raises `Refused` when they are none."""
    found = [address.strip() for address in settings.bootstrap.split(",") if address.strip()]
    if not found or not all(map(_ADDRESS.fullmatch, found)):
        raise Refused(words.NO_ADDRESS)
    return found


def security(settings: KafkaSettings) -> BaseSecurity:
    """How to sign in, as FastStream wants it.

    Raises `Refused` when SASL is asked for without a user and password, or a file cannot be used.
    """
    context = ssl_context(settings) if settings.security_protocol.endswith("SSL") else None
    if not settings.security_protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context)
    if settings.username is None or settings.password is None:
        raise Refused(filled(words.NO_USER, settings.security_protocol))
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
        raise TryLater(filled(words.AT, settings.bootstrap, _told(settings, error))) from error


def _told(settings: KafkaSettings, error: Exception) -> Words:
    """What it does, and what to look at."""
    name = type(error).__name__
    match error:
        case TopicAuthorizationFailedError() | GroupAuthorizationFailedError() | ClusterAuthorizationFailedError():
            return filled(words.NO_RIGHTS, name)
        case SaslAuthenticationFailed() | UnsupportedSaslMechanismError() | IllegalSaslStateError():
            return filled(words.NO_ENTRY, name)
        case KafkaConnectionError() | KafkaTimeoutError() | OSError():
            return filled(words.SILENT, name, settings.security_protocol)
        case _:
            return filled(words.UNWILLING, name)

"""SECRET CACHE: what is made of secrets. Made anew when one changes; what cannot be made anew stays as it was."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from schemas.words import filled
from services.notify.secret_words import OF_PARTNER
from services.notify.secrets import Secrets, Stamp
from services.runtime.errors import Refused
from services.runtime.log import get_logger

log = get_logger(__name__)

T = TypeVar("T")


class SecretCache(Generic[T]):
    """A secret that is changed at its place counts from the next use on, without a restart.

    A new one that cannot be used (half written, or key and certificate of two moments) is told in the log, once a
    change; meanwhile the last good one counts.
    """

    def __init__(self, partner: str, secrets: Secrets, references: Iterable[str], make: Callable[[], T]) -> None:
        """Raises Refused when a secret cannot be used, with the partner before what *make* says of it."""
        self._partner = partner
        self._secrets = secrets
        self._references = tuple(references)
        self._make = make
        self._stamps = self._stamped()
        try:
            self._value = make()
        except Refused as error:
            raise Refused(filled(OF_PARTNER, partner, error.words)) from None

    def value(self) -> T:
        """As the secrets stand now."""
        stamps = self._stamped()
        if stamps != self._stamps:
            self._stamps = stamps
            self._renew()
        return self._value

    def _renew(self) -> None:
        try:
            self._value = self._make()
        except Refused as error:
            log.error("notify.secret_unusable", partner=self._partner, why=str(error))  # noqa: TRY400  told in our own way

    def _stamped(self) -> list[Stamp]:
        return [self._secrets.stamp(reference) for reference in self._references]

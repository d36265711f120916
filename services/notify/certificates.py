"""CERTIFICATES: how long each client certificate of ours still holds: a metric, and in time a line in the log."""

from collections.abc import Iterable
from typing import Final

from schemas.partner import Partner
from services.notify.client_certificate import ClientCertificate, Term, client_certificate, term
from services.notify.secrets import Secrets
from services.runtime.clock import Clock
from services.runtime.errors import Refused
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import PARTNER_CERTIFICATE_SECONDS
from services.runtime.metrics import Metrics

log = get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two looks: a new one at its place is seen soon."""


class Certificates:
    """Says once of each certificate that it is ending, once that it has ended, and nothing of one that holds."""

    def __init__(self, partners: Iterable[Partner], secrets: Secrets, metrics: Metrics, clock: Clock) -> None:
        self._partners = [each for each in partners if each.tls.certificate is not None]
        self._secrets = secrets
        self._metrics = metrics
        self._clock = clock
        self._told: dict[str, tuple[str, Term]] = {}

    async def step(self) -> float:
        """Tell what is now; returns when to look again, in seconds."""
        for partner in self._partners:
            try:
                found = client_certificate(partner.tls, self._secrets)
            except Refused as error:
                self._unusable(partner.id, str(error))
                continue
            if found is not None:
                self._look(partner.id, found)
        return EVERY

    def _unusable(self, partner: str, why: str) -> None:
        self._metrics.set(PARTNER_CERTIFICATE_SECONDS, 0, partner)  # what it told last is not true any more
        if self._told.get(partner) != (why, "ended"):
            self._told[partner] = (why, "ended")
            log.error("notify.certificate_unreadable", partner=partner, why=why)

    def _look(self, partner: str, found: ClientCertificate) -> None:
        now = self._clock()
        self._metrics.set(PARTNER_CERTIFICATE_SECONDS, (found.until - now).total_seconds(), partner)
        stands = (found.fingerprint, term(found.until, now))
        if self._told.get(partner) != stands:
            self._told[partner] = stands
            match stands[1]:
                case "holds":
                    return
                case "ending":
                    log.warning("notify.certificate_ending", partner=partner, due_at=found.until.isoformat())
                case "ended":
                    log.error("notify.certificate_ended", partner=partner, due_at=found.until.isoformat())

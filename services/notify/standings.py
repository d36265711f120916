"""STANDINGS: how every partner stands, from what was read last: judging a delivery asks nothing of the database.

What is not read yet errs on the side of waiting only: reports and words are added, never taken away.
"""

from collections.abc import Mapping

from schemas.partner import Partner
from services.notify.standing import NONE, Evidence, Live, NotLive, Standing, stands
from services.runtime.clock import Clock


class Standings:
    """Of one instance. Time is asked at each judgement, so that an end takes effect when it comes."""

    def __init__(self, clock: Clock) -> None:
        """Until something was read, nobody has shown anything."""
        self._clock = clock
        self._evidence: Mapping[str, Evidence] = {}

    def take(self, evidence: Mapping[str, Evidence]) -> None:
        """What speaks for each partner, as the ledger has it now."""
        self._evidence = evidence

    def of(self, partner: Partner) -> Standing:
        """At this moment."""
        return stands(partner, self._evidence.get(partner.id, NONE), self._clock())

    def closed(self, partner: Partner) -> str | None:
        """Why it may get nothing but marked test data; None when it may get all."""
        match self.of(partner):
            case NotLive(reason=reason):
                return reason
            case Live():
                return None

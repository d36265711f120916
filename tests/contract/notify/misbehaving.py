"""How partners misbehave on each kind of channel, and what comes of it: the cases of `test_misbehaviours.py`."""

from dataclasses import dataclass

from schemas.delivery import DeliveryState

DELIVERED, PARKED = DeliveryState.DELIVERED, DeliveryState.PARKED


@dataclass(frozen=True, slots=True)
class Case:
    """`tried`: what each attempt came to. `kept`: how often created and repeated at the partner, None for nothing.

    `fails`: an operator is shown in the end that the partner fails, and not only that something is parked.
    """

    mischief: str
    tried: list[str]
    state: DeliveryState
    kept: tuple[int, int] | None
    reason: str | None = None
    fails: bool = False
    ends: bool = False
    """It stops to misbehave after the first attempt."""


OLD = ["timed-out"] * 4
FHIR = [
    Case("slow=0.1", ["accepted"], DELIVERED, (1, 0)),
    Case("drip=0.05", OLD, PARKED, (1, 0), "too-old", fails=True),
    Case("drip=0.05", ["timed-out", "duplicate"], DELIVERED, (1, 0), ends=True),
    Case("hang", OLD, PARKED, None, "too-old", fails=True),
    Case("hang", ["timed-out", "accepted"], DELIVERED, (1, 0), ends=True),
    Case("unavailable=20", ["unavailable", "accepted"], DELIVERED, (1, 0)),
    Case("error-after", ["failed-there", "duplicate"], DELIVERED, (1, 0)),
    Case("lost-after", ["disconnected", "duplicate"], DELIVERED, (1, 0)),
    Case("redirect", ["redirected"], PARKED, None, "redirected", fails=True),
    Case("gzip-bomb", ["unreadable-answer", "duplicate"], DELIVERED, (1, 0), ends=True),
    Case("outcome-instead", ["error-in-answer"], PARKED, None, "error-in-answer"),
    Case("several-matches", ["several-matches"], PARKED, None, "several-matches"),
    Case("duplicates-there", ["several-matches"], PARKED, None, "several-matches"),
    Case("clock-off", ["accepted"], DELIVERED, (1, 0)),
    Case("any-token", ["accepted"], DELIVERED, (1, 0)),
]
WEBHOOK = [
    Case("slow=0.1", ["accepted"], DELIVERED, (1, 0)),
    Case("drip=0.05", ["timed-out", "accepted"], DELIVERED, (1, 1), ends=True),
    Case("hang", OLD, PARKED, None, "too-old", fails=True),
    Case("unavailable=20", ["unavailable", "accepted"], DELIVERED, (1, 0)),
    Case("error-after", ["failed-there", "accepted"], DELIVERED, (1, 1), ends=True),
    Case("lost-after", ["disconnected", "accepted"], DELIVERED, (1, 1), ends=True),
    Case("redirect", ["redirected"], PARKED, None, "redirected", fails=True),
    Case("gzip-bomb", ["accepted"], DELIVERED, (1, 0)),
    Case("several-matches", ["several-matches"], PARKED, None, "several-matches"),
    Case("outcome-instead", ["accepted"], DELIVERED, None),
    Case("clock-off", ["clocks-apart"], PARKED, None, "clocks-apart", fails=True),
]
"""Any 2xx is a yes to a webhook, whatever its body says: `outcome-instead` is found by the check."""

MESSAGE = [
    Case("slow=0.1", ["accepted"], DELIVERED, (1, 0)),
    Case("drip=0.05", ["timed-out", "duplicate"], DELIVERED, (1, 1), ends=True),
    Case("hang", OLD, PARKED, None, "too-old", fails=True),
    Case("unavailable=20", ["unavailable", "accepted"], DELIVERED, (1, 0)),
    Case("error-after", ["failed-there", "duplicate"], DELIVERED, (1, 1), ends=True),
    Case("lost-after", ["disconnected", "duplicate"], DELIVERED, (1, 1), ends=True),
    Case("redirect", ["redirected"], PARKED, None, "redirected", fails=True),
    Case("gzip-bomb", ["unreadable-answer", "duplicate"], DELIVERED, (1, 1), ends=True),
    Case("outcome-instead", ["error-in-answer"], PARKED, None, "error-in-answer"),
    Case("several-matches", ["several-matches"], PARKED, None, "several-matches"),
    Case("clock-off", ["accepted"], DELIVERED, (1, 0)),
]
REMINDED = ["offered"] * 3
"""Nobody comes for it: reminded as long as anything is tried, and then put before a person."""

PULL = [
    Case("slow=0.1", REMINDED, PARKED, (1, 2), "not-fetched"),
    Case("drip=0.05", ["timed-out", *REMINDED], PARKED, (1, 3), "not-fetched", ends=True),
    Case("hang", OLD, PARKED, None, "too-old", fails=True),
    Case("unavailable=20", ["unavailable", *REMINDED], PARKED, (1, 2), "not-fetched"),
    Case("error-after", ["failed-there", *REMINDED], PARKED, (1, 3), "not-fetched", ends=True),
    Case("lost-after", ["disconnected", *REMINDED], PARKED, (1, 3), "not-fetched", ends=True),
    Case("redirect", ["redirected"], PARKED, None, "redirected", fails=True),
    Case("gzip-bomb", REMINDED, PARKED, (1, 2), "not-fetched"),
    Case("outcome-instead", REMINDED, PARKED, None, "not-fetched"),
    Case("several-matches", ["several-matches"], PARKED, None, "several-matches"),
    Case("clock-off", ["clocks-apart"], PARKED, None, "clocks-apart", fails=True),
]
